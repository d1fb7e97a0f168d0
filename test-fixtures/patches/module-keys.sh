# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: kvm_amd
# The processor that is emulated can run virtual machines: kvm's operations are those of kvm_amd then. Its key is on while
# there is a processor without an interrupt controller; then each is asked, and before all have one.
run() {
	load_patch "$case_name" || return
	insert kvm_amd
	check "an operation by its trampoline" /files/probe kvm
	dmesg | sed -n 's/.*patched: the counters of processor 0, //p' >/tmp/told
	capture cat /tmp/told
	printf 'apic 1, told\napic 0, others have none, told\napic 1, others have none, told\n' >/tmp/expected
	check "the key is off, on, and on" cmp /tmp/told /tmp/expected
	unload_patch "$case_name"
	forget_log
	check "the operation" /files/probe kvm
	check "not the new code" ! logged 'patched: the counters'
	rmmod kvm_amd || fail "remove kvm_amd"
	rmmod kvm || fail "remove kvm"
}
