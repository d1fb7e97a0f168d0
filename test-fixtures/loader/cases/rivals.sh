# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# Others who use a patched function: each works together with it, or one of the two is refused, and told of the other.
. /files/lib.sh

tracing=/sys/kernel/debug/tracing

patch() {
	insmod /files/klpl_bad.ko kind=none deadline_ms=5000
}

patched() {
	settle klpl_bad 1
	equal "$1: the patch has its effect" '' "$(cat /proc/cmdline)"
}

unpatch() {
	disable klpl_bad
	check "$1: the function is as it was" grep -q console /proc/cmdline
}

rival() {
	insmod /files/klpl_rival.ko "kind=$1"
}

# A patch of the kernel's own has to be disabled first
no_rival() {
	if [ "$1" = livepatch ]; then
		echo 0 >/sys/kernel/livepatch/klpl_rival/enabled
		while [ -e /sys/kernel/livepatch/klpl_rival ]; do sleep 0.1; done
	fi
	remove klpl_rival
}

# One of the two
excluded() { # KIND REASON
	rival "$1" || fail "$1 does not load"
	check "$1 has it: we are refused" ! patch
	check "$1 has it: it is named" logged "klp_loader: cmdline_proc_show\(\) cannot be redirected: $2"
	no_rival "$1"
	patch
	patched "before $1"
	check "$1: refused when we have it" ! rival "$1"
	[ "$(cat $sys/klpl_bad/vmlinux/cmdline_proc_show,1/state)" != direct ] || check "$1: and told by which patch" \
		logged 'klp_loader: cmdline_proc_show\(\) is not for others who change where it goes on: klpl_bad has its direct call'
	patched "after $1"
	unpatch "$1"
}

# Both, whoever was first
together() { # KIND
	rival "$1" || fail "$1 does not load"
	patch
	patched "$1 was first"
	hits=/sys/module/klpl_rival/parameters/hits
	before=$(cat $hits)
	cat /proc/cmdline
	check "$1 was first: it is hit" [ "$(cat $hits)" -gt "$before" ]
	no_rival "$1"
	patched "$1 has gone"
	rival "$1" || fail "$1 does not load"
	before=$(cat $hits)
	patched "$1 came later"
	check "$1 came later: it is hit" [ "$(cat $hits)" -gt "$before" ]
	unpatch "$1"
	before=$(cat $hits)
	cat /proc/cmdline >/dev/null
	check "$1 stays when we go" [ "$(cat $hits)" -gt "$before" ]
	no_rival "$1"
}

trace() { # TRACER
	echo cmdline_proc_show >$tracing/set_ftrace_filter
	echo "$1" >$tracing/current_tracer
	echo >$tracing/trace
}

traced() {
	cat /proc/cmdline >/dev/null
	check "$1: the call is seen" grep -q cmdline_proc_show $tracing/trace
}

no_trace() {
	echo nop >$tracing/current_tracer
	echo >$tracing/set_ftrace_filter
}

tracer() { # TRACER
	trace "$1"
	patch
	patched "$1 was first"
	traced "$1 was first"
	unpatch "$1 was first"
	traced "$1, without a patch"
	patch
	settle klpl_bad 1
	no_trace
	patched "$1 has gone"
	trace "$1"
	patched "$1 came later"
	traced "$1 came later"
	unpatch "$1 came later"
	no_trace
}

run() {
	begin alone
	[ ! -e /sys/kernel/livepatch ] || excluded livepatch "the kernel's own live patch klpl_rival has it"
	excluded post-handler 'a kprobe with the post-handler post_handler.*klpl_rival.* has it'
	together kprobe
	together kretprobe
	for one in function function_graph; do
		grep -qw "$one" $tracing/available_tracers && tracer "$one"
	done
	check "ftrace cannot be turned off while the loader is there" ! sh -c 'echo 0 >/proc/sys/kernel/ftrace_enabled'
	patch
	patched "as told"
	unpatch "at the end"
	finish alone
	echo 0 >/proc/sys/kernel/ftrace_enabled
	check "while it is off the loader does not load" ! insmod /files/klp_loader.ko
	check "and says so" logged 'klp_loader: ftrace is turned off'
	echo 1 >/proc/sys/kernel/ftrace_enabled
	begin alone
	finish alone
}
