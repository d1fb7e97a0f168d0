# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# What cannot be is refused with its reason, and leaves nothing.
. /files/lib.sh

refused() { # KIND REASON
	check "$1 is refused" ! insmod /files/klpl_bad.ko kind="$1"
	check "$1: why" logged "klp_loader: $2"
	check "$1: nothing is left" [ ! -e $sys/klpl_bad ]
	check "$1: nothing is redirected" ! grep -q cmdline_proc_show /sys/kernel/debug/tracing/enabled_functions
}

run() {
	begin alone
	refused unknown 'the kernel has no klpkit_there_is_no_such_function'
	refused several 'the kernel has [0-9]+ symbols s_show'
	refused position 'the kernel has no s_show,1000'
	refused fentry 'ring_buffer_lock_reserve\(\) cannot be redirected: it has no fentry'
	refused model 'klpl_bad: there is no model klpkit'
	finish alone
}
