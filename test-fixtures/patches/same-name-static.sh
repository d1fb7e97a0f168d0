# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
memory=/sys/devices/system/memory/memory0/state
# The others of the name that can be read here.
others() { cat /sys/power/state /sys/devices/system/cpu/cpu0/hotplug/state; }

run() {
	check "there are several" test "$(grep -c ' t state_show$' /proc/kallsyms)" -gt 2
	check "plain" has $memory '^online$'
	others >/tmp/others || fail "the others cannot be read"
	load_patch "$case_name" || return
	check "the right one" has $memory '^online klpkit$'
	equal "the others as before" "$(cat /tmp/others)" "$(others)"
	unload_patch "$case_name"
	check "plain again" has $memory '^online$'
}
