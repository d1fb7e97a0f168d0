# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
states() { cat /sys/devices/*/*/power/runtime_status /sys/devices/*/*/*/power/runtime_status 2>/dev/null | sort -u; }
before() {
	states >/tmp/states
	check "plain" ! has /tmp/states klpkit
	check "some can be read" has /tmp/states '^(active|suspended)$'
}
after() {
	states >/tmp/states
	check "the new table" has /tmp/states '^(active|suspended) klpkit$'
	check "not the old one" ! has /tmp/states '^(active|suspended)$'
	check "outside of the table" has /tmp/states '^unsupported$'
}
