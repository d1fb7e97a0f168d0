# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: stacked-lower stacked-upper
second() { sed -n 2p /proc/uptime; }
run() {
	equal "plain" "" "$(second)"
	load_patch stacked-lower || return
	equal "one" lower "$(second)"
	load_patch stacked-upper || return
	equal "two" upper "$(second)"
	equal "both are in" 1 "$(cat /sys/kernel/livepatch/klp_stacked_lower/enabled)"
	unload_patch stacked-upper
	equal "one again" lower "$(second)"
	unload_patch stacked-lower
	equal "plain again" "" "$(second)"
}
