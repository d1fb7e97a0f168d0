#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzzers' seeds, and every input that once was a finding (test-fixtures/fuzz/TARGET/), replayed
# under gcc's address and undefined-behaviour sanitizers.
set -u

cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
targets=(object symtab image symvers patch module pair)

echo "1..${#targets[@]}"
number=0
prepare() {
	scripts/fuzz-seeds "$work/seeds" &&
		make -s -j"$(nproc)" B=build/sanitized CFLAGS='-O1 -g' \
			SAN='-fsanitize=address,undefined -fno-sanitize-recover=undefined' \
			"${targets[@]/#/build/sanitized/fuzz-}"
}

if ! prepare >"$work/log" 2>&1; then
	sed 's/^/# /' "$work/log"
	exit 1
fi
for target in "${targets[@]}"; do
	number=$((number + 1))
	mapfile -t inputs < <(find "$work/seeds/$target" "test-fixtures/fuzz/$target" -type f 2>/dev/null | sort)
	if [ ${#inputs[@]} -gt 0 ] &&
		timeout 300 "build/sanitized/fuzz-$target" "${inputs[@]}" >"$work/log" 2>&1; then
		echo "ok $number - $target: ${#inputs[@]} inputs"
	else
		echo "not ok $number - $target: ${#inputs[@]} inputs"
		tail -n 20 "$work/log" | sed 's/^/#   /'
	fi
done
