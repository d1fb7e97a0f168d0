# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: zram
state=/sys/block/zram0/initstate
plain() { equal "$1: plain" 0 "$(cat $state)"; }
patched() { equal "$1: the other function's" "$(nproc)" "$(cat $state)"; }
gone() { rmmod zram || fail "remove zram"; }

run() {
	insert zram
	plain "before"
	load_patch "$case_name" || return
	patched "module was there first"
	gone
	insert zram
	patched "module came again"
	unload_patch "$case_name"
	plain "without the patch"
	gone
	load_patch "$case_name" || return
	insert zram
	patched "patch was there first"
	unload_patch "$case_name"
	plain "at the end"
	gone
}
