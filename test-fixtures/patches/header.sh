# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() {
	check "plain uptime" has /proc/uptime '^[0-9]{1,6}\.'
	check "plain sysinfo" test "$(/files/probe sysinfo-uptime)" -lt 1000000
}
after() {
	check "one user" has /proc/uptime '^10000[0-9]{5}\.'
	check "another user" test "$(/files/probe sysinfo-uptime)" -gt 1000000000
}
