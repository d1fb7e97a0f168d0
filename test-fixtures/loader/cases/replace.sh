# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# One takes the place of all before it: what it does not patch is the function itself again.
. /files/lib.sh

run() {
	begin
	enable klpl_task
	enable klpl_second
	equal "patched" new "$(version)"
	equal "all use it" Y "$(cat /sys/module/klpl_task/parameters/switched)"
	callers
	enable klpl_arrival replace=1
	no_callers
	settle klpl_task 0
	settle klpl_second 0
	equal "it does not take itself for what all use" N "$(cat /sys/module/klpl_task/parameters/switched)"
	check "that is told" logged 'klpl_task: replaced by klpl_arrival'
	equal "what it patches" "patched by the loader" "$(cat /proc/cmdline)"
	# its klpl_first() says 7, and klpl_second() is the old one again
	equal "what it does not patch" mixed "$(version)"
	remove klpl_second
	remove klpl_task
	# and back again, in one step, while it is in use
	enable klpl_kernel replace=1
	remove klpl_arrival
	equal "all of it is new" new "$(version)"
	check "the rest is old" ! grep -q patched /proc/cmdline
	disable klpl_kernel
	equal "and old" old "$(version)"
	# it is disabled, and that is reversed: what came after it is not for it to replace
	enable klpl_kernel replace=1 few=1
	enable klpl_arrival
	hold /proc/klpl_target "1 -1"
	echo 0 >$sys/klpl_kernel/enabled
	equal "held up" 1 "$(cat $sys/klpl_kernel/transition)"
	echo 1 >$sys/klpl_kernel/enabled
	settle klpl_kernel 1
	let_go
	equal "what came after it is enabled" 1 "$(cat $sys/klpl_arrival/enabled)"
	equal "and in use" "patched by the loader" "$(cat /proc/cmdline)"
	disable klpl_arrival
	disable klpl_kernel
	finish
}
