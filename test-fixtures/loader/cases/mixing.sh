# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# Each model forbids what it forbids, and permits what it permits, so that the check can fail.
. /files/lib.sh

try() { # MODEL
	for round in 1 2; do
		reset
		callers $often
		sleep 0.3
		check "$1 $round: all are old before" [ "$(seen new)" = 0 ]
		enable "klpl_$1" few=3
		sleep 0.2
		no_callers
		say "| $1 $round: old new mixed back late: $(cat /proc/klpl_target)"
		check "$1 $round: some were new" [ "$(seen new)" -gt 0 ]
		mixed_all=$((mixed_all + $(seen mixed)))
		back_all=$((back_all + $(seen back)))
		late_all=$((late_all + $(seen late)))
		equal "$1 $round: all are new now" new "$(version)"
		reset
		callers $often
		sleep 0.1
		disable "klpl_$1"
		no_callers
		mixed_all=$((mixed_all + $(seen mixed)))
		equal "$1 $round: all are old again" old "$(version)"
	done
}

run() {
	begin
	for model in immediate kernel task lazy quiesce refcount; do
		mixed_all=0 back_all=0 late_all=0
		often=
		case $model in
		kernel | refcount) often=seldom ;;
		esac
		try $model
		case $model in
		immediate) check "immediate mixes" [ "$mixed_all" -gt 0 ] ;;
		*) equal "$model never mixes" 0 "$mixed_all" ;;
		esac
		[ $model = immediate ] || equal "$model: no task goes back" 0 "$back_all"
		case $model in
		kernel | quiesce | refcount) equal "$model: nobody is late" 0 "$late_all" ;;
		task | lazy) check "$model: some are late" [ "$late_all" -gt 0 ] ;;
		esac
	done
	finish
}
