# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
works() { sed -n 's/^works //p' /proc/version; }
run() {
	load_patch drained || return
	first=$(works)
	sleep 0.3
	check "the work is done" [ "$(works)" -gt "$first" ]
	# one is on its way
	disable_patch drained
	check "it was drained" logged 'klpkit: drained'
	remove_patch drained
	check "plain" ! has /proc/version '^works'
	sleep 0.2
}
