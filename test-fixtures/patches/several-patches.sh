# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() {
	check "plain meminfo" ! has /proc/meminfo '^Klpkit'
	check "plain version" ! has /proc/version several
}
after() {
	check "the first patch" has /proc/meminfo '^KlpkitFirst: +42 kB$'
	check "the second, of the same function" has /proc/meminfo '^Klpkit: +1 kB$'
	check "the third, of another file" has /proc/version '^of several patches$'
	equal "one module" 1 "$(find /sys/kernel/livepatch -mindepth 1 -maxdepth 1 | wc -l)"
}
