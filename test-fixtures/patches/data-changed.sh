# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: data-limit data-changed
factor=/proc/sys/vm/watermark_scale_factor
set_factor() { echo "$1" >$factor; }
run() {
	load_patch data-limit || return
	check "the first one's limit" set_factor 70000
	check "the second does not find what it was built with" ! insmod /files/klp_data_changed.ko
	check "which is told" logged 'klpkit: [a-z_]+ at [0-9]+ of vmlinux holds 0x[0-9a-f]+, not'
	check "it is not there" ! test -e /sys/module/klp_data_changed
	check "the first one's limit holds" set_factor 80000
	check "back" set_factor 20
	unload_patch data-limit
	check "the limit is the kernel's again" ! set_factor 4000
	load_patch data-changed || return
	check "the second one's limit" set_factor 60000
	check "above it" ! set_factor 70000
	check "back again" set_factor 20
	unload_patch data-changed
	check "and the kernel's again" ! set_factor 4000
}
