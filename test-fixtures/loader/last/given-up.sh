# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# ftrace gives up while a patch is enabled: disabled, its functions are themselves, although ftrace calls as before. What
# stays is in memory for good: the last case of a guest.
. /files/lib.sh

run() {
	begin
	enable klpl_task few=3
	enable klpl_second few=1
	equal "both are enabled" new "$(version)"
	insmod /files/klpl_ftrace_ends.ko || fail "ftrace does not end"
	echo 0 >$sys/klpl_second/enabled
	settle klpl_second 0
	check "one that has another below it can go" rmmod klpl_second
	echo 0 >$sys/klpl_task/enabled
	settle klpl_task 0
	check "what could not be given back is said" logged 'klpl_first\(\) stays redirected \(-19\)'
	equal "all are old again" old "$(version)"
	check "its module stays" ! rmmod klpl_task
	check "nor does the loader go" ! rmmod klp_loader
	check "it cannot be enabled again" ! sh -c "echo 1 >$sys/klpl_task/enabled" 2>/dev/null
	check "nor can another" ! insmod /files/klpl_second.ko
	check "as is said" logged 'klpl_both\(\) cannot be redirected: ftrace has given up'
	check "that one is not there" [ ! -e /sys/module/klpl_second ]
	equal "all are old" old "$(version)"
}
