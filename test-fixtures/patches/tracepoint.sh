# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
tracing=/sys/kernel/tracing
rename() { sh -c 'printf %s klpkit-asked >/proc/self/comm; read name </proc/self/comm; echo "$name"'; }
events() {
	echo 1 >$tracing/events/task/task_rename/enable
	: >$tracing/trace
	rename >/dev/null
	echo 0 >$tracing/events/task/task_rename/enable
	cat $tracing/trace >/tmp/trace
	: >$tracing/trace
}
before() {
	equal "plain" klpkit-asked "$(rename)"
	events
	check "plain tracepoint" has /tmp/trace 'newcomm=klpkit-asked'
}
after() {
	equal "the new code" klpkit-given "$(rename)"
	events
	check "the tracepoint in the new code" has /tmp/trace 'newcomm=klpkit-given'
	forget_log
	equal "and with it off again" klpkit-given "$(rename)"
}
