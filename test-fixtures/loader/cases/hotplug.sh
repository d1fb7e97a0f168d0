# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# CPUs that go and come in the middle of a transition.
. /files/lib.sh

cpu=/sys/devices/system/cpu/cpu1/online

run() {
	begin
	for model in task lazy quiesce kernel refcount; do
		hold /proc/klpl_target "1 -1"
		insmod /files/klpl_$model.ko || fail "$model: load"
		for round in 1 2; do
			echo 0 >$cpu
			sleep 0.2
			echo 1 >$cpu
		done
		equal "$model: still held up" 1 "$(cat $sys/klpl_$model/transition)"
		echo 0 >$cpu
		let_go
		settle klpl_$model 1
		equal "$model: enabled with one CPU" new "$(version)"
		hold /proc/klpl_target "1 -1"
		echo 0 >$sys/klpl_$model/enabled
		echo 1 >$cpu
		equal "$model: held up on the way back" 1 "$(cat $sys/klpl_$model/transition)"
		let_go
		settle klpl_$model 0
		remove klpl_$model
		equal "$model: disabled" old "$(version)"
	done
	finish
}
