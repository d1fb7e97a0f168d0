# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# A task that would sleep in old code for long is named, and woken.
. /files/lib.sh

run() {
	begin
	(echo "1 30000" >/proc/klpl_target) &
	sleep 0.2
	insmod /files/klpl_task.ko
	cat $sys/klpl_task/blockers >/tmp/blockers
	check "it is named" has /tmp/blockers '^[0-9]+ sh klpl_both$'
	check "and counted" has /tmp/blockers '^1$'
	check "also where all are" has /sys/kernel/debug/klp_loader/blockers '^[0-9]+ sh klpl_both$'
	equal "not all have switched" N "$(cat /sys/module/klpl_task/parameters/switched)"
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
