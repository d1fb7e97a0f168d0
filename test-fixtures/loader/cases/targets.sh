# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# Modules that come, fail, and go in the middle of a transition.
. /files/lib.sh

told() {
	forget_log
	echo tell >/proc/klpl_target
	check "$1" logged "klpl_target: $2"
}

under_way() {
	equal "$1" 1 "$(cat $sys/klpl_arrival/transition)"
}

for_model() {
	insmod /files/klpl_other.ko
	hold /proc/klpl_other -1
	insmod /files/klpl_arrival.ko "model=$1" || fail "$1: load"
	under_way "$1: it is held up"
	check "$1: a module that fails is refused by itself" ! insmod /files/klpl_target.ko fail=1
	for round in 1 2; do
		insmod /files/klpl_target.ko || fail "$1: the module is refused"
		at_init=$(cat /sys/module/klpl_target/parameters/at_init)
		rmmod klpl_target
		under_way "$1: it is still held up, $round"
	done
	case $1 in
	task) equal "$1: who loads it has switched" 7 "$at_init" ;;
	kernel | quiesce) equal "$1: nobody has switched" 1 "$at_init" ;;
	esac
	insmod /files/klpl_target.ko
	let_go
	settle klpl_arrival 1
	told "$1: it arrived in time" '7 and 1'
	hold /proc/klpl_other -1
	echo 0 >$sys/klpl_arrival/enabled
	under_way "$1: held up on the way back"
	rmmod klpl_target
	check "$1: one that fails, on the way back" ! insmod /files/klpl_target.ko fail=1
	insmod /files/klpl_target.ko
	let_go
	settle klpl_arrival 0
	told "$1: as it was" '1 and 1'
	rmmod klpl_target
	insmod /files/klpl_target.ko
	told "$1: and stays so" '1 and 1'
	remove klpl_arrival
	# the one that holds it up leaves, and its module with it
	hold /proc/klpl_other -1
	insmod /files/klpl_arrival.ko "model=$1"
	under_way "$1: held up again"
	let_go
	rmmod klpl_other
	settle klpl_arrival 1
	told "$1: enabled without it" '7 and 1'
	rmmod klpl_target
	disable klpl_arrival
}

run() {
	begin alone
	for model in task kernel quiesce lazy refcount; do
		for_model $model
	done
	finish alone
}
