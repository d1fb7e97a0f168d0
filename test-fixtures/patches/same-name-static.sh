# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
cpu=/sys/devices/system/cpu/cpu0/hotplug/state
# The others of the name that can be read.
others() {
	for file in /sys/power/state /sys/devices/system/memory/memory*/state \
		/sys/devices/system/cpu/cpu0/cpuidle/state0/name; do
		[ -e "$file" ] && echo "$file $(cat "$file")"
	done
}
run() {
	check "there are several" test "$(grep -c ' state_show$' /proc/kallsyms)" -gt 1
	check "plain" has $cpu '^[0-9]+$'
	others >/tmp/others
	check "another can be read" test -s /tmp/others
	load_patch "$case_name" || return
	check "the right one" has $cpu '^[0-9]+ klpkit$'
	equal "the others as before" "$(cat /tmp/others)" "$(others)"
	unload_patch "$case_name"
	check "plain again" has $cpu '^[0-9]+$'
}
