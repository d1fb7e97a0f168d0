# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# One who sleeps in old code for longer than the deadline: rolled back, and named. Reversed by hand before that.
. /files/lib.sh

run() {
	begin
	echo "1 60000" >/proc/klpl_target &
	sleeper=$!
	sleep 0.2
	insmod /files/klpl_kernel.ko deadline_ms=400
	equal "under way" 1 "$(cat $sys/klpl_kernel/transition)"
	check "it can be removed then" ! rmmod klpl_kernel
	settle klpl_kernel 0 20
	check "what blocked it" logged 'klpl_kernel: not enabled within 400 ms'
	remove klpl_kernel
	equal "still old" old "$(version)"
	insmod /files/klpl_kernel.ko
	sleep 0.2
	equal "under way again" 1 "$(cat $sys/klpl_kernel/transition)"
	echo 0 >$sys/klpl_kernel/enabled
	settle klpl_kernel 0 20
	remove klpl_kernel
	kill $sleeper
	wait
	enable klpl_kernel
	disable klpl_kernel
	finish
}
