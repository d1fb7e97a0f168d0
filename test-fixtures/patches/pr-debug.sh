# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
event=/sys/class/mem/null/uevent
before() { check "plain" ! has $event KLPKIT; }
after() {
	check "the new code" has $event '^KLPKIT=patched$'
	check "the rest" has $event '^DEVNAME=null$'
}
