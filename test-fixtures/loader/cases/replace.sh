# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# One takes the place of all before it: what it does not patch is the function itself again.
. /files/lib.sh

told() {
	forget_log
	echo tell >/proc/klpl_target
	check "$1" logged "klpl_target: $2"
}

# A beginning that is held up by somebody in what is replaced
held() {
	hold /proc/klpl_other -1
	insmod /files/klpl_bad.ko kind=none replace=1 "$@" || fail "load"
	equal "held up" 1 "$(cat $sys/klpl_bad/transition)"
}

# Nothing has become of it
as_before() {
	settle klpl_bad 0
	let_go
	equal "$1: what was to be replaced is enabled" 1 "$(cat $sys/klpl_arrival/enabled)"
	told "$1: and in use" '7 and 1'
	equal "$1: all of it" "patched by the loader" "$(cat /proc/cmdline)"
	remove klpl_bad
}

# In the middle of a beginning: it is turned back, is late, and modules come and go that it does not patch itself
middle() {
	insmod /files/klpl_other.ko
	enable klpl_arrival
	held
	echo 0 >$sys/klpl_bad/enabled
	as_before "reversed"
	held deadline_ms=300
	check "the end of its time is said" within "$(ms 50)" logged 'klpl_bad: not enabled within 300 ms, and reversed'
	as_before "late"
	held
	rmmod klpl_target
	check "one that only the replaced one patches is to come later" ! insmod /files/klpl_target.ko
	check "as is said" logged 'klpl_target is refused: klpl_bad replaces what patches it, try again'
	equal "still held up" 1 "$(cat $sys/klpl_bad/transition)"
	let_go
	settle klpl_bad 1
	settle klpl_arrival 0
	insmod /files/klpl_target.ko
	told "it comes as it is" '1 and 1'
	disable klpl_bad
	remove klpl_arrival
	rmmod klpl_other
}

run() {
	begin
	middle
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
