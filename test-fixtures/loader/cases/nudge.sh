# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# A task that is woken for a transition goes on in its system call as if nothing had been; but for those calls of which
# signal(7) says that they can fail with EINTR whatever a handler's flags say.
. /files/lib.sh

for_model() { # MODEL SECONDS
	/files/nudged "$2" >/tmp/nudged 2>&1 &
	sleep 0.7
	insmod "/files/klpl_$1.ko"
	settle "klpl_$1" 1
	echo 0 >"$sys/klpl_$1/enabled"
	settle "klpl_$1" 0
	wait
	remove "klpl_$1"
	for call in read recv flock wait open futex inotify; do
		check "$1: $call goes on" grep -qx "$call ok" /tmp/nudged
	done
	for call in nanosleep poll select epoll_wait recv-timeout sigtimedwait semtimedop msgrcv io_getevents; do
		check "$1: $call goes on, or says so" grep -qxE "$call (ok|EINTR)" /tmp/nudged
	done
	say "| $1: $(grep -c EINTR /tmp/nudged) EINTR: $(sed -n 's/ EINTR//p' /tmp/nudged | tr '\n' ' ')"
}

run() {
	begin
	for_model lazy 4
	check "some were woken" grep -q EINTR /tmp/nudged
	for_model quiesce 4
	check "so they were" grep -q EINTR /tmp/nudged
	# they sleep outside of the patched functions
	for_model task 3
	check "nobody was" ! grep -q EINTR /tmp/nudged
	finish
}
