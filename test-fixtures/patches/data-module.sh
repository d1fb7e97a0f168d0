# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: zram
zram=/sys/block/zram0
come() {
	insert zram
	echo 1M >$zram/disksize
}
go() {
	echo 1 >$zram/reset
	rmmod zram || fail "remove zram"
}
plain() { equal "$1: plain" 1 "$(cat $zram/initstate)"; }
patched() { equal "$1: patched" 1048576 "$(cat $zram/initstate)"; }

run() {
	come
	plain "before"
	load_patch "$case_name" || return
	patched "module was there first"
	go
	come
	patched "module came again"
	unload_patch "$case_name"
	plain "without the patch"
	go
	load_patch "$case_name" || return
	come
	patched "patch was there first"
	unload_patch "$case_name"
	plain "at the end"
	go
}
