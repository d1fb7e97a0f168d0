# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
drop() {
	forget_log
	echo "$1" >/proc/sys/vm/drop_caches
}
before() {
	drop 2
	check "not the new code" ! logged patched
}
after() {
	drop 2
	check "the new code" logged 'patched: dropping slabs for'
	drop 1
	check "not on the other way" ! logged 'patched: dropping slabs'
	check "which works" logged 'drop_caches: 1'
}
