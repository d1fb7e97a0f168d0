# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# Two that want to share a lock: nobody can, with the patch.
shared() {
	/files/probe flock /tmp/lock share 1 &
	sleep 0.2
	/files/probe flock /tmp/lock try-share 0
	status=$?
	wait
	return $status
}
before() { check "a lock is shared" shared; }
after() { check "a lock is not shared" ! shared; }

run() {
	before
	/files/probe flock /tmp/lock own 60 &
	owner=$!
	sleep 0.2
	/files/probe flock /tmp/lock own 0 &
	sleeper=$!
	sleep 0.2
	check "it loads" insmod "/files/$(module_name "$case_name").ko"
	cat "$patch_sys/$(module_name "$case_name")/blockers" >/tmp/blockers
	check "who sleeps in the function behind the jump has not switched" \
		has /tmp/blockers "^$sleeper probe __do_sys_flock\$"
	kill $owner
	wait $owner
	wait_transition "$case_name" 1
	wait $sleeper
	equal "it has had its lock" 0 $?
	wait
	after
	unload_patch "$case_name"
	before
}
