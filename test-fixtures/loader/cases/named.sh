# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# One takes the place of some of those before it, whatever is above or below them.
. /files/lib.sh

told() { # what klpl_first() and klpl_second() return
	forget_log
	echo tell >/proc/klpl_target
	check "$1" logged "klpl_target: $2"
}

run() {
	begin
	# what stays is below
	enable klpl_second
	enable klpl_task
	told "both are of the upper one" '2 and 2'
	enable klpl_arrival replaces=klpl_task
	settle klpl_task 0
	told "what it does not have is that of the one that stays" '7 and 3'
	equal "which is enabled" 1 "$(cat $sys/klpl_second/enabled)"
	remove klpl_task
	disable klpl_arrival
	told "and wins when it goes" '3 and 3'
	disable klpl_second
	# what stays is above
	enable klpl_task
	enable klpl_second
	callers
	enable klpl_arrival replaces=klpl_task,klpl_is_not_there
	no_callers
	settle klpl_task 0
	told "the upper one stays" '7 and 3'
	remove klpl_task
	disable klpl_arrival
	disable klpl_second
	told "nothing is left" '1 and 1'
	# nothing stays
	enable klpl_task
	enable klpl_arrival replaces=klpl_second,klpl_task
	told "the function itself" '7 and 1'
	remove klpl_task
	disable klpl_arrival
	finish
}
