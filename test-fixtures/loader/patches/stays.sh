# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: permanent
# What is marked permanent is disabled as any other, and stays in memory; and with it the loader. The last case.
keep=klp_permanent
leave() { :; }
run() {
	check "plain" ! has /proc/version ticks
	load_patch permanent || return
	check "nothing ran yet" has /proc/version '^ticks 0 works 0$'
	sleep 1
	check "timer and work ran once" has /proc/version '^ticks 1 works 1$'
	check "it is said why it stays" logged 'klp_permanent cannot be removed: klpkit_tick of vmlinux is held: '
	disable_patch permanent
	check "its functions are plain" ! has /proc/version ticks
	check "it cannot be removed" ! rmmod klp_permanent
	check "nor the loader" ! rmmod klp_loader
	check "it can be enabled again" sh -c "echo 1 >$patch_sys/klp_permanent/enabled"
	wait_transition permanent 1
	check "and has its effect" has /proc/version ticks
	disable_patch permanent
	/files/klpctl info "/files/klp_permanent.ko" >/tmp/info || fail "klpctl info"
	capture cat /tmp/info
	check "what its file says: for which backend" has /tmp/info '^klpkit_backend +loader$'
	check "for which kernel" grep -qF " $(uname -r) " /tmp/info
	check "its functions" has /tmp/info '^function +vmlinux:version_proc_show,1$'
	check "from what" has /tmp/info '^klpkit_built_from +permanent.patch '
}
