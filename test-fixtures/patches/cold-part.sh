# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: zram
size=/sys/block/zram0/disksize
again() {
	forget_log
	check "$1: refused" ! sh -c "echo 16M >$size"
	check "$1: why" logged 'Cannot change disksize'
}
before() {
	insert zram
	echo 8M >$size
	again "plain"
	check "not the new code" ! logged patched
}
after() {
	again "patched"
	check "the new code" logged 'patched: it has 8388608 bytes'
	echo 1 >/sys/block/zram0/reset
	echo 4M >$size
	equal "the other way" 4194304 "$(cat $size)"
	echo 1 >/sys/block/zram0/reset
}
removed() {
	before
	rmmod zram || fail "remove zram"
}
