# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
knob=/sys/kernel/mm/lru_gen/enabled
run() {
	was=$(cat $knob)
	check "plain" has $knob '^0x00'
	echo y >$knob
	load_patch "$case_name" || return
	check "keys that were on when it was loaded" has $knob '^0x010[1357]$'
	echo n >$knob
	check "off under the patch" has $knob '^0x0100$'
	echo y >$knob
	check "on under the patch" has $knob '^0x010[1357]$'
	echo n >$knob
	unload_patch "$case_name"
	check "off without the patch" has $knob '^0x0000$'
	load_patch "$case_name" || return
	check "keys that were off when it was loaded" has $knob '^0x0100$'
	unload_patch "$case_name"
	echo "$was" >$knob
	equal "as it was" "$was" "$(cat $knob)"
}
