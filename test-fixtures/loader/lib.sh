# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
#
# For the loader's cases in the guest; they begin with ". /files/lib.sh".

sys=/sys/kernel/klp_loader

# Those whom hold has sleep
holders=

# Milliseconds, as a kernel that watches itself takes for what others do in so many
slow=1
[ ! -e /sys/kernel/debug/kmemleak ] || slow=3
ms() {
	echo $(($1 * slow))
}

# What the loader puts elsewhere
traces() {
	cat /sys/kernel/debug/tracing/enabled_functions
	sort /sys/kernel/debug/kprobes/list
	ls /sys/kernel /sys/kernel/debug
	# others stay, with what they patch
	awk '/^klp/ { print $1 }' /proc/modules
}

# The loader and what is patched
begin() {
	traces >/tmp/traces
	insmod /files/klp_loader.ko || fail "klp_loader does not load"
	[ "${1:-}" = alone ] || insmod /files/klpl_target.ko || fail "klpl_target does not load"
}

# All that begin brought goes again, and leaves nothing
finish() {
	[ "${1:-}" = alone ] || rmmod klpl_target || fail "klpl_target does not go"
	rmmod klp_loader || fail "klp_loader does not go"
	traces >/tmp/traces-after
	check "nothing is left" diff /tmp/traces /tmp/traces-after
	leaks
}

# Where the kernel looks for memory that nobody knows any more
leaks() {
	found=/sys/kernel/debug/kmemleak
	[ -e $found ] || return 0
	# what is younger than five seconds is not told
	sleep 6
	echo scan >$found
	echo scan >$found
	cat $found >/tmp/leaks
	check "no memory is lost" [ ! -s /tmp/leaks ]
	capture cat /tmp/leaks
	echo clear >$found
}

sleeps_inside() {
	grep -q '^State:.D' "/proc/$1/status" && grep -q klpl_ "/proc/$1/stack"
}

# hold FILE COMMAND: somebody to whom COMMAND, with -1 for how long, written to FILE, is to sleep; till let_go
hold() {
	echo "$2" >"$1" &
	holder=$!
	holders="$holders $holder"
	within "$(ms 50)" sleeps_inside $holder || {
		fail "$2 does not sleep"
		return 1
	}
}

# one_blocker PATCH: all others have switched
one_blocker() {
	[ "$(head -n 1 "$sys/$1/blockers")" = 1 ]
}

let_go() {
	# shellcheck disable=SC2086
	kill -9 $holders
	# shellcheck disable=SC2086
	wait $holders
	holders=
}

# settle PATCH ENABLED [TENTHS]: waits for the end of its transition, and looks where it went
settle() {
	tenths=${3:-$(ms 100)}
	while read -r moving <"$sys/$1/transition" && [ "$moving" = 1 ]; do
		tenths=$((tenths - 1))
		if [ "$tenths" -le 0 ]; then
			fail "$1 does not settle: $(head -n 1 "$sys/$1/blockers")"
			capture cat "$sys/$1/blockers"
			return 1
		fi
		sleep 0.1
	done
	read -r enabled <"$sys/$1/enabled"
	[ "$enabled" = "$2" ] || fail "$1: enabled is not $2"
}

# enable PATCH [PARAMETER...]
enable() {
	name=$1
	shift
	insmod "/files/$name.ko" "$@" 2>/tmp/insmod || {
		fail "load $name: $(cat /tmp/insmod)"
		return 1
	}
	settle "$name" 1
}

# disable PATCH: and out of memory
disable() {
	echo 0 >"$sys/$1/enabled" || fail "disable $1"
	settle "$1" 0
	remove "$1"
}

remove() {
	within 50 rmmod "$1" 2>/tmp/rmmod || {
		fail "remove $1: $(tail -n 1 /tmp/rmmod)"
		return 1
	}
}

caller() { # CALLS PAUSE
	while [ -e /tmp/go ]; do
		echo "$1" >/proc/klpl_target
		[ "$2" = 0 ] || sleep "$2"
	done 2>/dev/null
}

# callers [seldom]: until no_callers. Some in one long system call each, some in short ones, some that sleep inside;
# with "seldom", these leave moments in which nobody is.
callers() {
	pause=0
	slow_callers=
	[ "${1:-}" != seldom ] || pause=0.2
	touch /tmp/go
	for calls in "20000 0" "20000 0" "50 0" "50 0"; do
		caller "$calls" 0 &
	done
	# two who are hardly ever found outside
	if [ -z "${1:-}" ]; then
		caller "60 30" 0 &
		slow_callers=$!
		sleep 0.1
		caller "60 30" 0 &
		slow_callers="$slow_callers $!"
	fi
	for calls in "2 15" "1 50"; do
		caller "$calls" $pause &
	done
}

no_callers() {
	rm -f /tmp/go
	# they leave their call early for it
	# shellcheck disable=SC2086
	[ -z "${slow_callers:-}" ] || kill $slow_callers
	wait
	slow_callers=
}

# seen WHICH: old new mixed back late across
seen() {
	read -r old new mixed back late across </proc/klpl_target
	eval "echo \$$1"
}

reset() {
	echo reset >/proc/klpl_target
}

# What a caller gets now: the version, or "mixed"
version() {
	reset
	echo "1 0" >/proc/klpl_target
	read -r old new mixed back late across </proc/klpl_target
	case $old:$new:$mixed in
	1:0:0) echo old ;;
	0:1:0) echo new ;;
	*) echo mixed ;;
	esac
}
