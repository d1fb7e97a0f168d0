# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# What a patch does while everything is stopped: all of it with the code, or none.
. /files/lib.sh

parameters=/sys/module/klpl_hooks/parameters

applied() { cat $parameters/kernel $parameters/target | tr '\n' ' '; }
disable_it() { echo 0 >$sys/klpl_hooks/enabled; }

for_model() {
	forget_log
	check "$1: an error keeps it out" ! insmod_and_settle "$1" target_fail_apply=1
	check "$1: it is said why" logged "klpl_hooks: not enabled: what it does while everything is stopped failed \(-16\)"
	check "$1: what another part did is undone" logged 'klpl_hooks undone: 0 0'
	[ ! -e /sys/module/klpl_hooks ] || remove klpl_hooks
	equal "$1: the old code" old "$(version)"

	enable klpl_hooks "model=$1"
	equal "$1: both are done" "Y Y " "$(applied)"
	equal "$1: the new code with its data" "patched, with 1" "$(cat /proc/cmdline)"

	echo 1 >$parameters/kernel_fail_unapply
	disable_it 2>/dev/null
	settle klpl_hooks 1
	equal "$1: an error keeps it enabled, with all of its data" "Y Y " "$(applied)"
	equal "$1: and its code" "patched, with 1" "$(cat /proc/cmdline)"
	echo 0 >$parameters/kernel_fail_unapply

	forget_log
	rmmod klpl_target
	check "$1: it is undone before others forget the module" logged 'forget klpl_target, its part is applied: 0'
	equal "$1: with a module that leaves, its part is undone" "Y N " "$(applied)"
	insmod /files/klpl_target.ko
	equal "$1: and done when it arrives" "Y Y " "$(applied)"
	equal "$1: before its init" 8 "$(cat /sys/module/klpl_target/parameters/at_init)"
	rmmod klpl_target
	echo 1 >$parameters/target_fail_apply
	forget_log
	check "$1: an error keeps the module out" ! insmod /files/klpl_target.ko
	check "$1: with a reason" logged 'klpl_target is refused: klpl_hooks cannot patch it \(-16\)'
	echo 0 >$parameters/target_fail_apply
	insmod /files/klpl_target.ko
	disable klpl_hooks
	check "$1: undone in the end" logged 'klpl_hooks undone: 0 0'
	equal "$1: the old code again" old "$(version)"
}

# False when it is not there, or was and is not enabled in the end
insmod_and_settle() {
	insmod /files/klpl_hooks.ko "model=$1" "$2" || return
	while [ "$(cat $sys/klpl_hooks/transition)" = 1 ]; do sleep 0.1; done
	[ "$(cat $sys/klpl_hooks/enabled)" = 1 ]
}

# MODEL: an NMI comes while everything is stopped
in_between() {
	enable klpl_hooks "model=$1" nmi=1
	equal "$1: an NMI in the stop gets the old code" 1 "$(cat $parameters/nmi_saw)"
	equal "$1: and after it the new" "patched, with 1" "$(cat /proc/cmdline)"
	echo 0 >$sys/klpl_hooks/enabled
	settle klpl_hooks 0
	equal "$1: an NMI on the way back gets the new code" 99 "$(cat $parameters/nmi_saw)"
	remove klpl_hooks
}

# An error before anything is redirected
early() {
	for part in kernel target; do
		forget_log
		check "an error of $part before it begins keeps the patch out" ! insmod /files/klpl_hooks.ko ${part}_fail_pre=1
		check "$part: nothing is left" [ ! -e $sys/klpl_hooks ]
		equal "$part: the old code" old "$(version)"
	done
	check "what the first had done was undone when the second failed" logged 'klpl_hooks undone: 0 0, left 0'
	rmmod klpl_target
	enable klpl_hooks
	echo 1 >$parameters/target_fail_pre
	check "such an error keeps a module out" ! insmod /files/klpl_target.ko
	check "and not what is patched already" grep -q patched /proc/cmdline
	echo 0 >$parameters/target_fail_pre
	insmod /files/klpl_target.ko
	echo 0 >$sys/klpl_hooks/enabled
	settle klpl_hooks 0
	echo 1 >$parameters/target_fail_pre
	check "nor is it enabled again with one" ! sh -c "echo 1 >$sys/klpl_hooks/enabled"
	settle klpl_hooks 0
	remove klpl_hooks
}

# What one had done that was replaced is not known to hold any more
replaced() {
	enable klpl_hooks
	enable klpl_arrival replace=1
	settle klpl_hooks 0
	echo 0 >$parameters/kernel
	echo 0 >$parameters/target
	echo 1 >$sys/klpl_hooks/enabled
	settle klpl_hooks 1
	equal "enabled again after it was replaced, it is done again" "Y Y " "$(applied)"
	equal "with its code" "patched, with 1" "$(cat /proc/cmdline)"
	disable klpl_hooks
	disable klpl_arrival
}

# A module whose part fails is refused, or comes without
without_its_part() {
	policy=/sys/module/klp_loader/parameters/refuse_modules
	rmmod klpl_target
	echo 0 >$policy
	enable klpl_hooks target_fail_pre=1
	forget_log
	insmod /files/klpl_target.ko || fail "the module does not come without its part"
	check "it is said" logged 'klpl_target comes without its part of klpl_hooks, which failed \(-16\)'
	equal "it is unpatched" old "$(version)"
	equal "which its state tells" "left out" "$(cat $sys/klpl_hooks/klpl_target/klpl_first,1/state)"
	equal "the kernel's part is in" "patched, with 1" "$(cat /proc/cmdline)"
	rmmod klpl_target
	equal "it has gone" absent "$(cat $sys/klpl_hooks/klpl_target/klpl_first,1/state)"
	echo 0 >$parameters/target_fail_pre
	insmod /files/klpl_target.ko
	equal "the next time it is patched" 8 "$(cat /sys/module/klpl_target/parameters/at_init)"
	rmmod klpl_target
	disable klpl_hooks
	enable klpl_hooks target_fail_pre=1 together=2
	check "not where all have to switch together" ! insmod /files/klpl_target.ko
	disable klpl_hooks
	echo 1 >$policy
	insmod /files/klpl_target.ko
}

run() {
	begin
	without_its_part
	early
	replaced
	in_between kernel
	in_between quiesce
	for_model kernel
	for_model quiesce
	forget_log
	check "not for a model that stops nothing" ! insmod /files/klpl_hooks.ko model=task
	check "which is said" logged 'klpl_hooks: it does something while everything is stopped, and with the model task nothing is'
	finish
}
