# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: tipc
event=/sys/kernel/tracing/events/tipc/tipc_sk_create/enable
trace=/sys/kernel/tracing/trace
make_socket() { check "$1: a socket" /files/probe tipc-socket; }

run() {
	load_patch "$case_name" || return
	insert tipc
	make_socket "patched, off"
	check "the new code" logged 'patched: a socket of type'
	echo 1 >$event
	make_socket "patched, on"
	check "the patched function does not fire it" ! has $trace tipc_sk_create:
	unload_patch "$case_name"
	forget_log
	make_socket "plain, on"
	check "not the new code" ! logged 'patched: a socket'
	check "the original fires it" has $trace tipc_sk_create:
	echo 0 >$event
	make_socket "plain, off"
	load_patch "$case_name" || return
	make_socket "patched again"
	check "the new code again" logged 'patched: a socket of type'
	unload_patch "$case_name"
	rmmod tipc || fail "remove tipc"
}
