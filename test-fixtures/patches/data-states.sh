# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: state-first state-second builtin-function
# What a patch has made of data is known to the one that takes its place, or that is refused.
told() { sed -n 2p /proc/uptime; }
# One who is inside while the next patch takes its place, and looks at the flag before and after
sleeper() {
	printf sleeper >/proc/self/comm
	while read -r line; do echo "$line"; done </proc/uptime
}
run() {
	load_patch state-first || return
	equal "its flag is on" "first, all have switched: 1" "$(told)"
	check "one that does not know its state is refused" ! insmod "/files/$(module_name builtin-function).ko"
	(sleeper >/tmp/sleeper) &
	sleep 1
	load_patch state-second || return
	wait $!
	equal "the flag is on before the next one" "first, all have switched: 1" "$(sed -n 2p /tmp/sleeper)"
	still=1
	[ "$patch_sys" = /sys/kernel/livepatch ] || still=0
	equal "and while that takes its place" "and then: $still" "$(sed -n 3p /tmp/sleeper)"
	equal "what the next one found" "second, found 1 and 0" "$(told)"
	remove_patch state-first
	check "one with an older version is refused" ! insmod "/files/$(module_name state-first).ko"
	unload_patch state-second
	equal "plain" "" "$(told)"
	load_patch builtin-function && unload_patch builtin-function
}
