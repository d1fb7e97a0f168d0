# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
# The author's own conversions of data: all, or none, in the order of the lines and back.
name=/proc/sys/kernel/domainname
second() { sed -n 2p /proc/uptime; }
run() {
	patch=$(module_name "$case_name")
	echo fx >$name
	check "one that fails keeps the patch out" ! insmod "/files/$patch.ko"
	check "which is said" logged "$patch: not enabled: what it does while everything is stopped failed \(-11\)"
	equal "the one before it was undone" f0 "$(cat $name)"
	echo fx >$name
	status=0
	/files/klpctl load --model quiesce "/files/$patch.ko" >/tmp/told 2>&1 || status=$?
	equal "klpctl does not get it in either" 2 $status
	capture cat /tmp/told
	check "and says why" has /tmp/told "$patch was reversed: what it does while everything is stopped failed \(-11\)"
	equal "plain" "" "$(second)"
	echo none >$name
	load_patch "$case_name" || return
	equal "both are done, once" "converted 1 1" "$(second)"
	echo bx >$name
	check "a way back that fails keeps it enabled" ! sh -c "echo 0 >$patch_sys/$patch/enabled"
	check "which is said, too" logged "$patch: not disabled: what it does while everything is stopped failed \(-11\)"
	equal "the one before that had gone back" b0 "$(cat $name)"
	equal "and is done again" "converted 1 1" "$(second)"
	equal "it is enabled" 1 "$(cat "$patch_sys/$patch/enabled")"
	echo none >$name
	unload_patch "$case_name"
	equal "plain again" "" "$(second)"
}
