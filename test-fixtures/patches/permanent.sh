# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# last: what stays in must not be in the way of others
# The report says why it is permanent.
keep=klp_permanent
run() {
	check "plain" ! has /proc/version ticks
	load_patch permanent || return
	check "nothing ran yet" has /proc/version '^ticks 0 works 0$'
	sleep 1
	check "timer and work ran once" has /proc/version '^ticks 1 works 1$'
	check "it cannot be removed" ! rmmod klp_permanent
	echo 0 >/sys/kernel/livepatch/klp_permanent/enabled 2>/dev/null
	wait_transition permanent 0
	check "nor after disabling" ! rmmod klp_permanent
	check "it is still in memory" test -e /sys/module/klp_permanent
	sleep 1
}
