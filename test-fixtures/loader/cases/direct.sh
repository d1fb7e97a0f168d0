# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# Between transitions ftrace calls the new code directly; nobody meets old code when that begins, nor when it ends.
. /files/lib.sh

state() { # PATCH FUNCTION
	cat "$sys/$1/klpl_target/$2,1/state"
}

# to 0|1: without a pause
to() {
	echo "$1" >$sys/klpl_second/enabled || fail "klpl_second to $1"
	moving=1
	while [ $moving = 1 ]; do read -r moving <$sys/klpl_second/transition; done
}

# settled WHEN UPGRADES: since the reset, which was between transitions, nobody has had an older version than the newest, and
# nobody another one than before, unless UPGRADES
settled() {
	read -r old new mixed back late across </proc/klpl_target
	[ "$mixed $back $late ${2:-$across}" = "0 0 0 0" ] ||
		fail "$1, after $done: $mixed mixed, $back back, $late late, $across across"
}

# Until the first reset the newest is what was disabled, and all are late; one may be on the way to say so.
back_to_old() {
	to 0
	reset
	usleep 20000
	reset
	usleep 20000
}

# The functions, each with two handovers a transition: from the direct call to the decision, and back. All switch in one
# moment, so that nobody may be late: not in the handovers, and not between them.
handovers() {
	done=0
	back_to_old
	while [ $done -lt 1000 ]; do
		to 1
		settled "enabling" 0
		back_to_old
		settled "disabled"
		done=$((done + 2 * 2 * 3))
	done
	to 1
	say "| $done handovers"
}

run() {
	begin
	enable klpl_task few=3
	for function in klpl_both klpl_first klpl_second; do
		equal "$function goes there directly" direct "$(state klpl_task $function)"
		check "ftrace says so" grep -q "^$function .*direct" /sys/kernel/debug/tracing/enabled_functions
	done
	reset
	touch /tmp/go
	caller "20000 0" 0 &
	caller "50 0" 0 &
	enable klpl_second few=3 model=kernel
	equal "another is on top" hidden "$(state klpl_task klpl_first)"
	handovers
	no_callers
	say "| old new mixed back late across: $(cat /proc/klpl_target)"
	check "they were called" [ "$(seen new)" -gt 1000 ]
	equal "old code never ran" 0 "$(seen old)"
	equal "nothing was mixed" 0 "$(seen mixed)"
	disable klpl_second
	disable klpl_task
	# the same by the handler, for those that have to
	echo 0 >/sys/module/klp_loader/parameters/direct
	enable klpl_task few=3
	equal "by the handler, when told so" handler "$(state klpl_task klpl_first)"
	/files/klpctl list >/tmp/list
	check "klpctl says so" has /tmp/list 'klpl_target:klpl_first,1\(handler\)'
	equal "which does the same" new "$(version)"
	disable klpl_task
	equal "both ways" old "$(version)"
	finish
}
