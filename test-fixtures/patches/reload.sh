# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# patches: builtin-function
run() {
	for round in 1 2 3 4; do
		check "$round: plain" ! has /proc/meminfo '^Klpkit:'
		load_patch builtin-function || return
		check "$round: patched" has /proc/meminfo '^Klpkit: '
		disable_patch builtin-function || return
		check "$round: disabled" ! has /proc/meminfo '^Klpkit:'
		remove_patch builtin-function || return
		check "$round: gone" ! test -e /sys/module/klp_builtin_function
	done
}
