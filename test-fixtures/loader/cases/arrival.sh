# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# A part for a module that is not there waits, is there before the module's init, and goes with it.
. /files/lib.sh

run() {
	begin alone
	enable klpl_arrival
	equal "the kernel's part" "patched by the loader" "$(cat /proc/cmdline)"
	for round in 1 2 3; do
		insmod /files/klpl_target.ko at_parameter=1
		equal "before its parameters $round" 7 "$(cat /sys/module/klpl_target/parameters/at_parameter)"
		equal "before init $round" 7 "$(cat /sys/module/klpl_target/parameters/at_init)"
		rmmod klpl_target
	done
	insmod /files/klpl_target.ko
	disable klpl_arrival
	equal "gone while the module stays" old "$(version)"
	check "the kernel's part too" ! grep -q patched /proc/cmdline
	rmmod klpl_target
	finish alone
}
