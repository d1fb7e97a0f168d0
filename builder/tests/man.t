#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# TAP: each program's page is well formed and has every option of its --help, and no other.
set -u

cd "$(dirname "$0")/../.." || exit 1
count=0

result() { # STATUS NAME [LINES]
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		[ -z "${3:-}" ] || printf '%s\n' "$3" | sed 's/^/#   /'
	fi
}

for page in man/*.scd; do
	lint=$(scdoc <"$page" 2>&1 | mandoc -Tlint -W error 2>&1)
	result $? "$page is well formed" "$lint"
done
for program in create-diff-object klp-diff klp-build; do
	difference=$(diff <("build/$program" --help | grep -oE -- '^ .*--[a-z][a-z-]*' |
		grep -oE -- '--[a-z][a-z-]*' | sort -u) \
		<(grep -oE -- '\*--[a-z][a-z-]*' "man/$program.1.scd" | tr -d '*' |
			{ cat; [ "$program" = klp-build ] || printf '%s\n' --help --usage; } |
			sort -u))
	result $? "the page of $program has the options of its help" "$difference"
done
echo "1..$count"
