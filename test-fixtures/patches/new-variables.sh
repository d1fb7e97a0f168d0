# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain uptime" ! has /proc/uptime reads; }
after() {
	check "first object" has /proc/uptime '^reads 1 local 1000$'
	check "second object" has /proc/loadavg '^reads 2 local 2000$'
	check "first object again" has /proc/uptime '^reads 3 local 1001$'
	check "second object again" has /proc/loadavg '^reads 4 local 2001$'
}
