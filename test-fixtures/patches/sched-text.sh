# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
nap() {
	start=$(cut -d. -f1 /proc/uptime)
	sleep 1
	check "$1: it slept" test "$(cut -d. -f1 /proc/uptime)" -gt "$start"
}
before() {
	nap "plain"
	check "not the new code" ! logged 'patched: nap'
}
after() {
	nap "patched"
	check "the new code" logged 'patched: nap of'
}
removed() {
	forget_log
	before
}
