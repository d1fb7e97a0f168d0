# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
# A part of the way out of the kernel is replaced: who is in the old one has not left it.
stop() {
	kill -STOP "$1"
	check "$2" within 20 grep -q '^State:.T' "/proc/$1/status"
}

alone() {
	[ "$(head -n 1 "$patch_sys/$patch/blockers")" = 1 ]
}

run() {
	patch=$(module_name "$case_name")
	sleep 100 &
	stopped=$!
	stop $stopped "it is stopped"
	check "it loads" insmod "/files/$patch.ko"
	check "all others have switched" within 100 alone
	sleep 1
	equal "it is waited for" 1 "$(cat "$patch_sys/$patch/transition")"
	cat "$patch_sys/$patch/blockers" >/tmp/blockers
	capture cat /tmp/blockers
	check "by name" has /tmp/blockers "^$stopped "
	kill -CONT $stopped
	wait_transition "$case_name" 1
	forget_log
	stop $stopped "it is stopped by new code"
	check "which says so" logged 'klpkit: .* is to stop'
	kill -KILL $stopped
	wait $stopped 2>/dev/null
	unload_patch "$case_name"
}
