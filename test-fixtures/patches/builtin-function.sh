# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain meminfo" ! has /proc/meminfo '^Klpkit:'; }
after() {
	check "a line more" has /proc/meminfo '^Klpkit: +1 kB$'
	check "the other lines" has /proc/meminfo '^MemTotal: +[1-9][0-9]* kB$'
}
