# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# Two patches at once: one after the other, or one is told of the other.
. /files/lib.sh

run() {
	begin
	echo "1 $(ms -3000)" >/proc/klpl_target &
	sleep 0.3
	insmod /files/klpl_task.ko
	check "the second is refused while the first moves" ! insmod /files/klpl_second.ko
	check "and told" logged 'klpl_second: klpl_task is in transition'
	check "so is one that has nothing in common with it" ! insmod /files/klpl_bad.ko kind=none
	settle klpl_task 1
	wait
	enable klpl_second
	echo "1 $(ms -3000)" >/proc/klpl_target &
	sleep 0.3
	echo 0 >$sys/klpl_second/enabled
	check "the lower one cannot move meanwhile" ! sh -c "echo 0 >$sys/klpl_task/enabled"
	settle klpl_second 0
	remove klpl_second
	disable klpl_task
	wait
	callers seldom
	for round in 1 2 3 4 5 6; do
		insmod /files/klpl_task.ko 2>/dev/null &
		insmod /files/klpl_arrival.ko 2>/dev/null &
		wait $! || :
		for one in klpl_arrival klpl_task; do
			tries=100
			while [ -e $sys/$one ] && [ "$(cat $sys/$one/transition)" = 1 ] && [ $tries -gt 0 ]; do
				tries=$((tries - 1))
				sleep 0.1
			done
		done
		check "at least one of them is there, $round" [ -e $sys/klpl_arrival -o -e $sys/klpl_task ]
		# both ways at once, too
		for one in klpl_arrival klpl_task; do
			[ -e $sys/$one ] && echo 0 >$sys/$one/enabled &
		done 2>/dev/null
		for one in klpl_arrival klpl_task; do
			[ -e $sys/$one ] || continue
			tries=100
			until rmmod $one 2>/dev/null || [ $tries = 0 ]; do
				tries=$((tries - 1))
				echo 0 >$sys/$one/enabled
				sleep 0.1
			done 2>/dev/null
			check "$one goes, $round" [ ! -e $sys/$one ]
		done
	done
	no_callers
	finish
}
