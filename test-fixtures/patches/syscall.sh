# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
mask() { sh -c "umask $1; umask"; }
before() { equal "plain" 0123 "$(mask 0123)"; }
after() {
	equal "the system call" 0321 "$(mask 0123)"
	equal "the rest of it" 0022 "$(mask 0022)"
}
