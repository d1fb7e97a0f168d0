# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: builtin-function module-function
# modules: zram
# The same release, another build: the build-id in the patch is not that of the kernel.
run() {
	/files/probe flip-build-id /sys/kernel/notes /files/klp_builtin_function.ko /tmp/other.ko ||
		fail "no build-id of the kernel in the patch"
	check "a patch for another kernel is refused" ! insmod /tmp/other.ko
	check "and says so" logged '[Bb]uild.?[Ii][Dd]'
	check "it is not in" ! test -e /sys/module/klp_builtin_function
	check "and does nothing" ! has /proc/meminfo '^Klpkit:'

	insert zram
	/files/probe flip-build-id /sys/module/zram/notes/.note.gnu.build-id \
		/files/klp_module_function.ko /tmp/other.ko || fail "no build-id of the module in the patch"
	forget_log
	check "a patch for another module is refused" ! insmod /tmp/other.ko
	check "and says so, too" logged '[Bb]uild.?[Ii][Dd]'
	check "it does nothing" has /sys/block/zram0/initstate '^0$'
	rmmod zram
}
