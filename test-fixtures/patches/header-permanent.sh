# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# last: one of the objects has a function that is jumped to, so that the patch is permanent
keep=klp_header_permanent
before() { check "plain" ! has /proc/loadavg '^10[0-9]\.'; }
after() {
	check "one user" has /proc/loadavg '^10[0-9]\.[12][0-9][0-9] 10[0-9]\.'
	if cat /proc/pressure/cpu >/tmp/pressure 2>/dev/null; then
		check "another user" has /tmp/pressure 'avg10=1[0-9][0-9]\.[12][0-9][0-9]'
	fi
}
run() {
	before
	load_patch "$case_name" || return
	after
	check "it is permanent" ! rmmod klp_header_permanent
	disable_patch "$case_name"
	check "also when it is disabled" ! rmmod klp_header_permanent
	before
}
