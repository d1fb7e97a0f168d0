# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: stacked-lower stacked-upper some-upper
second() { sed -n 2p /proc/uptime; }
run() {
	load_patch stacked-lower || return
	load_patch stacked-upper || return
	equal "two are in" upper "$(second)"
	load_patch some-upper || return
	equal "the third one is on top" instead "$(second)"
	equal "it has taken the place of one" 0 "$(cat $patch_sys/klp_stacked_lower/enabled)"
	equal "and of no other" 1 "$(cat $patch_sys/klp_stacked_upper/enabled)"
	remove_patch stacked-lower
	unload_patch some-upper
	equal "the other one again" upper "$(second)"
	unload_patch stacked-upper
	equal "plain" "" "$(second)"
}
