# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: stacked-lower stacked-upper builtin-function
second() { sed -n 2p /proc/uptime; }
run() {
	load_patch stacked-lower || return
	load_patch stacked-upper || return
	equal "two are in" upper "$(second)"
	load_patch builtin-function || return
	check "the new one" has /proc/meminfo '^Klpkit: '
	equal "the others are gone" "" "$(second)"
	remove_patch stacked-upper
	remove_patch stacked-lower
	check "the new one stays" has /proc/meminfo '^Klpkit: '
	unload_patch builtin-function
	check "plain" ! has /proc/meminfo '^Klpkit: '
}
