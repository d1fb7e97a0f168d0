#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: kernel packages, QEMU
#
# Every case of test-fixtures/patches, on both stock kernels: derive its patch from the source,
# build it, boot the stock image, load it there and look at what it does. A line a case.
#
# A case is a NAME.sh for the guest; its patches are NAME.edit, or those that it names in a
# comment "# patches: ..."; "# modules: ..." are the kernel's modules that it needs, "# last" says
# that it leaves something behind, "# only: SERIES" that another test has it for the other. In an .edit, "# build: ..." are options for klp-build, "# with: ..."
# are other .edits whose patches go into the same module, and "# source: NAME" has it built from a
# copy of the source in a directory of that name, with the kernel's other parts named one by one.
#
#   KLPKIT_VM_SERIES="6.1 6.12"   the kernels     KLPKIT_VM_CASES="warn syscall"   the cases
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
fixtures=test-fixtures/patches
number=0

result() { # ok|not ok, what
	number=$((number + 1))
	echo "$1 $number - $2"
}

# What a comment "# KEY: words" of a file says.
comment() {
	sed -n "s/^# $1: //p" "$2"
}

module_name() {
	local name=klp_$1
	echo "${name//-/_}"
}

patches_of() {
	local named
	named=$(comment patches "$fixtures/$1.sh")
	echo "${named:-$1}"
}

list_cases() { # SERIES
	local file name only
	if [ -n "${KLPKIT_VM_CASES:-}" ]; then
		tr " " "\n" <<<"$KLPKIT_VM_CASES"
		return
	fi
	for last in 0 1; do
		for file in "$fixtures"/*.sh; do
			name=${file##*/}
			only=$(comment only "$file")
			[ "${only:-$1}" = "$1" ] || continue
			[ "$(grep -c '^# last' "$file")" != "$last" ] || echo "${name%.sh}"
		done
	done
}

# copy RELEASE SOURCE NAME: sets kernel, what the kernel is named with, and cache
copy() {
	local config
	# Links to the same files, where that can be: they are not written to.
	cp -al "$2" "$work/$3" 2>/dev/null || {
		rm -rf "${work:?}/$3"
		cp -a "$2" "$work/$3"
	}
	config=$(find "${XDG_CACHE_HOME:-$HOME/.cache}/klpkit/packages" /usr/src \
		-path "*linux-headers-$1/.config" 2>/dev/null | head -n 1)
	# In a cache of its own: nobody builds from there again.
	cache=$work/cache
	kernel=(--sourcedir "$work/$3" --config "$config" --symvers "${config%/.config}/Module.symvers"
		--vmlinuz "$image/boot/vmlinuz-$1" --modules "$image/lib/modules/$1")
}

# build RELEASE SOURCE PATCH: its module or, on failure, PATCH.failed with the reason's last words
build() {
	local name edit options with copied kernel=(--kernel "$1") patches=()
	local cache=${XDG_CACHE_HOME:-$HOME/.cache}
	name=$(module_name "$3")
	[ ! -e "$work/$name.ko" ] && [ ! -e "$work/$3.failed" ] || return 0
	read -ra options < <(comment build "$fixtures/$3.edit")
	read -ra with < <(comment with "$fixtures/$3.edit")
	copied=$(comment source "$fixtures/$3.edit")
	[ -z "$copied" ] || copy "$1" "$2" "$copied"
	for edit in "$3" "${with[@]}"; do
		patches+=("$work/$edit.patch")
		scripts/derive-patch "$fixtures/$edit.edit" "$2" >"$work/$edit.patch" \
			2>>"$work/$3.log" || patches+=("$edit was not derived")
	done
	XDG_CACHE_HOME=$cache timeout 600 build/klp-build "${kernel[@]}" -n "$name" -o "$work" \
		--report "$work/$3.json" "${options[@]}" "${patches[@]}" \
		>>"$work/$3.log" 2>&1 </dev/null
	[ -z "$copied" ] || rm -rf "${work:?}/$copied" "${work:?}/cache"
	[ ! -e "$work/$name.ko" ] || return 0
	grep -v "^[+#]" "$work/$3.log" | tail -n 1 >"$work/$3.failed"
	sed 's/^/# /' "$work/$3.log"
}

# boot RELEASE IMAGE CASE...: one verdict a line, as scripts/vm-judge prints them; its log is $log
boot() {
	local release=$1 image=$2 name patch arguments=()
	local -A seen=()
	shift 2
	for name; do
		arguments+=(--case "$fixtures/$name.sh")
		for patch in $(comment modules "$fixtures/$name.sh"); do
			arguments+=(--module "$patch")
		done
		for patch in $(patches_of "$name"); do
			[ -z "${seen[$patch]:-}" ] || continue
			seen[$patch]=1
			arguments+=(--file "$work/$(module_name "$patch").ko")
		done
	done
	scripts/vm --vmlinuz "$image/boot/vmlinuz-$release" --modules "$image/lib/modules/$release" \
		--log "$log" --timeout 1200 --file build/guest/probe --file build/guest/klpctl "${arguments[@]}"
}

# run_cases NUMBER RELEASE IMAGE CASE...: after a crash, the cases behind it get a boot of their own.
run_cases() {
	local part=$work/guest-$1 boots=0 log release=$2 image=$3 verdict name first left=()
	shift 3
	while [ $# -gt 0 ]; do
		boots=$((boots + 1))
		log=$part-$boots.log
		boot "$release" "$image" "$@" >"$part.verdicts" 2>"$part.err"
		sed 's/^/# /' "$part.err"
		left=()
		first=$1
		for name; do
			verdict=$(grep -E "^(not )?ok $name( |\$)" "$part.verdicts")
			case $verdict in
			'') left+=("$name") ;;
			ok*) result ok "$series $name" ;;
			*) result 'not ok' "$series $name: ${verdict#*- }" ;;
			esac
		done
		if verdict=$(grep '^not ok guest' "$part.verdicts"); then
			result 'not ok' "$series ${verdict#not ok } ($log)"
			if [ "${left[0]:-}" = "$first" ]; then
				for name in "${left[@]}"; do
					result 'not ok' "$series $name: did not run"
				done
				return
			fi
		fi
		set -- "${left[@]}"
	done
}

# build_cases RELEASE SOURCE CASE...: adds those that were built to good
build_cases() {
	local release=$1 source=$2 name patch failed
	shift 2
	for name; do
		failed=
		for patch in $(patches_of "$name"); do
			build "$release" "$source" "$patch"
			[ ! -e "$work/$patch.failed" ] || failed=$patch
		done
		if [ -n "$failed" ]; then
			result 'not ok' "$series $name: $failed was not built: $(cat "$work/$failed.failed")"
		else
			good+=("$name")
		fi
	done
}

test_series() {
	local series=$1 found release version image source cases half part good
	work=build/vm/$series
	rm -rf "$work"
	mkdir -p "$work"
	if ! found=$(scripts/kernel-packages release "$series" 2>&1); then
		result "not ok" "$series: ${found##*$'\n'}"
		return
	fi
	read -r release version <<<"$found"
	if ! image=$(scripts/kernel-packages image "$release" "$version" 2>"$work/fetch") ||
		! source=$(scripts/kernel-packages source "$version" 2>>"$work/fetch"); then
		result "not ok" "$series: $(tail -n 1 "$work/fetch")"
		return
	fi
	echo "# $release $version"
	mapfile -t cases < <(list_cases "$series")
	half=$(((${#cases[@]} + 1) / 2))
	# While a guest, which often waits, runs one half, the other is built.
	for part in 0 1; do
		good=()
		build_cases "$release" "$source" "${cases[@]:part * half:half}"
		run_cases $part "$release" "$image" "${good[@]}" >"$work/guest-$part.tap" &
	done
	wait
	cat "$work"/guest-[01].tap
}

mkdir -p build/vm
if ! MAKEFLAGS='' make -s guest; then
	result 'not ok' "the programs for the guest"
fi
# All kernels at once: a guest keeps one CPU busy.
# shellcheck disable=SC2206
series=(${KLPKIT_VM_SERIES:-6.1 6.12})
for one in "${series[@]}"; do
	test_series "$one" >"build/vm/$one.tap" &
done
wait
for one in "${series[@]}"; do
	cat "build/vm/$one.tap"
done | awk -v "n=$number" '/^(not )?ok [0-9]+ / { sub(/ok [0-9]+/, "ok " ++n) } { print } END { print "1.." n }'
