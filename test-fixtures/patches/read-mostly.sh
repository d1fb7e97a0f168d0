# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
one_mount() { mount -t tmpfs none /tmp/mount && umount /tmp/mount; }
before() {
	mkdir -p /tmp/mount
	echo 100000 >/proc/sys/fs/mount-max
	check "plain" one_mount
	check "not the new code" ! logged 'patched: limit'
}
after() {
	check "patched" one_mount
	check "the live variable and the new one" logged 'patched: limit 100000, 701$'
	echo 54321 >/proc/sys/fs/mount-max
	check "patched, again" one_mount
	check "both follow" logged 'patched: limit 54321, 702$'
	echo 100000 >/proc/sys/fs/mount-max
}
removed() {
	forget_log
	before
}
