# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# A function that is declared immediate does not wait for anybody, and nobody waits for it.
. /files/lib.sh

told() {
	forget_log
	echo tell >/proc/klpl_target
	check "$1" logged "klpl_target: $2"
}

run() {
	begin
	hold /proc/klpl_target "1 -1"
	enable klpl_task immediate=klpl_both
	check "one is asleep in the old one all the same" grep -q klpl_both /proc/$holder/stack
	let_go
	disable klpl_task
	# another one holds it up
	hold /proc/klpl_target "recurse 1 -1"
	insmod /files/klpl_kernel.ko immediate=klpl_first
	equal "it has begun" 1 "$(cat $sys/klpl_kernel/transition)"
	told "new while the others are old" '2 and 1'
	let_go
	settle klpl_kernel 1
	told "all are new" '2 and 2'
	hold /proc/klpl_target "recurse 1 -1"
	echo 0 >$sys/klpl_kernel/enabled
	equal "on the way back" 1 "$(cat $sys/klpl_kernel/transition)"
	told "all stay new to the end" '2 and 2'
	let_go
	settle klpl_kernel 0
	told "all are old" '1 and 1'
	remove klpl_kernel
	finish
}
