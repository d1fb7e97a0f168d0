# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# Each model forbids what it forbids, and permits what it permits, so that the check can fail.
. /files/lib.sh

# all_call, none_calls: also a thread of the kernel and interrupts, which have no border to user space
all_call() {
	reset
	echo "others 1" >/proc/klpl_target
	callers $often
}

none_calls() {
	no_callers
	echo "others 0" >/proc/klpl_target
}

try() { # MODEL
	for round in 1 2; do
		all_call
		sleep 0.3
		check "$1 $round: all are old before" [ "$(seen new)" = 0 ]
		enable "klpl_$1" few=3
		sleep 0.2
		none_calls
		say "| $1 $round: old new mixed back late across: $(cat /proc/klpl_target)"
		check "$1 $round: some were new" [ "$(seen new)" -gt 0 ]
		mixed_all=$((mixed_all + $(seen mixed)))
		back_all=$((back_all + $(seen back)))
		late_all=$((late_all + $(seen late)))
		across_all=$((across_all + $(seen across)))
		equal "$1 $round: all are new now" new "$(version)"
		all_call
		sleep 0.1
		disable "klpl_$1"
		none_calls
		mixed_all=$((mixed_all + $(seen mixed)))
		equal "$1 $round: nobody has new again after old" 0 "$(seen across)"
		equal "$1 $round: all are old again" old "$(version)"
	done
}

run() {
	begin
	for model in immediate kernel task lazy quiesce refcount; do
		mixed_all=0 back_all=0 late_all=0 across_all=0
		often=
		case $model in
		kernel | refcount) often=seldom ;;
		esac
		forget_log
		try $model
		check "$model: others called, too" logged 'klpl_target: others called [1-9][0-9]+ and [1-9][0-9]+ times'
		case $model in
		immediate) check "immediate mixes" [ "$mixed_all" -gt 0 ] ;;
		*) equal "$model never mixes" 0 "$mixed_all" ;;
		esac
		[ $model = immediate ] || equal "$model: no task goes back" 0 "$back_all"
		case $model in
		kernel | quiesce | refcount) equal "$model: nobody is late" 0 "$late_all" ;;
		task | lazy) check "$model: some are late" [ "$late_all" -gt 0 ] ;;
		esac
		case $model in
		lazy | quiesce) equal "$model: no system call sees both" 0 "$across_all" ;;
		*) check "$model: some see both in a system call" [ "$across_all" -gt 0 ] ;;
		esac
	done
	finish
}
