# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# All models once, with callers that can be preempted anywhere and leave some time in between: for kernels that preempt in
# other ways than usual.
. /files/lib.sh

run() {
	begin
	check "the kernel preempts as it is told to" \
		grep -qF "($(sed -n 's/.*preempt=\([a-z]*\).*/\1/p' /proc/cmdline))" /sys/kernel/debug/sched/preempt
	for model in immediate kernel task lazy quiesce refcount; do
		touch /tmp/go
		for calls in "50 0" "200 0" "1 3"; do
			caller "$calls" 0.02 &
		done
		reset
		enable klpl_$model few=3
		[ $model = immediate ] || equal "$model: not mixed on the way there" 0 "$(seen mixed)"
		no_callers
		equal "$model: new" new "$(version)"
		touch /tmp/go
		caller "50 0" 0.02 &
		disable klpl_$model
		no_callers
		[ $model = immediate ] || equal "$model: nor on the way back" 0 "$(seen mixed)"
		equal "$model: old" old "$(version)"
	done
	finish
}
