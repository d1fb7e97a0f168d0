# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
event=/sys/class/mem/null/uevent
before() { check "plain" ! has $event KLPKIT; }
after() {
	check "the new code" has $event '^KLPKIT=patched$'
	check "the rest" has $event '^DEVNAME=null$'
	check "no print by itself" ! logged "klpkit: uevent of 'null'"
	control=/sys/kernel/debug/dynamic_debug/control
	check "the print is listed" grep -q 'klpkit: uevent' $control
	echo 'format "klpkit: uevent" +p' >$control
	cat $event >/dev/null
	check "a print that is switched on" logged "klpkit: uevent of 'null'"
	echo 'format "klpkit: uevent" -p' >$control
	forget_log
	cat $event >/dev/null
	check "and off again" ! logged "klpkit: uevent of 'null'"
}
