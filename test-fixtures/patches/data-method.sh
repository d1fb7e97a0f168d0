# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# last: what stays in must not be in the way of others
# The report says that it is permanent. Its table is as before once it is disabled.
keep=klp_data_method
sync_null() { dd if=/dev/zero of=/dev/null bs=1 count=1 conv=fsync; }
run() {
	check "there is no method" ! sync_null
	load_patch data-method || return
	check "there is one" sync_null
	check "it is the patch's" logged 'klpkit: synced'
	check "the others are still there" dd if=/dev/null of=/tmp/nothing
	check "it cannot be removed" ! rmmod klp_data_method
	echo 0 >/sys/kernel/livepatch/klp_data_method/enabled
	wait_transition data-method 0
	check "it is gone again" ! sync_null
	check "but the patch is in memory" test -e /sys/module/klp_data_method
}
