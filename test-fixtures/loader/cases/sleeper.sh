# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# A task that would sleep in old code for long is named, and woken.
. /files/lib.sh

# COMMAND, SYMBOL: somebody who is in a piece of the function, and not in the function itself
in_a_piece() {
	check "there is $2" grep -q " $2	" /proc/kallsyms
	hold /proc/klpl_target "$1"
	insmod /files/klpl_task.ko
	check "$2: who is in it is named" within "$(ms 20)" has $sys/klpl_task/blockers "^$holder sh klpl_both\$"
	sleep 0.3
	equal "$2: and waited for" 1 "$(cat $sys/klpl_task/transition)"
	let_go
	settle klpl_task 1
	disable klpl_task
}

# One whose name has a line's end in it
named_badly() {
	(printf 'x\n4242 y' >/proc/self/comm && echo "1 -1" >/proc/klpl_target) &
	sleeper=$!
	insmod /files/klpl_task.ko
	within "$(ms 50)" one_blocker klpl_task
	cat $sys/klpl_task/blockers /sys/kernel/debug/klp_loader/blockers >/tmp/seen
	equal "it is a line of its own, in both" 2 "$(grep -cF "$sleeper x\n4242 y klpl_both" /tmp/seen)"
	check "and makes no other" ! has /tmp/seen '^4242'
	kill -9 $sleeper
	wait
	settle klpl_task 1
	disable klpl_task
}

run() {
	begin
	in_a_piece "1 -2" klpl_both.cold
	in_a_piece part klpl_both.part.0
	named_badly
	(echo "1 30000" >/proc/klpl_target) &
	sleep 0.2
	insmod /files/klpl_task.ko
	# at once: it is woken soon
	cat $sys/klpl_task/blockers /sys/kernel/debug/klp_loader/blockers /sys/module/klpl_task/parameters/switched >/tmp/seen
	check "it is counted" has /tmp/seen '^1$'
	equal "it is named, also where all are" 2 "$(grep -cE '^[0-9]+ sh klpl_both$' /tmp/seen)"
	equal "not all have switched" N "$(tail -n 1 /tmp/seen)"
	settle klpl_task 1 50
	equal "all have switched" Y "$(cat /sys/module/klpl_task/parameters/switched)"
	wait
	(echo "1 30000" >/proc/klpl_target) &
	sleep 0.2
	echo 0 >$sys/klpl_task/enabled
	equal "on the way back that is over" N "$(cat /sys/module/klpl_task/parameters/switched)"
	settle klpl_task 0 50
	wait
	echo 1 >$sys/klpl_task/enabled
	settle klpl_task 1
	disable klpl_task
	finish
}
