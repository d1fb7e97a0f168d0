# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: data-limit same-data same-data-over
factor=/proc/sys/vm/watermark_scale_factor
set_factor() { echo "$1" >$factor; }
run() {
	load_patch data-limit || return
	check "another one is refused" ! insmod /files/klp_same_data.ko
	check "the owner is named" \
		logged 'klpkit: [a-z_]+ at [0-9]+ of vmlinux is changed by klp_data_limit already, which klp_same_data does not'
	check "it is not there" ! test -e /sys/module/klp_same_data
	check "the limit holds" set_factor 60000
	load_patch same-data-over || return
	check "one that replaces it has its place" ! has $patch_sys/klp_data_limit/enabled 1
	check "the limit holds, still" set_factor 70000
	remove_patch data-limit
	check "also without the first" set_factor 80000
	check "back" set_factor 20
	unload_patch same-data-over
	check "who has taken the change over undoes it" ! set_factor 4000
	load_patch same-data || return
	check "and it is free for another one" set_factor 60000
	check "back again" set_factor 20
	unload_patch same-data
	check "the limit is the kernel's again" ! set_factor 4000
}
