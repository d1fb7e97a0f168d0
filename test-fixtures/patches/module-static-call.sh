# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: kvm_amd
# The processor that is emulated can run virtual machines: kvm's operations are those of kvm_amd then.
run() {
	load_patch "$case_name" || return
	insert kvm_amd
	check "an operation by its trampoline" /files/probe kvm
	check "the new code" logged 'patched: the counters of processor 0'
	unload_patch "$case_name"
	forget_log
	check "the operation" /files/probe kvm
	check "not the new code" ! logged 'patched: the counters'
	rmmod kvm_amd || fail "remove kvm_amd"
	rmmod kvm || fail "remove kvm"
}
