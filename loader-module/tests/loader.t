#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: kernel packages, QEMU
#
# The loader in both stock kernels: its own cases, test-fixtures/loader/cases; and patches that klp-build makes for it,
# some of those of the kernel's own live patching, test-fixtures/patches, and test-fixtures/loader/patches. A line a case.
#
#   KLPKIT_VM_SERIES="6.12 6.1"   the kernels     KLPKIT_VM_CASES="mixing"   the cases
#   KLPKIT_VM_APPEND="WORDS"      on the guest's command line
#
# "6.12-debug" is that one without CONFIG_LIVEPATCH, which looks for its own mistakes; "6.12-plain" one without either,
# "6.12-frame" one with frame pointers, "6.12-bare" one that does not have what the loader needs (scripts/debug-kernel).
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
fixtures=test-fixtures/loader
number=0

result() { # ok|not ok, what
	number=$((number + 1))
	echo "$1 $number - $2"
}

# wanted NAME: among the cases that are asked for
wanted() {
	[ -z "${KLPKIT_VM_CASES:-}" ] || [[ " $KLPKIT_VM_CASES " = *" $1 "* ]]
}

cases() {
	local file name
	for file in "$fixtures"/cases/*.sh; do
		# "# only: KIND": it needs what other kernels do not have
		name=$(sed -n 's/^# only: //p' "$file")
		[ -z "$name" ] || [[ $series = *-$name ]] || continue
		[[ $series != *-bare ]] || [ "$name" = bare ] || continue
		name=${file##*/}
		name=${name%.sh}
		! wanted "$name" || echo "$name"
	done
}

# make_loader: as README.md says that the loader is built, both ways
make_loader() {
	local wanted=build/loader/$release/klp_loader.ko how got verdict
	for how in "KERNEL=$release" "KDIR=$(scripts/kernel-packages build "$release")"; do
		rm -f "$wanted"
		got=$(MAKEFLAGS='' make -s loader "$how" 2>&1)
		[ "$got" = "$wanted" ] && [[ $(modinfo -F vermagic "$wanted") = "$release "* ]]
		verdict=$?
		[ $verdict -eq 0 ] || sed 's/^/# /' <<<"$got"
		result "$([ $verdict -eq 0 ] && echo ok || echo 'not ok')" "$series make loader ${how%%=*}="
	done
}

# For klp-build, with the model for each; for small kernels those that they have the code for
patches() { # SERIES
	local name names
	case $1 in
	*-debug) return ;; # they would have to be built with KASAN, which is not for patches
	*-bare) return ;;
	*-*)
		names="alternative:task included-source:task static-call:kernel static-local:task exception-table:task \
			warn:refcount single-object-module:task"
		# with frame pointers gcc makes one function of the system call
		[[ $1 = *-frame ]] || names+=" sibling:task"
		;;
	*) names="builtin-function:task module-function:kernel module-tracepoint:task cold-part:kernel exception-table:task \
		static-local:immediate syscall:task data-limit:kernel sibling:task at-once:kernel \
		data-states:task same-data:task some-of-them:task other-build:task same-name-static:task \
		at-once:quiesce converted:kernel stopped:lazy replaced-drains:task stays:task" ;;
	esac
	for name in $names; do
		! wanted "${name%:*}" || echo "$name"
	done
}

# Where a patch's files lie, NAME.edit and NAME.sh
path_of() {
	[ -e "$fixtures/patches/$1.edit" ] || [ -e "$fixtures/patches/$1.sh" ] && echo "$fixtures/patches/$1" || echo "test-fixtures/patches/$1"
}

# build_patch PATCH MODEL MODULE LOG, once for all cases
build_patch() {
	local options path
	[ "${modules_built[$3]:-}" != "$2" ] || return 0
	path=$(path_of "$1")
	read -ra options < <(sed -n 's/^# build: //p' "$path.edit")
	scripts/derive-patch "$path.edit" "$source" >"$out/$1.patch" || return
	# what the edit says for other tests may name a model, too: the last one counts
	build/klp-build "${which[@]}" "${options[@]}" --backend loader --model "$2" -n "$3" -o "$out" "$out/$1.patch" \
		>"$4" 2>&1 || {
		sed 's/^/# /' "$4"
		return 1
	}
	arguments+=(--file "$out/$3.ko")
	modules_built[$3]=$2
}

# patch_case NAME MODEL: its case in $out, and its module, or those that it names in a comment "# patches: ..."
patch_case() {
	local path case=loader-$1-$2 one several
	path=$(path_of "$1")
	several=$(sed -n 's/^# patches: //p' "$path.sh")
	for one in $several; do
		build_patch "$one" "$2" "klp_${one//-/_}" "$out/$one.log" || return
	done
	[ -n "$several" ] || build_patch "$1" "$2" "klp_${case//-/_}" "$out/$case.log" || return
	{
		echo 'patch_sys=/sys/kernel/klp_loader'
		echo 'leave() { rmmod klp_loader || fail "klp_loader does not go"; }'
		[ -n "$several" ] || echo "check 'not without the loader' ! insmod /files/klp_${case//-/_}.ko"
		echo 'insmod /files/klp_loader.ko'
		cat "$path.sh"
	} >"$out/cases/$case.sh"
}

# add_modules CASE: of the kernel, into the guest, if it has them
add_modules() {
	local one
	for one in $(sed -n 's/^# modules: //p' "$1"); do
		if [ -n "$(find "$modules/" -name "$one.ko*" -print -quit)" ]; then
			arguments+=(--module "$one")
		fi
	done
}

# kernel SERIES: sets release, source, vmlinuz, headers, modules, which, out; or why not
kernel() {
	local found version image
	if [[ $1 = *-* ]]; then
		found=$(scripts/debug-kernel "${1%-*}" "${1#*-}" 2>&1) || {
			why=${found##*$'\n'}
			return 1
		}
		read -r release headers <<<"${found##*$'\n'}"
		source=$(realpath "$headers/source")
		vmlinuz=$headers/arch/x86/boot/bzImage
		modules=$headers/installed/lib/modules/$release
		which=(--sourcedir "$source" --config "$headers/.config" --vmlinuz "$vmlinuz" --symvers "$headers/Module.symvers"
			--modules "$modules")
		out=build/loader/$release-${1#*-}
		mkdir -p "$out"
		return
	fi
	if ! found=$(scripts/kernel-packages release "$1" 2>&1); then
		why=${found##*$'\n'}
		return 1
	fi
	read -r release version <<<"$found"
	out=build/loader/$release
	mkdir -p "$out"
	if ! image=$(scripts/kernel-packages image "$release" "$version" 2>"$out/fetch") ||
		! source=$(scripts/kernel-packages source "$version" 2>>"$out/fetch") ||
		! headers=$(scripts/kernel-packages headers "$release" "$version" 2>>"$out/fetch"); then
		why=$(tail -n 1 "$out/fetch")
		return 1
	fi
	vmlinuz=$image/boot/vmlinuz-$release
	modules=$image/lib/modules/$release
	which=(--kernel "$release")
}

# With the script of the first series' source
checkpatch() {
	# which kernels it is for has to be asked by a module that is for several
	perl "$source/scripts/checkpatch.pl" --no-tree --no-summary --terse --max-line-length=120 \
		--ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON \
		-f loader-module/loader/*.[ch] include/klpkit/loader.h loader-module/glue/loader.c >"$out/checkpatch"
	verdict=$?
	sed 's/^/# /' "$out/checkpatch"
	result "$([ $verdict -eq 0 ] && echo ok || echo 'not ok')" "$series checkpatch is content"
}

test_series() {
	local series=$1 release headers source vmlinuz modules which=() out why name files=() built=() verdict
	if ! kernel "$series"; then
		result "not ok" "$series: $why"
		return
	fi
	rm -rf "$out/klp_loader" "$out/fixtures"
	# patches use what only a loader has that is able to work
	[[ $series = *-bare ]] || built+=("$fixtures")
	KLPKIT_SPARSE=1 scripts/build-loader "$headers" "$out" "${built[@]}" >"$out/log" 2>&1
	[ $? -eq 0 ] && ! grep -q -i warning "$out/log"
	verdict=$?
	[ $verdict -eq 0 ] || sed 's/^/# /' "$out/log"
	result "$([ $verdict -eq 0 ] && echo ok || echo 'not ok')" "$series builds without a warning, of sparse neither"
	[ $verdict -eq 0 ] || return
	[[ $series = *-* ]] || make_loader
	[ "$series" != "${all[0]}" ] || checkpatch
	for name in "$out"/klp_loader.ko "$out"/fixtures/*.ko "$fixtures/lib.sh" build/guest/*; do
		[ -e "$name" ] || continue
		files+=(--file "$name")
	done
	# the patches are built meanwhile
	own_cases >"$out/own.tap" &
	patch_cases
	wait
	cat "$out/own.tap"
}

own_cases() {
	local arguments=("${files[@]}" --modules "$modules") names='' name
	for name in $(cases); do
		arguments+=(--case "$fixtures/cases/$name.sh")
		add_modules "$fixtures/cases/$name.sh"
		names+=" $name"
	done
	[ -z "$names" ] || guest "" "$names"
	[[ $series != *-bare ]] || return
	others full given-up
	others none forced
}

patch_cases() {
	local -A modules_built=()
	local arguments=("${files[@]}" --modules "$modules") names='' name case
	mkdir -p "$out/cases"
	for name in $(patches "$series"); do
		case=loader-${name/:/-}
		if patch_case "${name%:*}" "${name#*:}"; then
			arguments+=(--case "$out/cases/$case.sh")
			add_modules "$(path_of "${name%:*}").sh"
			names+=" $case"
		else
			result 'not ok' "$series $case: it was not built"
		fi
	done
	[ -z "$names" ] || guest "" "$names" patches
}

# others PREEMPT LAST: how the kernel preempts is a word of its command line; the last case ends with what stays for good
others() {
	local names='' arguments=("${files[@]}") name
	for name in preempted "$2"; do
		if wanted "$name"; then
			arguments+=(--case "$fixtures/last/$name.sh")
			names+=" $name"
		fi
	done
	[ -z "$names" ] || guest "preempt=$1" "$names"
}

# guest WORDS NAMES [LOG]: runs the cases in a guest with these words more on its command line
guest() {
	local name verdict log=$out/guest-${3:-${1:-cases}}
	KLPKIT_VM_CASE_TIMEOUT=${KLPKIT_VM_CASE_TIMEOUT:-300} scripts/vm --vmlinuz "$vmlinuz" --log "$log.log" \
		--timeout "${KLPKIT_VM_TIMEOUT:-1500}" --append "$1 ${KLPKIT_VM_APPEND:-}" "${arguments[@]}" \
		>"$log.verdicts" 2>"$log.err"
	sed 's/^/# /' "$log.err"
	for name in $2; do
		verdict=$(grep -E "^(not )?ok $name( |\$)" "$log.verdicts")
		case $verdict in
		'') result 'not ok' "$series $name${1:+, $1}: did not run" ;;
		ok*) result ok "$series $name${1:+, $1}" ;;
		*) result 'not ok' "$series $name${1:+, $1}: ${verdict#*- }" ;;
		esac
	done
	if verdict=$(grep '^not ok guest' "$log.verdicts"); then
		result 'not ok' "$series ${verdict#not ok } ($log.log)"
	fi
}

mkdir -p build/loader
if ! MAKEFLAGS='' make -s guest; then
	result 'not ok' "the programs for the guest"
fi
# All kernels at once: a guest keeps one CPU busy.
# shellcheck disable=SC2206
all=(${KLPKIT_VM_SERIES:-6.12 6.1})
for one in "${all[@]}"; do
	test_series "$one" >"build/loader/$one.tap" &
done
wait
for one in "${all[@]}"; do
	cat "build/loader/$one.tap"
done | awk -v "n=$number" '/^(not )?ok [0-9]+ / { sub(/ok [0-9]+/, "ok " ++n) } { print } END { print "1.." n }'
