# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
before() {
	mkdir -p /tmp/dir
	: >/tmp/dir/klpkit-hidden
	: >/tmp/dir/other
	check "plain" test "$(ls /tmp/dir)" = "klpkit-hidden
other"
	equal "a bad address, plain" EFAULT "$(/files/probe getdents-fault /tmp/dir)"
}
after() {
	equal "the new code" other "$(ls /tmp/dir)"
	equal "a bad address, patched" EFAULT "$(/files/probe getdents-fault /tmp/dir)"
	equal "and it still works" other "$(ls /tmp/dir)"
}
