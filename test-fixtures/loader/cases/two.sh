# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# Two patches at once: one after the other, or one is told of the other.
. /files/lib.sh

both_go() {
	for one in klpl_arrival klpl_task; do
		[ ! -e $sys/$one ] || rmmod $one || echo 0 >$sys/$one/enabled
	done 2>/dev/null
	[ ! -e $sys/klpl_arrival -a ! -e $sys/klpl_task ]
}

run() {
	begin
	hold /proc/klpl_target "1 -1"
	insmod /files/klpl_task.ko
	check "the second is refused while the first moves" ! insmod /files/klpl_second.ko
	check "and told" logged 'klpl_second: klpl_task is in transition'
	check "so is one that has nothing in common with it" ! insmod /files/klpl_bad.ko kind=none
	let_go
	settle klpl_task 1
	enable klpl_second
	hold /proc/klpl_target "1 -1"
	echo 0 >$sys/klpl_second/enabled
	check "the lower one cannot move meanwhile" ! sh -c "echo 0 >$sys/klpl_task/enabled"
	let_go
	settle klpl_second 0
	remove klpl_second
	disable klpl_task
	callers seldom
	for round in 1 2 3 4 5 6; do
		insmod /files/klpl_task.ko 2>/dev/null &
		insmod /files/klpl_arrival.ko 2>/dev/null &
		wait $! || :
		within 100 has_settled $sys/klpl_arrival
		within 100 has_settled $sys/klpl_task
		check "at least one of them is there, $round" [ -e $sys/klpl_arrival -o -e $sys/klpl_task ]
		# both ways at once, too
		for one in klpl_arrival klpl_task; do
			[ -e $sys/$one ] && echo 0 >$sys/$one/enabled &
		done 2>/dev/null
		# either may be the one on top, and that one goes first
		check "both go, $round" within 100 both_go
	done
	no_callers
	finish
}
