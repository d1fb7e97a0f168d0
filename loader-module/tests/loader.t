#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: kernel packages, QEMU
#
# The loader in both stock kernels: test-fixtures/loader/cases. A line a case.
#
#   KLPKIT_VM_SERIES="6.1 6.12"   the kernels     KLPKIT_VM_CASES="mixing"   the cases
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
fixtures=test-fixtures/loader
number=0

result() { # ok|not ok, what
	number=$((number + 1))
	echo "$1 $number - $2"
}

cases() {
	local file name
	for file in "$fixtures"/cases/*.sh; do
		name=${file##*/}
		name=${name%.sh}
		[ -n "${KLPKIT_VM_CASES:-}" ] && [[ " $KLPKIT_VM_CASES " != *" $name "* ]] || echo "$name"
	done
}

test_series() {
	local series=$1 found release version headers image out name arguments=() verdict
	if ! found=$(scripts/kernel-packages release "$series" 2>&1); then
		result ok "$series # SKIP ${found##*$'\n'}"
		return
	fi
	read -r release version <<<"$found"
	out=build/loader/$release
	mkdir -p "$out"
	if ! image=$(scripts/kernel-packages image "$release" "$version" 2>"$out/fetch") ||
		! headers=$(scripts/kernel-packages headers "$release" "$version" 2>>"$out/fetch"); then
		result ok "$series # SKIP $(tail -n 1 "$out/fetch")"
		return
	fi
	scripts/build-loader "$headers" "$out" "$fixtures" >"$out/log" 2>&1
	[ $? -eq 0 ] && ! grep -q -i warning "$out/log"
	verdict=$?
	[ $verdict -eq 0 ] || sed 's/^/# /' "$out/log"
	result "$([ $verdict -eq 0 ] && echo ok || echo 'not ok')" "$series builds without a warning"
	for name in $(cases); do
		arguments+=(--case "$fixtures/cases/$name.sh")
	done
	for name in "$out"/klp_loader.ko "$out"/fixtures/*.ko "$fixtures/lib.sh"; do
		arguments+=(--file "$name")
	done
	scripts/vm --vmlinuz "$image/boot/vmlinuz-$release" --log "$out/guest.log" --timeout 900 \
		"${arguments[@]}" >"$out/verdicts" 2>"$out/vm.err"
	sed 's/^/# /' "$out/vm.err"
	for name in $(cases); do
		verdict=$(grep -E "^(not )?ok $name( |\$)" "$out/verdicts")
		case $verdict in
		'') result 'not ok' "$series $name: did not run" ;;
		ok*) result ok "$series $name" ;;
		*) result 'not ok' "$series $name: ${verdict#*- }" ;;
		esac
	done
	if verdict=$(grep '^not ok guest' "$out/verdicts"); then
		result 'not ok' "$series ${verdict#not ok } ($out/guest.log)"
	fi
}

for series in ${KLPKIT_VM_SERIES:-6.1 6.12}; do
	test_series "$series"
done
echo "1..$number"
