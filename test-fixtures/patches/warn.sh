# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# Open a seq_file as a process of this name.
open_as() {
	sh -c "printf %s $1 >/proc/self/comm; read line </proc/filesystems"
}
before() {
	open_as klpkit-x
	check "plain" ! logged 'seq_open for'
}
after() {
	forget_log
	open_as klpkit-x
	check "the new code" logged 'patched: seq_open for klpkit-x'
	expect_warning seq_open
	open_as klpkit-warn-on
	expect_end
	expect_warning seq_open
	open_as klpkit-warn
	expect_end
	check "its text" logged 'klpkit asked for 42'
	check "and it goes on" logged 'patched: seq_open for klpkit-warn$'
}
removed() {
	forget_log
	before
}
