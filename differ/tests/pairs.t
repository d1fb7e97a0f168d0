#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Compiles each source of test-fixtures/pairs/ twice, as it is and with -DPATCHED, in the ways of
# both target kernels, runs create-diff-object on the pair and checks what the source's comments
# ask for:
#
#   // exit: N              the exit code
#   // says: TEXT           a line of stdout or stderr contains TEXT
#   // silent: TEXT         no line contains it
#   // undefined: NAME      the output refers to the undefined symbol NAME
#   // no-undefined: NAME
#   // section: NAME [SIZE] the output has the section (of SIZE bytes, decimal)
#   // no-section: NAME
#   // symbol: NAME         the output defines NAME
#   // global: NAME         likewise, for other objects too
#   // parent: NAME         the parent object (default vmlinux)
#   // map: TYPE NAME       an entry of the parent's symbol table beside the object's own
#   // unmap: NAME          the parent does not have the object's own NAME
#   // export: NAME MODULE [NAMESPACE]  a line of Module.symvers
#   // only: 6.1|6.12       only in that kernel's way
#   // option: OPTION        for create-diff-object
#
# With arguments, only those of these names.
#
# The parent's symbol table is made from the original object's symbols.
set -u

cd "$(dirname "$0")/../.." || exit 1
tool=build/create-diff-object
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0

ok() {
	count=$((count + 1))
	echo "ok $count - $1"
}

not_ok() {
	count=$((count + 1))
	echo "not ok $count - $1"
	shift
	printf '#   %s\n' "$@"
}

common=(-std=gnu11 -O2 -g -Itest-fixtures/pairs -Iinclude -ffunction-sections -fdata-sections
	-fno-pie -fno-common -mcmodel=kernel -mno-red-zone -fno-asynchronous-unwind-tables
	-fno-jump-tables -fno-stack-protector -mno-sse -w -pg -mfentry -mrecord-mcount)
# shellcheck disable=SC2034 # by name, below
flags_6_1=(-fcf-protection=none)
# shellcheck disable=SC2034,SC2054
flags_6_12=(-fcf-protection=branch -fpatchable-function-entry=16,16)

# What the source asks for, a line each by key; without a process for each, since there are thousands.
load() { # FILE
	local line
	asked=([only]='' [parent]='' [exit]='')
	while IFS= read -r line; do
		[[ $line =~ ^//\ ([a-z-]+):\ (.*)$ ]] || continue
		asked[${BASH_REMATCH[1]}]+=${BASH_REMATCH[2]}$'\n'
	done <"$1"
}
declare -A asked

make_map() { # ORIG
	local address=4294967296 type name unmapped=${asked[unmap]:-}
	unmapped=${unmapped%$'\n'}
	{
		nm -p "$1" | sed -nE -e '/^[0-9a-f]* [UN] / d; / __pfx_/ d' \
			-e "/^[0-9a-f]* [a-zA-Z] (${unmapped//$'\n'/|})\$/ d" \
			-e 's/^[0-9a-f]* ([a-zA-Z]) (.*)$/\1 \2/p'
		printf '%s' "${asked[map]:-}"
	} | while read -r type name; do
		printf 'ffffffff%08x %s %s\n' $((address - 4294967296 + 2164260864)) "$type" "$name"
		address=$((address + 64))
	done
}

make_symvers() {
	local name module space
	while read -r name module space; do
		[ -z "$name" ] ||
			printf '0x00000000\t%s\t%s\tEXPORT_SYMBOL_GPL\t%s\n' "$name" "$module" "$space"
	done <<<"${asked[export]:-}"
	printf '0x00000000\t__fentry__\tvmlinux\tEXPORT_SYMBOL\t\n'
}

check() { # FILE KERNEL
	local file=$1 out=$work/out.o log=$work/log status want text name size failed=()
	local parent options=() said symbols
	parent=${asked[parent]%$'\n'}
	[ -z "${asked[option]:-}" ] || mapfile -t options <<<"${asked[option]%$'\n'}"
	rm -f "$out"
	"$tool" "${options[@]}" "$work/orig.o" "$work/patched.o" "${parent:-vmlinux}" "$work/System.map" \
		"$work/Module.symvers" klp_test "$out" >"$log" 2>&1
	status=$?
	want=${asked[exit]%$'\n'}
	said=$(<"$log")
	[ "$status" = "$want" ] || failed+=("exit $status, not $want")
	if [ "$want" != 0 ] && [ -e "$out" ]; then
		failed+=("left an output behind")
	fi
	while read -r text; do
		[[ $said = *"$text"* ]] || failed+=("does not say: $text")
	done <<<"${asked[says]:-}"
	while read -r text; do
		[[ -z $text || $said != *"$text"* ]] || failed+=("says: $text")
	done <<<"${asked[silent]:-}"
	if [ -e "$out" ]; then
		nm -p "$out" >"$work/nm"
		symbols=$'\n'$(<"$work/nm")$'\n'
		readelf -SW "$out" | sed 's/^ *\[ *[0-9]*\] //' >"$work/sections"
		while read -r name; do
			[[ -z $name || $symbols = *$'\n'"                 U $name"$'\n'* ]] ||
				failed+=("does not refer to $name")
		done <<<"${asked[undefined]:-}"
		while read -r name; do
			[[ -z $name || $symbols != *$'\n'"                 U $name"$'\n'* ]] ||
				failed+=("refers to $name")
		done <<<"${asked[no-undefined]:-}"
		while read -r name; do
			[ -z "$name" ] || grep -qE "^[0-9a-f]+ [a-zA-Z] $name\$" "$work/nm" ||
				failed+=("does not define $name")
		done <<<"${asked[symbol]:-}"
		while read -r name; do
			[ -z "$name" ] || grep -qE "^[0-9a-f]+ [A-Z] $name\$" "$work/nm" ||
				failed+=("does not define $name globally")
		done <<<"${asked[global]:-}"
		while read -r name size; do
			[ -n "$name" ] || continue
			text=$(awk -v n="$name" '$1 == n { print $5; exit }' "$work/sections")
			if [ -z "$text" ]; then
				failed+=("has no section $name")
			elif [ -n "$size" ] && [ $((16#$text)) -ne "$size" ]; then
				failed+=("$name has $((16#$text)) bytes, not $size")
			fi
		done <<<"${asked[section]:-}"
		while read -r name; do
			[ -z "$name" ] || ! awk -v n="$name" '$1 == n { f = 1 } END { exit !f }' "$work/sections" ||
				failed+=("has a section $name")
		done <<<"${asked[no-section]:-}"
		# a second run gives the same bytes, and the linker understands them
		"$tool" "${options[@]}" "$work/orig.o" "$work/patched.o" "${parent:-vmlinux}" "$work/System.map" \
			"$work/Module.symvers" klp_test "$work/again.o" >/dev/null 2>&1
		cmp -s "$out" "$work/again.o" || failed+=("a second run gives other bytes")
		ld -r -o "$work/linked.o" "$out" 2>"$work/ld.log" || failed+=("ld: $(<"$work/ld.log")")
		[ ! -s "$work/ld.log" ] || failed+=("ld: $(<"$work/ld.log")")
	elif [ "$want" = 0 ]; then
		failed+=("no output")
	fi
	if [ ${#failed[@]} -eq 0 ]; then
		ok "$2: $name_of"
	else
		not_ok "$2: $name_of" "${failed[@]}" "$said"
	fi
}

for file in test-fixtures/pairs/*.c; do
	name_of=$(basename "$file" .c)
	[ $# = 0 ] || [[ " $* " == *" $name_of "* ]] || continue
	load "$file"
	only=${asked[only]%$'\n'}
	for kernel in 6.1 6.12; do
		[ -z "$only" ] || [ "$only" = "$kernel" ] || continue
		declare -n flags=flags_${kernel/./_}
		if ! gcc "${common[@]}" "${flags[@]}" -c -o "$work/orig.o" "$file" 2>"$work/log" ||
			! gcc "${common[@]}" "${flags[@]}" -DPATCHED -c -o "$work/patched.o" "$file" \
				2>"$work/log"; then
			not_ok "$kernel: $name_of compiles" "$(<"$work/log")"
			continue
		fi
		make_map "$work/orig.o" >"$work/System.map"
		make_symvers >"$work/Module.symvers"
		check "$file" "$kernel"
	done
done
echo "1..$count"
