# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain" ! has /proc/version klpkit; }
after() {
	check "the new file's code" has /proc/version '^klpkit has a file of its own, 1$'
	check "and its data" has /proc/version '^klpkit has a file of its own, 2$'
}
