# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# For scripts/bench-loader, with instructions counted: thousands of them for a thousand calls of a function, unpatched and
# patched. A line "row NAME NUMBER" each.
sys=/sys/kernel/klp_loader

row() { # NAME
	cat /proc/klpl_bench >/dev/null
	echo "row $1 $(cat /proc/klpl_bench)"
}

settle() { # DIRECTORY
	while [ "$(cat "$1/transition" 2>/dev/null)" = 1 ]; do sleep 0.1; done
}

remove() { # MODULE
	until rmmod "$1" 2>/dev/null; do sleep 0.1; done
}

ours() { # PATCH NAME
	insmod "/files/$1.ko"
	settle $sys/"$1"
	row "$2"
	echo 0 >$sys/"$1"/enabled
	settle $sys/"$1"
	remove "$1"
}

insmod /files/klpl_target.ko
insmod /files/klpl_bench.ko
row unpatched
insmod /files/klpl_live.ko
settle /sys/kernel/livepatch/klpl_live
row livepatch
echo 0 >/sys/kernel/livepatch/klpl_live/enabled
settle /sys/kernel/livepatch/klpl_live
remove klpl_live
insmod /files/klp_loader.ko
ours klpl_task direct
echo 0 >/sys/module/klp_loader/parameters/direct
ours klpl_task handler
echo 1 >/sys/module/klp_loader/parameters/direct
for model in task refcount; do
	echo "1 60000" >/proc/klpl_target &
	sleep 0.5
	insmod /files/klpl_$model.ko
	row $model-in-transition
	kill $!
	settle $sys/klpl_$model
	row $model-after
	echo 0 >$sys/klpl_$model/enabled
	settle $sys/klpl_$model
	remove klpl_$model
done
row unpatched-again
