# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# What a patch has made of data is known to those who come after it, or they are refused.
. /files/lib.sh

before() { cat "/sys/module/$1/parameters/before${2:-}"; }

run() {
	begin
	enable klpl_task state=7 version=2
	equal "it has a minute, and replaces nothing" "60000 0" "$(cat $sys/klpl_task/deadline_ms $sys/klpl_task/replace | xargs)"
	equal "nothing was before it" 0 "$(before klpl_task)"
	check "the kernel is tainted with a live patch" [ $(($(cat /proc/sys/kernel/tainted) >> 15 & 1)) = 1 ]
	check "which is the patch's" grep -q K /sys/module/klpl_task/taint
	check "not the loader's" ! grep -q K /sys/module/klp_loader/taint
	check "one with an older version is refused" ! insmod /files/klpl_second.ko state=7 version=1
	check "and told" logged 'klpl_second: klpl_task has state 7 in version 2, and this knows it up to 1'
	enable klpl_second state=7 version=3
	equal "what was before is found" 2 "$(before klpl_second)"
	disable klpl_second
	enable klpl_second state=8 version=1
	equal "of its own kind only" 0 "$(before klpl_second)"
	disable klpl_second
	check "one that replaces it and does not know it is refused" ! insmod /files/klpl_arrival.ko replace=1
	check "and told so" logged 'klpl_arrival: it would replace klpl_task, whose state 7 it does not know'
	enable klpl_kernel replace=1 state=7 version=2
	equal "one that does says so" 1 "$(cat $sys/klpl_kernel/replace)"
	equal "what it takes over is known at the beginning" 2 "$(before klpl_kernel)"
	equal "and at the end" 2 "$(before klpl_kernel _at_end)"
	settle klpl_task 0
	remove klpl_task
	disable klpl_kernel
	enable klpl_task state=7 version=1
	equal "what is gone is not known" 0 "$(before klpl_task)"
	disable klpl_task
	finish
}
