# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
preempt=/sys/kernel/debug/sched/preempt
zero() {
	dd if=/dev/zero of=/tmp/zero bs=1M count=8 2>/dev/null
	size=$(stat -c %s /tmp/zero)
	tr -d '\0' </tmp/zero >/tmp/rest
	equal "$1: bytes" 8388608 "$size"
	check "$1: all of them zero" ! test -s /tmp/rest
	rm -f /tmp/zero /tmp/rest
}
before() { zero "plain"; }
after() {
	zero "patched"
	check "the new code ran" logged 'patched: read_zero gave'
	was=$(sed 's/.*(\(.*\)).*/\1/' $preempt)
	# Each of these moves the target of the static call, in the patch too.
	for mode in full voluntary none; do
		echo $mode >$preempt || fail "switch to $mode"
		zero "patched, $mode"
	done
	echo "$was" >$preempt
}
