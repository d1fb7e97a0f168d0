# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# Of hidden per-CPU counters, only a sane sum can be seen, and that it follows.
dentries() { cut -f1 /proc/sys/fs/dentry-state; }
sane() { check "$1: between $2 and $3: $(dentries)" test "$(dentries)" -gt "$2" -a "$(dentries)" -lt "$3"; }
before() { sane "plain" 100 1000000; }
after() {
	sane "patched" 7000100 8000000
	mkdir -p /tmp/many
	few=$(dentries)
	i=0
	while [ $i -lt 300 ]; do
		: >"/tmp/many/$i"
		i=$((i + 1))
	done
	sane "with 300 files more" $((few + 200)) $((few + 10000))
	rm -rf /tmp/many
}
