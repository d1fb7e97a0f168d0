# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: zram
state=/sys/block/zram0/initstate
listed() { /files/klpctl list | sed -n 's/.* zram:[a-z_]*,1//p'; }

run() {
	check "plain uptime" ! has /proc/uptime klpkit
	load_patch "$case_name" || return
	check "kernel's half alone" has /proc/uptime '^klpkit both$'
	equal "klpctl tells it" "(absent)" "$(listed)"
	insert zram
	equal "klpctl tells that the other half is there" "" "$(listed)"
	check "module's half" has $state '^0 klpkit both$'
	rmmod zram || fail "remove zram"
	equal "and that it has gone" "(absent)" "$(listed)"
	check "kernel's half still" has /proc/uptime '^klpkit both$'
	insert zram
	check "module's half again" has $state '^0 klpkit both$'
	unload_patch "$case_name"
	check "plain uptime again" ! has /proc/uptime klpkit
	check "plain module" has $state '^0$'
	rmmod zram || fail "remove zram at the end"
}
