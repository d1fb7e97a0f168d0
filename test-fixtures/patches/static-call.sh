# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
preempt=/sys/kernel/debug/sched/preempt
zero() { check "$1: eight megabytes of zeroes" /files/probe readv-zero 8; }
before() { zero "plain"; }
after() {
	zero "patched"
	check "the new code ran" logged 'patched: read_iter_zero gave'
	was=$(sed 's/.*(\(.*\)).*/\1/' $preempt)
	# Each of these moves the target of the static call, in the patch too.
	for mode in full voluntary none; do
		echo $mode >$preempt || fail "switch to $mode"
		zero "patched, $mode"
	done
	echo "$was" >$preempt
}
