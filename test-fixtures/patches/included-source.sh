# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
knob=/proc/sys/kernel/sched_schedstats
before() { check "plain" ! has /proc/self/sched klpkit; }
after() {
	for on in 1 0 1 0; do
		echo $on >$knob
		check "schedstat $on" has /proc/self/sched "^klpkit schedstat $on\$"
	done
}
