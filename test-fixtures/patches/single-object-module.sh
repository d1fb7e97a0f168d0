# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# modules: dummy
errors() { awk '/dummy0:/ { sub(/.*:/, ""); print $3 }' /proc/net/dev; }

run() {
	insert dummy
	ip link show dummy0 >/dev/null 2>&1 || ip link add dummy0 type dummy
	equal "plain" 0 "$(errors)"
	load_patch "$case_name" || return
	equal "patched" 4711 "$(errors)"
	unload_patch "$case_name"
	equal "plain again" 0 "$(errors)"
	rmmod dummy || fail "remove dummy"
}
