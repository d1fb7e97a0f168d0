# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# Tasks of every kind do not hold a transition up: zombies, stopped ones, those in long sleeps, threads of the
# kernel, idle CPUs; and a CPU that goes and comes.
. /files/lib.sh

run() {
	begin
	# its child is not waited for
	(sleep 0.1 & exec sleep 1000) &
	zombie=$!
	sleep 1000 &
	stopped=$!
	kill -STOP $stopped
	sleep 1000 &
	later=$!
	sleep 1000 &
	sleeper=$!
	touch /tmp/busy
	/files/probe traced /tmp/busy signal >/tmp/traced &
	/files/probe traced /tmp/busy syscall >/tmp/traced-call &
	(while [ -e /tmp/busy ]; do :; done) &
	# this one makes no system call ever
	while :; do :; done &
	spinner=$!
	sleep 0.3
	# the first one perhaps before it has been in user space
	kill -STOP $later
	check "there is a zombie" grep -q '^State:.Z' /proc/[0-9]*/status
	traced=$(cat /tmp/traced)
	for one in $traced $(cat /tmp/traced-call); do
		check "and one in the hands of a debugger" grep -q '^State:.t' /proc/$one/status
		capture cat /proc/$one/stack
	done
	check "and a stopped one" grep -q '^State:.T' /proc/$stopped/status
	touch /tmp/child
	/files/probe vfork /tmp/child &
	check "and one that waits for a child by vfork" within 20 grep -q '^State:.D' /proc/$!/status
	check "there are many tasks" [ "$(ls -d /proc/[0-9]* | wc -l)" -gt 50 ]
	for model in task kernel refcount lazy quiesce; do
		# it does not get to the border before
		[ $model != lazy ] || rm /tmp/child
		enable klpl_$model
		equal "$model: enabled" new "$(version)"
		# who sleeps was looked at before
		[ $model != kernel ] || check "of all stacks hardly any was read in the stop" \
			logged 'klpl_kernel: all was stopped for [0-9]+ us, to read 1?[0-9] stacks'
		disable klpl_$model
		equal "$model: disabled" old "$(version)"
	done
	echo 0 >/sys/devices/system/cpu/cpu1/online
	enable klpl_task
	echo 1 >/sys/devices/system/cpu/cpu1/online
	disable klpl_task
	check "the debugger still has the other" grep -q '^State:.t' /proc/$traced/status
	check "the stopped one is still stopped" grep -q '^State:.T' /proc/$stopped/status
	kill -CONT $stopped $later
	check "the sleeper still sleeps" grep -q '^State:.S' /proc/$sleeper/status
	rm /tmp/busy
	check "the one that runs runs" grep -q '^State:.R' /proc/$spinner/status
	kill $zombie $stopped $later $sleeper $spinner
	wait
	check "the debugger's went on" [ ! -e /proc/$traced ]
	finish
}
