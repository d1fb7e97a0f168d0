# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain" ! has /proc/uptime hits; }
after() {
	check "first" has /proc/uptime '^hits 1001$'
	check "second" has /proc/uptime '^hits 1002$'
	check "on the other CPU" taskset 2 grep -q '^hits 1003$' /proc/uptime
	check "on the first CPU" taskset 1 grep -q '^hits 1004$' /proc/uptime
}
