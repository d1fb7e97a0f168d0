# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
#
# What a script or a case in the guest can use. A case is a file that defines
#
#   before     checks that hold without the patch (it runs first)
#   after      checks that hold with it
#   removed    checks that hold after it is gone; if it is not defined, "before" runs again
#
# or, for more than "load the patch of my own name, then take it out", its own "run".
# What it prints goes into the kernel's log. scripts/vm-judge reads that.

failed=0
transition_timeout=60
# where the one who applies patches tells of them
patch_sys=/sys/kernel/livepatch

# /dev/kmsg and not the console: there it stays in order, line by line, with the kernel's own.
say() {
	echo "<5>guest: $*" >/dev/kmsg
}

# Run a command; its output goes into the log line by line; its status is returned.
capture() {
	# A file, since a pipe would lose the status: this is a plain shell.
	{
		"$@" 2>&1
		echo "$?" >/tmp/status
	} | while IFS= read -r line; do
		say "| $line"
	done
	return "$(cat /tmp/status)"
}

fail() {
	failed=1
	say "not ok $*"
}

# check WHAT COMMAND...: the command must succeed. It can be "!" and a command.
check() {
	what=$1
	shift
	negate=
	if [ "$1" = '!' ]; then
		negate=1
		shift
	fi
	if "$@" >/tmp/check 2>&1; then result=; else result=1; fi
	if [ "$result" = "$negate" ]; then
		say "ok $what"
	else
		fail "$what"
		while IFS= read -r line; do
			say "| $line"
		done </tmp/check
	fi
}

# equal WHAT WANTED GOT
equal() {
	if [ "$2" = "$3" ]; then
		say "ok $1"
	else
		fail "$1: wanted '$2', got '$3'"
	fi
}

# has FILE REGEX: some line of the file matches.
has() {
	grep -qE -- "$2" "$1"
}

# logged REGEX: the kernel printed such a line since this case (or the last forget_log) began.
# What the guest wrote itself does not count.
logged() {
	dmesg | awk '/guest: (begin|mark)/ { text = ""; next } !/guest: / { text = text $0 "\n" }
		     END { printf "%s", text }' | grep -E -- "$1"
}

forget_log() {
	say mark
}

# Announce the one warning that the next commands provoke, up to "expect_end".
expect_warning() {
	say "expect warning $1"
}

expect_end() {
	say "expect end"
}

# insert NAME: a module of the kernel's own, with what it depends on.
insert() {
	while IFS= read -r one; do
		[ -e "/sys/module/$one" ] || insmod "/modules/$one.ko" || fail "insert $one"
	done <"/modules/$1.order"
}

# The patch of a fixture is built under a name that meets nothing of the kernel's own.
module_name() {
	case $1 in
	klp_*) echo "$1" ;;
	*) echo "klp_$1" | tr - _ ;;
	esac
}

# Who has not switched yet. $1 is the state they should reach.
culprits() {
	for task in /proc/[0-9]*/task/[0-9]*; do
		state=$(cat "$task/patch_state" 2>/dev/null) || continue
		[ "$state" != "$1" ] || continue
		say "| state $state: ${task##*/} $(cat "$task/comm")"
		while IFS= read -r line; do
			say "|   $line"
		done <"$task/stack"
	done
}

# within TENTHS COMMAND...: true as soon as the command is, false when it is not in so many tenths of a second
within() {
	tries=$1
	shift
	until "$@"; do
		[ "$tries" -gt 0 ] || return 1
		tries=$((tries - 1))
		sleep 0.1
	done
}

# The directory goes away when a disabled patch has finished.
has_settled() {
	[ "$(cat "$1/transition" 2>/dev/null || echo 0)" = 0 ]
}

# wait_transition NAME STATE
wait_transition() {
	within $((transition_timeout * 10)) has_settled "$patch_sys/$(module_name "$1")" || {
		fail "$1: no end of the transition after $transition_timeout s"
		culprits "$2"
		return 1
	}
}

# load_patch NAME
load_patch() {
	if ! insmod "/files/$(module_name "$1").ko" >/tmp/insmod 2>&1; then
		fail "load $1: $(cat /tmp/insmod)"
		return 1
	fi
	[ "$(cat "$patch_sys/$(module_name "$1")/enabled" 2>/dev/null)" = 1 ] || {
		fail "load $1: not enabled"
		return 1
	}
	wait_transition "$1" 1 && say "ok load $1"
}

# disable_patch NAME: out of the way, but still in memory
disable_patch() {
	echo 0 >"$patch_sys/$(module_name "$1")/enabled" || {
		fail "disable $1"
		return 1
	}
	wait_transition "$1" 0
}

# unload_patch NAME
unload_patch() {
	disable_patch "$1" || return 1
	remove_patch "$1"
}

# remove_patch NAME: one that is disabled or was replaced
remove_patch() {
	# The last reference is dropped by a work item, a moment after the end of the transition.
	within 50 rmmod "$(module_name "$1")" 2>/tmp/rmmod || {
		fail "remove $1: $(tail -n 1 /tmp/rmmod)"
		return 1
	}
	say "ok unload $1"
}

# A case that failed half way should not take the next one with it.
unload_all() {
	for left in "$patch_sys"/*; do
		[ -e "$left/enabled" ] || continue
		left=${left##*/}
		[ "$left" != "${keep:-}" ] || continue
		say "unload_all: $left is still there"
		unload_patch "${left#klp_}"
	done
}

before() { :; }
after() { :; }
removed() { before; }
# At the end of all
leave() { :; }

run() {
	before
	if load_patch "$case_name"; then
		after
		unload_patch "$case_name"
	fi
	removed
}
