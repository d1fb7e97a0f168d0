# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: drained-module builtin-function
# modules: zram
# A patch that was replaced is not called back any more: its held functions are drained when it goes, or the module that they
# refer to, whichever is first; while these references are good.
replaced() {
	load_patch drained-module || return
	cat /sys/block/zram0/initstate >/dev/null
	load_patch builtin-function || return
	equal "$1: it is replaced" 0 "$(cat $patch_sys/klp_drained_module/enabled)"
	check "$1: and not drained" ! logged 'klpkit: drained'
}

run() {
	insert zram
	major=$(awk '$2 == "zram" { print $1 }' /proc/devices)
	replaced "the patch goes first"
	remove_patch drained-module
	check "it was drained" logged "klpkit: drained for $major\$"
	unload_patch builtin-function
	forget_log
	replaced "the module goes first"
	rmmod zram || fail "zram does not go"
	check "it was drained, too" logged "klpkit: drained for $major\$"
	remove_patch drained-module
	unload_patch builtin-function
}
