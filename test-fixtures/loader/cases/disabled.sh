# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# A disabled patch keeps no module away; it is asked when it is to be enabled.
. /files/lib.sh

part=$sys/klpl_arrival/klpl_target/klpl_first,1/state
fails=/sys/module/klpl_arrival/parameters/fail_arrive

run() {
	begin
	enable klpl_arrival
	rmmod klpl_target
	echo 1 >$fails
	check "an enabled one does" ! insmod /files/klpl_target.ko
	echo 0 >$sys/klpl_arrival/enabled
	settle klpl_arrival 0
	check "the module comes" insmod /files/klpl_target.ko
	equal "without its part" "left out" "$(cat $part)"
	check "which the patch cannot be without" ! sh -c "echo 1 >$sys/klpl_arrival/enabled"
	check "as is said" logged 'klpl_arrival: its part for klpl_target failed \(-22\)'
	equal "it stays disabled" "0 0" "$(cat $sys/klpl_arrival/enabled $sys/klpl_arrival/transition | xargs)"
	equal "all is old" old "$(version)"
	echo 0 >$fails
	echo 1 >$sys/klpl_arrival/enabled
	settle klpl_arrival 1
	check "now it has it" grep -Eq 'direct|handler' $part
	equal "and its effect" mixed "$(version)"
	disable klpl_arrival
	finish
}
