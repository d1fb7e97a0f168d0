# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# only: debug
# Each allocation fails once, of enabling and disabling a patch, of loading one, and of a birth in between: it is refused with nothing
# left behind, or works all the same, as it must for those of the worker, whom nobody has asked. Only kernels that are built for it can
# be made to do so.
. /files/lib.sh

debug=/sys/kernel/debug

# each FIRST STEP WHAT FILE TEXT: runs "after" after each attempt, with "ok" or the error, until no more is to fail
each() {
	nth=$1
	step=$2
	shift 2
	while :; do
		forget_log
		expect_warning memory
		outcome=$(/files/probe fail-nth $nth "$@" 2>&1)
		expect_end
		case $outcome in
		"injected ok" | "injected ENOMEM" | "injected EAGAIN" | "not-injected ok") ;;
		# a module that ftrace does not know the functions of
		"injected EINVAL") logged 'ftrace: failed to allocate entries for module' || fail "$1 $2, allocation $nth: $outcome" ;;
		*) fail "$1 $2, allocation $nth: $outcome" ;;
		esac
		after "${outcome#* }"
		[ "${outcome% *}" = injected ] || break
		# on 6.1 each node for a hooked return is one of its own: thousands of the same
		[ $nth -lt 600 ] || step=101
		nth=$((nth + step))
	done
	check "$1 $2 $3: up to allocation $nth" [ $nth -gt $step ]
}

loaded() {
	if [ "$1" = ok ]; then
		settle klpl_$model 1
		disable klpl_$model
	else
		check "nothing is left, $nth" [ ! -e $sys/klpl_$model -a ! -e /sys/module/klpl_$model ]
	fi
}

# The way to 0 or 1, and back
written() { # WANTED RESULT
	if [ "$2" = ok ]; then
		settle klpl_$model "$1"
		echo $((1 - $1)) >$sys/klpl_$model/enabled
	fi
	settle klpl_$model $((1 - $1))
}

# One that replaces another: the other one stays as it is, or is replaced
replacing() {
	if [ "$1" = ok ]; then
		settle klpl_second 1
		settle klpl_task 0
		echo 1 >$sys/klpl_task/enabled
		settle klpl_task 1
		echo 0 >$sys/klpl_task/enabled
		settle klpl_task 0
		disable klpl_second
		echo 1 >$sys/klpl_task/enabled
		settle klpl_task 1
	else
		check "nothing is left, $nth" [ ! -e $sys/klpl_second -a ! -e /sys/module/klpl_second ]
	fi
	equal "it wins, $nth" direct "$(cat $sys/klpl_task/klpl_target/klpl_both,1/state)"
}

# A module that a patch is for: it is patched, or does not come
arriving() {
	if [ "$1" = ok ]; then
		equal "it is patched, $nth" 7 "$(cat /sys/module/klpl_target/parameters/at_init)"
		rmmod klpl_target || fail "klpl_target does not go"
	else
		check "it is not there, $nth" [ ! -e /sys/module/klpl_target ]
	fi
	equal "its part waits, $nth" absent "$(cat $sys/klpl_arrival/klpl_target/klpl_first,1/state)"
}

# The same in the middle of a transition, which goes on: the patch's versions move in the module, too
arriving_between() {
	if [ "$1" = ok ]; then
		equal "it has a part that moves, $nth" moving "$(cat $sys/klpl_arrival/klpl_target/klpl_first,1/state)"
		rmmod klpl_target || fail "klpl_target does not go"
	else
		check "it is not there, $nth" [ ! -e /sys/module/klpl_target ]
	fi
	equal "its part waits, $nth" absent "$(cat $sys/klpl_arrival/klpl_target/klpl_first,1/state)"
	equal "who holds it up does, $nth" 1 "$(cat $sys/klpl_arrival/transition)"
}

# Born in a transition: it is, or is not
born() {
	within "$(ms 50)" one_blocker klpl_$model || fail "born, $nth: others hold it up"
}

# arm NTH: those who may do the loader's work
arm() {
	armed=
	for one in /proc/[0-9]*; do
		case $(cat "$one/comm" 2>/dev/null) in kworker/u*)
			one=$one/task/${one#/proc/}/fail-nth
			echo "$1" >"$one"
			armed="$armed $one"
			;;
		esac
	done
}

# Has an allocation of theirs failed since?
disarm() {
	failed=1
	for one in $armed; do
		read -r left <"$one" || continue
		[ "$left" != 0 ] || failed=0
		echo 0 >"$one"
	done
	return $failed
}

# The kernel has one of them start a program for it.
workers_fail() {
	expect_warning memory
	arm 1
	mount -t no-such-thing none /tmp 2>/dev/null
	expect_end
	disarm
}

# worked PATCH: the way there and back with each allocation of theirs, until none fails for some rounds
worked() {
	nth=1
	idle=0
	while [ $idle -lt 3 ]; do
		idle=$((idle + 1))
		for wanted in 0 1; do
			expect_warning memory
			arm $nth
			echo $wanted >"$sys/$1/enabled" || fail "$1: $wanted, $nth"
			settle "$1" $wanted
			expect_end
			if disarm; then
				say "$1: $wanted: allocation $nth of a worker"
				idle=0
			fi
		done
		nth=$((nth + 1))
	done
}

run() {
	for one in failslab fail_page_alloc; do
		echo N >$debug/$one/ignore-gfp-wait
		echo 0 >$debug/$one/verbose
	done
	begin
	check "allocations of workers can fail" workers_fail
	# most of loading is the kernel's own: each model has another third of it
	first=1
	for model in task refcount quiesce; do
		after() { loaded "$1"; }
		each $first 3 load /files/klpl_$model.ko few=1
		enable klpl_$model few=1
		after() { written 0 "$1"; }
		each 1 1 write $sys/klpl_$model/enabled 0
		worked klpl_$model
		echo 0 >$sys/klpl_$model/enabled
		settle klpl_$model 0
		after() { written 1 "$1"; }
		each 1 1 write $sys/klpl_$model/enabled 1
		remove klpl_$model
		first=$((first + 1))
	done
	equal "the old code" old "$(version)"
	for model in task lazy; do
		hold /proc/klpl_target "1 -1"
		insmod /files/klpl_$model.ko few=1
		after() { born "$1"; }
		each 1 1 fork /proc/klpl_target "20 0"
		let_go
		settle klpl_$model 1
		disable klpl_$model
	done
	enable klpl_task few=1
	after() { replacing "$1"; }
	each 2 3 load /files/klpl_second.ko "few=1 replace=1"
	disable klpl_task
	rmmod klpl_target
	enable klpl_arrival
	after() { arriving "$1"; }
	each 1 2 load /files/klpl_target.ko at_parameter=1
	disable klpl_arrival
	insmod /files/klpl_other.ko
	hold /proc/klpl_other -1
	insmod /files/klpl_arrival.ko
	echo 36000000 >$sys/klpl_arrival/deadline_ms
	after() { arriving_between "$1"; }
	each 2 2 load /files/klpl_target.ko at_parameter=1
	let_go
	settle klpl_arrival 1
	rmmod klpl_other
	insmod /files/klpl_target.ko
	disable klpl_arrival
	finish
}
