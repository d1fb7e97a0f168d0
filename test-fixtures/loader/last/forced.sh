# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# The end by force, after which a patch's module stays for good: the last case of a guest.
. /files/lib.sh

keep=klpl_live

# Of the kernel's own live patches, which go by another function here
kernels_own() {
	[ -d /sys/kernel/livepatch ] || return 0
	check "nothing to force" ! /files/klpctl force --yes klpl_live
	for model in kernel quiesce refcount task; do
		[ "$(cat $sys/klpl_$model/enabled)" = 0 ] || echo 0 >$sys/klpl_$model/enabled
		settle klpl_$model 0
	done
	hold /proc/klpl_target "1 -1"
	insmod /files/klpl_live.ko || fail "klpl_live does not load"
	equal "the kernel's own: held up" 1 "$(cat /sys/kernel/livepatch/klpl_live/transition)"
	check "klpctl forces it" /files/klpctl force --yes klpl_live
	check "it is over" within 50 grep -q 0 /sys/kernel/livepatch/klpl_live/transition
	equal "it is enabled" 1 "$(cat /sys/kernel/livepatch/klpl_live/enabled)"
	let_go
}

# All have switched back, and it waits for who came to what was immediate before that
emptying() {
	enable klpl_lazy immediate=klpl_both
	hold /proc/klpl_target "recurse 1 -1"
	first=$holder
	echo 0 >$sys/klpl_lazy/enabled
	check "all but one have switched back" within 100 one_blocker klpl_lazy
	hold /proc/klpl_target "1 -1"
	kill -9 "$first"
	check "it waits for who is in it" within 100 grep -q "^$holder .* klpl_both\$" $sys/klpl_lazy/blockers
	check "there is no way back" ! sh -c "echo 1 >$sys/klpl_lazy/enabled" 2>/dev/null
	echo 1 >$sys/klpl_lazy/force
	equal "it is over at once" "0 0" "$(cat $sys/klpl_lazy/transition $sys/klpl_lazy/enabled | xargs)"
	check "with who is in it" grep -q klpl_ "/proc/$holder/stack"
	check "its module stays" ! rmmod klpl_lazy
	let_go
}

# One that replaces another: that one stays, too
replacing() {
	insmod /files/klpl_other.ko
	enable klpl_arrival
	hold /proc/klpl_other -1
	insmod /files/klpl_bad.ko kind=none replaces=klpl_arrival
	equal "one that replaces is held up" 1 "$(cat $sys/klpl_bad/transition)"
	echo 1 >$sys/klpl_bad/force
	equal "it is over at once" "0 1 0" "$(cat $sys/klpl_bad/transition $sys/klpl_bad/enabled $sys/klpl_arrival/enabled | xargs)"
	check "what it replaced stays" ! rmmod klpl_arrival
	let_go
	echo 0 >$sys/klpl_bad/enabled
	settle klpl_bad 0
	check "so does it" ! rmmod klpl_bad
}

# What a patch does while everything is stopped is done all the same, or it is not forced
hooked() {
	parameters=/sys/module/klpl_hooks/parameters
	# in what is below it
	hold /proc/klpl_target "1 -1"
	insmod /files/klpl_hooks.ko target_fail_apply=1
	equal "one with data is held up" 1 "$(cat $sys/klpl_hooks/transition)"
	check "what it does fails, and it is not forced" ! sh -c "echo 1 >$sys/klpl_hooks/force" 2>/dev/null
	check "as is said" logged 'klpl_hooks: not forced: what it does while everything is stopped failed \(-16\)'
	equal "it goes on, with nothing done" "1 N N" "$(cat $sys/klpl_hooks/transition $parameters/kernel $parameters/target | xargs)"
	echo 0 >$parameters/target_fail_apply
	echo 1 >$sys/klpl_hooks/force
	equal "over at once, with all of it done" "0 1 Y Y" \
		"$(cat $sys/klpl_hooks/transition $sys/klpl_hooks/enabled $parameters/kernel $parameters/target | xargs)"
	equal "and the code that goes with it" "patched, with 1" "$(cat /proc/cmdline)"
	let_go
	echo 0 >$sys/klpl_hooks/enabled
	settle klpl_hooks 0
}

run() {
	begin
	hold /proc/klpl_target "1 -1"
	insmod /files/klpl_task.ko
	sleep 0.5
	equal "held up" 1 "$(cat $sys/klpl_task/transition)"
	echo 0 >$sys/klpl_task/force
	equal "0 does nothing" 1 "$(cat $sys/klpl_task/transition)"
	check "nobody says yes" ! /files/klpctl force klpl_task </dev/null
	check "klpctl forces it" /files/klpctl force --yes klpl_task
	equal "over at once" "0 1" "$(cat $sys/klpl_task/transition) $(cat $sys/klpl_task/enabled)"
	check "which is told" logged 'klpl_task: forced; its module stays for good'
	equal "all are new" new "$(version)"
	let_go
	echo 0 >$sys/klpl_task/enabled
	settle klpl_task 0
	equal "it can be disabled" old "$(version)"
	check "and not removed" ! rmmod klpl_task
	echo 1 >$sys/klpl_task/enabled
	settle klpl_task 1
	equal "and enabled again" new "$(version)"
	# on the way back, and by a model that switches all at once
	for model in kernel quiesce refcount; do
		insmod /files/klpl_$model.ko
		settle klpl_$model 1
		hold /proc/klpl_target "1 -1"
		echo 0 >$sys/klpl_$model/enabled
		sleep 0.3
		equal "$model: held up" 1 "$(cat $sys/klpl_$model/transition)"
		echo 1 >$sys/klpl_$model/force
		equal "$model: over at once" "0 0" "$(cat $sys/klpl_$model/transition) $(cat $sys/klpl_$model/enabled)"
		check "$model: it stays" ! rmmod klpl_$model
		# who was left behind in it would see two versions of what comes on top
		insmod /files/klpl_second.ko
		check "$model: who is in it is waited for" within 50 grep -q "^$holder " $sys/klpl_second/blockers
		let_go
		settle klpl_second 1
		disable klpl_second
	done
	equal "what is below wins" new "$(version)"
	check "so does the loader" ! rmmod klp_loader
	emptying
	replacing
	hooked
	kernels_own
}
