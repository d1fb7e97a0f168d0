# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# A module that is being initialised when the loader comes: a patch of it waits until anybody may be in it, and then takes it for there.
. /files/lib.sh

initstate() {
	cat /sys/module/klpl_target/initstate
}

run() {
	insmod /files/klpl_target.ko "init_ms=$(ms 3000)" &
	target=$!
	check "it is on its way" within 20 grep -q coming /sys/module/klpl_target/initstate
	begin alone
	equal "it still is" coming "$(initstate)"
	enable klpl_arrival
	equal "it is there" live "$(initstate)"
	wait $target
	forget_log
	echo tell >/proc/klpl_target
	check "and patched" logged 'klpl_target: 7 and 1'
	disable klpl_arrival
	finish alone
	rmmod klpl_target
}
