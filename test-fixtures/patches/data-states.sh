# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: state-first state-second builtin-function
# What a patch has made of data is known to the one that takes its place, or that is refused.
told() { sed -n 2p /proc/uptime; }
run() {
	load_patch state-first || return
	equal "its flag is on" "first, all have switched: 1" "$(told)"
	check "one that does not know its state is refused" ! insmod "/files/$(module_name builtin-function).ko"
	load_patch state-second || return
	equal "what the next one found" "second, found 1 and 0" "$(told)"
	remove_patch state-first
	check "one with an older version is refused" ! insmod "/files/$(module_name state-first).ko"
	unload_patch state-second
	equal "plain" "" "$(told)"
	load_patch builtin-function && unload_patch builtin-function
}
