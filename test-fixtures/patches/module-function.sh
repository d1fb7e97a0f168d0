# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: zram
state=/sys/block/zram0/initstate
plain() { check "$1: plain" has $state '^0$'; }
patched() { check "$1: patched" has $state '^0 klpkit$'; }

run() {
	insert zram
	plain "before"
	load_patch "$case_name" || return
	patched "module was there first"
	rmmod zram || fail "remove zram under the patch"
	insert zram
	patched "module came again"
	unload_patch "$case_name"
	plain "without the patch"
	rmmod zram || fail "remove zram"
	load_patch "$case_name" || return
	check "patch does not need the module" ! test -e /sys/module/zram
	insert zram
	patched "patch was there first"
	unload_patch "$case_name"
	plain "at the end"
	rmmod zram || fail "remove zram at the end"
}
