# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: zram
disk=/dev/zram0
try() {
	dd if=/dev/zero of=$disk bs=4096 count=4 2>/dev/null
	forget_log
	check "$1: no swap space, refused" ! swapon $disk
	check "$1: why" logged 'Unable to find swap-space signature'
}
before() {
	insert zram
	[ "$(cat /sys/block/zram0/disksize)" != 0 ] || echo 8M >/sys/block/zram0/disksize
	try "plain"
	check "not the new code" ! logged patched
}
after() {
	try "patched"
	check "the new code" logged 'patched: swapon failed with -22'
	mkswap $disk >/dev/null
	check "swap on" swapon $disk
	check "in use" has /proc/swaps zram0
	check "swap off" swapoff $disk
}
removed() {
	before
	rmmod zram || fail "remove zram"
}
