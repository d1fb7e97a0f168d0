# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() { check "plain" test "$(uname -n)" != klpkit-syscall; }
after() {
	equal "the system call" klpkit-syscall "$(uname -n)"
	equal "the rest of it" "$(cat /proc/sys/kernel/osrelease)" "$(uname -r)"
}
