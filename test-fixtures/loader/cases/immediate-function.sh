# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# A function that is declared immediate does not wait for anybody, and nobody waits for it.
. /files/lib.sh

told() {
	forget_log
	echo tell >/proc/klpl_target
	check "$1" logged "klpl_target: $2"
}

# One of those whom hold has sleep goes
free() {
	kill -9 "$1"
	wait "$1"
	holders=$(echo " $holders " | sed "s/ $1 / /")
}

# MODEL: what was left once was called again, since callers get an immediate version as long as there is one
back() {
	enable klpl_$1 immediate=klpl_both
	hold /proc/klpl_target "recurse 1 -1"
	first=$holder
	echo 0 >$sys/klpl_$1/enabled
	check "$1: all but one have left" within "$(ms 50)" one_blocker klpl_$1
	hold /proc/klpl_target "1 -1"
	free "$first"
	inside $1
}

# MODEL: the same, from the middle of the beginning, before anybody has got the others
reversed() {
	hold /proc/klpl_target "recurse 1 -1"
	first=$holder
	insmod /files/klpl_$1.ko immediate=klpl_both
	hold /proc/klpl_target "1 -1"
	equal "$1: it has begun" 1 "$(cat $sys/klpl_$1/transition)"
	echo 0 >$sys/klpl_$1/enabled
	free "$first"
	inside $1
}

# MODEL, one that does not wait for those who sleep elsewhere: the same, when the moment of the switch has come, and what the patch does then fails
failed() {
	hold /proc/klpl_target "recurse 1 -1"
	first=$holder
	insmod /files/klpl_$1.ko immediate=klpl_both fail_apply=1
	hold /proc/klpl_target "1 -1"
	forget_log
	free "$first"
	check "$1: it fails" within "$(ms 100)" logged "klpl_$1: not enabled: what it does while everything is stopped failed"
	equal "$1: with its error" -16 "$(cat $sys/klpl_$1/error)"
	inside $1
}

# MODEL: the last one to be waited for is asleep in a version that nobody gets any more
inside() {
	name=klpl_$1
	check "$1: it waits for who is in it" within "$(ms 50)" grep -q "^$holder " $sys/$name/blockers
	check "$1: there is no way back" ! sh -c "echo 1 >$sys/$name/enabled" 2>/dev/null
	check "$1: which is said" logged "$name: it is disabled, and can be enabled again when its code is left"
	told "$1: others get the old one" '1 and 1'
	equal "$1: it is in transition" 1 "$(cat $sys/$name/transition)"
	equal "$1: to disabled" 0 "$(cat $sys/$name/enabled)"
	check "$1: its module stays" ! rmmod $name
	echo 100 >$sys/$name/deadline_ms
	check "$1: past the deadline it is said" within "$(ms 50)" logged "$name: not disabled within 100 ms, and kept until its code is left"
	check "$1: who is in it" logged "  $holder sh: klpl_both"
	let_go
	settle $name 0
	remove $name
}

# MODEL: who is in the function itself, past its immediate version, is waited for by what comes on top of that
left_behind() {
	hold /proc/klpl_target "1 -1"
	enable klpl_task immediate=klpl_both
	insmod /files/klpl_second.ko "model=$1"
	check "$1: who was left behind is waited for" within "$(ms 50)" grep -q "^$holder " $sys/klpl_second/blockers
	sleep 0.5
	equal "$1: still" 1 "$(cat $sys/klpl_second/transition)"
	let_go
	settle klpl_second 1
	told "$1: all have the one on top" '3 and 3'
	disable klpl_second
	disable klpl_task
}

# The model: it waits for nobody but those in what it replaces
the_model() {
	hold /proc/klpl_target "1 -1"
	insmod /files/klpl_second.ko model=immediate replace=1 || fail "load klpl_second"
	equal "nothing is replaced: it is over at once" "0 1" "$(cat $sys/klpl_second/transition $sys/klpl_second/enabled | xargs)"
	check "with one in the old function" grep -q klpl_both /proc/$holder/stack
	let_go
	disable klpl_second
	hold /proc/klpl_target "1 -1"
	older=$holder
	enable klpl_task immediate=klpl_both
	hold /proc/klpl_target "1 -1"
	insmod /files/klpl_second.ko model=immediate replace=1 || fail "load klpl_second"
	check "one in what it replaces is waited for" within "$(ms 50)" has $sys/klpl_second/blockers "^$holder sh klpl_both\$"
	check "and not who is in the function" ! has $sys/klpl_second/blockers "^$older "
	told "others have the new one meanwhile" '3 and 3'
	free "$holder"
	settle klpl_second 1
	check "the other one is in the old function still" grep -q klpl_both /proc/$older/stack
	let_go
	equal "the one before is replaced" 0 "$(cat $sys/klpl_task/enabled)"
	remove klpl_task
	disable klpl_second
}

run() {
	begin
	the_model
	for model in task kernel lazy; do
		left_behind $model
	done
	hold /proc/klpl_target "1 -1"
	enable klpl_task immediate=klpl_both
	check "one is asleep in the old one all the same" grep -q klpl_both /proc/$holder/stack
	let_go
	disable klpl_task
	# another one holds it up
	hold /proc/klpl_target "recurse 1 -1"
	insmod /files/klpl_kernel.ko immediate=klpl_first
	equal "it has begun" 1 "$(cat $sys/klpl_kernel/transition)"
	told "new while the others are old" '2 and 1'
	let_go
	settle klpl_kernel 1
	told "all are new" '2 and 2'
	hold /proc/klpl_target "recurse 1 -1"
	echo 0 >$sys/klpl_kernel/enabled
	equal "on the way back" 1 "$(cat $sys/klpl_kernel/transition)"
	told "all stay new to the end" '2 and 2'
	let_go
	settle klpl_kernel 0
	told "all are old" '1 and 1'
	remove klpl_kernel
	for model in task lazy; do
		back $model
	done
	for model in kernel quiesce refcount; do
		reversed $model
	done
	failed kernel
	finish
}
