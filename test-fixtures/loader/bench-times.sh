# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# For scripts/bench-loader: how long transitions take. A line "row NAME NUMBER" each, as often as it was tried.
sys=/sys/kernel/klp_loader
live=/sys/kernel/livepatch

remove() { # DIRECTORY/MODULE
	echo 0 >"$1/enabled"
	while [ "$(cat "$1/transition" 2>/dev/null)" = 1 ]; do sleep 0.1; done
	until rmmod "${1##*/}" 2>/dev/null; do sleep 0.1; done
}

sleepers() { # COUNT
	i=0
	while [ $i -lt "$1" ]; do
		sleep 100000 &
		i=$((i + 1))
	done
}

insmod /files/klpl_target.ko
insmod /files/klp_loader.ko
for tasks in 10 100 1000; do
	sleepers $tasks
	for _ in 1 2 3 4 5; do
		insmod /files/klpl_kernel.ko
		while [ "$(cat $sys/klpl_kernel/transition)" = 1 ]; do sleep 0.1; done
		dmesg | sed -n 's/.*klpl_kernel: all was stopped for \([0-9]*\) us, to read \([0-9]*\) stacks/\1 \2/p' | tail -n 1 |
			while read -r us stacks; do
				echo "row kernel-stopped-us-$tasks $us"
				echo "row kernel-stacks-$tasks $stacks"
			done
		remove $sys/klpl_kernel
	done
	killall sleep
	wait
done
sleepers 200
sleep 2
for functions in 1 5; do
	for _ in $(seq 20); do
		us=$(/files/probe enable /files/klpl_task.ko $sys/klpl_task/transition few=$functions) || exit 1
		echo "row task-us-$functions $us"
		remove $sys/klpl_task
		us=$(/files/probe enable /files/klpl_live.ko $live/klpl_live/transition few=$functions) || exit 1
		echo "row livepatch-us-$functions $us"
		remove $live/klpl_live
	done
done
for _ in $(seq 20); do
	echo "row task-asleep-us $(/files/probe enable-asleep /files/klpl_task.ko $sys/klpl_task/transition 300)"
	remove $sys/klpl_task
	echo "row livepatch-asleep-us $(/files/probe enable-asleep /files/klpl_live.ko $live/klpl_live/transition 300)"
	remove $live/klpl_live
done
# whoever is left keeps what is written to
killall sleep
