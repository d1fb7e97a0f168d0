# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# A task that would sleep in old code for long is named, and woken.
. /files/lib.sh

run() {
	begin
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
