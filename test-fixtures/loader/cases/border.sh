# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# Work that a task is asked to do on its way to user space, and does elsewhere, or late.
. /files/lib.sh

# Whoever does it
other_sleeps() {
	cat /proc/[0-9]*/task/*/stack 2>/dev/null | grep -q klpl_other
}

# In the middle of a system call: who waits there has not left the kernel, and is asked again.
waits_in_a_call() {
	insmod /files/klpl_other.ko
	status=0
	/files/born worker /proc/klpl_other "$(ms -5000)" 2>/tmp/born &
	waiting=$!
	if within 20 other_sleeps; then
		insmod /files/klpl_lazy.ko
		check "all others have switched" within "$(ms 50)" one_blocker klpl_lazy
		# it is woken when it has not heard for a while, and does what it was asked to where it waits
		sleep 1
		equal "it is waited for" 1 "$(cat $sys/klpl_lazy/transition)"
		cat $sys/klpl_lazy/blockers >/tmp/blockers
		check "alone" has /tmp/blockers "^$waiting born has not been in user space"
		wait $waiting || status=$?
		equal "its work is done" 0 $status
		settle klpl_lazy 1
		disable klpl_lazy
	else
		wait $waiting || status=$?
		equal "this kernel has no io_uring" 2 $status
	fi
	rmmod klpl_other
}

# When another transition runs, whose model asks nobody
comes_late() {
	/files/probe late /proc/klpl_target "linger $(ms -2000) $(ms -6000)" &
	lingering=$!
	sleep 0.3
	insmod /files/klpl_lazy.ko
	check "it holds it up" within "$(ms 15)" one_blocker klpl_lazy
	check "it lets go of its file" within "$(ms 50)" grep -q target_release /proc/$lingering/stack
	echo 0 >$sys/klpl_lazy/enabled
	settle klpl_lazy 0
	remove klpl_lazy
	enable klpl_kernel
	check "it is there still" grep -q target_release /proc/$lingering/stack
	status=0
	wait $lingering || status=$?
	equal "it comes to its end" 0 $status
	disable klpl_kernel
}

run() {
	begin
	waits_in_a_call
	comes_late
	finish
}
