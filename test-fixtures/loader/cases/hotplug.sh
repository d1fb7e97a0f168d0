# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# CPUs that go and come in the middle of a transition.
. /files/lib.sh

cpu=/sys/devices/system/cpu/cpu1/online

run() {
	begin
	for model in task lazy quiesce kernel refcount; do
		[ $model = quiesce ] && while_held=-6000 || while_held=-3000
		echo "1 $(ms $while_held)" >/proc/klpl_target &
		sleep 0.3
		insmod /files/klpl_$model.ko || fail "$model: load"
		for round in 1 2; do
			echo 0 >$cpu
			sleep 0.2
			echo 1 >$cpu
		done
		equal "$model: still held up" 1 "$(cat $sys/klpl_$model/transition)"
		echo 0 >$cpu
		settle klpl_$model 1
		equal "$model: enabled with one CPU" new "$(version)"
		wait
		echo "1 $(ms -1500)" >/proc/klpl_target &
		sleep 0.3
		echo 0 >$sys/klpl_$model/enabled
		echo 1 >$cpu
		settle klpl_$model 0
		remove klpl_$model
		wait
		equal "$model: disabled" old "$(version)"
	done
	finish
}
