# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain" ! has /proc/cpuinfo klpkit; }
after() {
	check "the alternative was applied" has /proc/cpuinfo 'klpkit alternative.*: applied, fpu$'
	check "the rest" has /proc/cpuinfo '^flags.* lm '
}
