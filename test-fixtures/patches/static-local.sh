# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
drop() { echo "$1" >/proc/sys/vm/drop_caches; }

# Once quiet, it stays so up to the next boot: this case can run only once in a guest.
run() {
	drop 1
	check "talks at first" logged 'drop_caches: 1$'
	forget_log
	load_patch "$case_name" || return
	drop 1
	check "the live value is seen: it talks" logged 'patched: still talking'
	check "new static local" logged 'patched: drop_caches, count 41$'
	drop 4
	forget_log
	drop 1
	check "the patched function is quiet" ! logged 'drop_caches: |still talking'
	check "new static local keeps its value" logged 'patched: drop_caches, count 43$'
	unload_patch "$case_name"
	forget_log
	drop 1
	check "the old function saw the change" ! logged 'drop_caches'
	load_patch "$case_name" || return
	drop 1
	check "and so does the patch, loaded again" ! logged 'still talking'
	check "whose own static begins anew" logged 'patched: drop_caches, count 41$'
	unload_patch "$case_name"
}
