#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fails the first allocation, the second, ... of a run of the differ over each of test-fixtures/pairs:
# an error or the usual result, nothing left over, no partial output (fail-alloc.c).
set -u

cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0
flags=(-std=gnu11 -O2 -g -w -Itest-fixtures/pairs -Iinclude -ffunction-sections -fdata-sections -fno-pie
	-fno-common -mcmodel=kernel -mno-red-zone -fno-asynchronous-unwind-tables -fno-jump-tables
	-fno-stack-protector -mno-sse -pg -mfentry -mrecord-mcount -fcf-protection=none)
printf '0x00000000\t__fentry__\tvmlinux\tEXPORT_SYMBOL\t\n' >"$work/Module.symvers"

for file in test-fixtures/pairs/*.c; do
	name=$(basename "$file" .c)
	# what the differ itself refuses to read
	grep -q '^// exit: 1$' "$file" && continue
	gcc "${flags[@]}" -c -o "$work/orig.o" "$file" &&
		gcc "${flags[@]}" -DPATCHED -c -o "$work/patched.o" "$file" || exit 1
	nm -p "$work/orig.o" | awk '$2 !~ /^[UN]$/ && NF == 3 {
		printf "ffffffff%08x %s %s\n", 2164260864 + NR * 64, $2, $3 }' >"$work/System.map"
	count=$((count + 1))
	options=ldp
	! grep -q '^// parent: some_module$' "$file" || options+=m
	if build/differ/tests/fail-alloc "$work/orig.o" "$work/patched.o" "$work/System.map" \
		"$work/Module.symvers" "$work/out.o" $options >"$work/log" 2>&1; then
		echo "ok $count - $name: $(tail -n 1 "$work/log")"
	else
		echo "not ok $count - $name"
		sed 's/^/# /' "$work/log"
	fi
done
echo "1..$count"
