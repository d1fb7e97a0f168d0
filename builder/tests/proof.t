#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The proofs, on both stock kernels (needs: kernel packages): they hold for what klp-build makes,
# they name what is wrong with an original, and they catch every damage that scripts/mutate does.
set -u

cd "$(dirname "$0")/../.." || exit 1
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

check() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@" >"$work/check" 2>&1; then
		ok "$what"
	else
		not_ok "$what" "$(tail -n 5 "$work/check")"
	fi
}

prove() { # ORIGINAL PATCHED MODULE...: in a built-in object
	printf -- '- vmlinux %s' "$1" >"$work/line"
	shift
	printf ' %s' "$@" >>"$work/line"
	echo >>"$work/line"
	build/builder/tests/prove "$image" "$symvers" <"$work/line"
}

one() { # SERIES CASE [NUMBER OF ITS FILE]
	local name=$2 edit object keep mutants options
	for edit in test-fixtures/{patches,loader/patches}/"$name.edit"; do [ ! -e "$edit" ] || break; done
	object=$(sed -n 's/^file //p' "$edit" | head -n "${3:-1}" | tail -n 1)
	object=${object%.c}.o
	read -ra options < <(sed -n 's/^# build: //p' "$edit")
	local dir=$work/$1-$2
	mkdir -p "$dir/mutants"
	scripts/derive-patch "$edit" "$source" >"$dir/fix.patch"
	check "$1: $name is built" build/klp-build --kernel "$release" -n klp_proof -o "$dir" --keep \
		--report "$dir/report.json" "${options[@]}" "$dir/fix.patch"
	check "$1: $name: both proofs are in the report" \
		grep -qzP '"functions": [1-9](.|\n)*"complete": true(.|\n)*"complaints": \[\]' "$dir/report.json"
	keep=$dir/klp_proof.keep
	scripts/mutate /dev/null /dev/null - "$keep/original/$object" "$keep/patched/$object" \
		"$dir/klp_proof.ko" "$dir/mutants" 3 >"$dir/made"
	mutants=$(wc -l <"$dir/made")
	check "$1: $name: some damage can be done" test "$mutants" -ge 10
	prove "$keep/original/$object" "$keep/patched/$object" "$dir/klp_proof.ko" \
		"$dir"/mutants/*.ko >"$dir/proven"
	check "$1: $name: nothing is wrong with the original and the module" \
		test "$(grep -c '^ok ' "$dir/proven")" = 2
	if [ "$(grep -c "^bad $dir/mutants/" "$dir/proven")" = "$mutants" ]; then
		ok "$1: $name: all of $mutants mutants are caught"
	else
		not_ok "$1: $name: mutants survived" "$(grep "^ok $dir/mutants" "$dir/proven" | head -n 3)"
	fi
}

for series in 6.1 6.12; do
	read -r release version < <(scripts/kernel-packages release "$series")
	source=$(scripts/kernel-packages source "$version")
	root=$(scripts/kernel-packages image "$release" "$version")
	image=$(find "$root/boot" -name 'vmlinuz-*')
	symvers=$(find "${XDG_CACHE_HOME:-$HOME/.cache}/klpkit/packages" -path "*/linux-headers-$release/Module.symvers")
	one "$series" cold-part
	one "$series" exception-table
	one "$series" jump-label
	one "$series" static-local
	one "$series" data-method
	one "$series" sibling
	one "$series" at-once
	check "$series: another moment is one of the mutants" grep -q another-moment "$work/$series-at-once/made"
	check "$series: that one need not be looked for is one of the mutants" grep -q check-left-out "$work/$series-sibling/made"

	# The patched object is not what runs.
	keep=$work/$series-cold-part/klp_proof.keep
	object=$(sed -n 's/^file //p' test-fixtures/patches/cold-part.edit)
	object=${object%.c}.o
	prove "$keep/patched/$object" "$keep/patched/$object" >"$work/wrong"
	check "$series: an original that does not run is named, with both instructions" \
		grep -Eq 'its code is not what the kernel runs: compiled \+0x[0-9a-f]+ ".+", running \+0x[0-9a-f]+ ".+"; likely cause|its code is not what the kernel runs: compiled .* likely cause: ' "$work/wrong"

	# What stood in a proof's way once, and is right.
	for name in separate-words btf-list; do
		read -ra options < <(sed -n 's/^# build: //p' "test-fixtures/proof/$name.edit")
		scripts/derive-patch "test-fixtures/proof/$name.edit" "$source" >"$work/fix.patch"
		check "$series: $name is built and proven" build/klp-build --kernel "$release" -n klp_proof \
			-o "$work" "${options[@]}" "$work/fix.patch"
	done

	# The text of a message, with the line of where it is used, is no change when the lines move.
	scripts/derive-patch test-fixtures/proof/line-in-string.edit "$source" >"$work/fix.patch"
	check "$series: line-in-string is built and proven" build/klp-build --kernel "$release" -n klp_proof -o "$work" \
		--keep "$work/fix.patch"
	cp "$work/check" "$work/said"
	check "$series: line-in-string: there is such a message" \
		grep -Eaq 'at fs/verity/open.c:[0-9]+' "$work/klp_proof.keep/original/fs/verity/open.o"
	check "$series: line-in-string: one function has changed" test "$(grep 'changed function:' "$work/said")" = \
		"fs/verity/open.c: changed function: fsverity_init_merkle_tree_params"

	scripts/derive-patch test-fixtures/proof/newer-instruction.edit "$source" >"$work/fix.patch"
	build/klp-build --kernel "$release" -n klp_proof -o "$work" "$work/fix.patch" >"$work/newer" 2>&1
	check "$series: newer-instruction: the original is what runs, and the file is not traced" \
		grep -Eqz '\+ match the originals .*\[no-fentry\]' "$work/newer"

	# Of two tables of one name in one module, only what the proof has found tells which is meant.
	scripts/derive-patch test-fixtures/proof/same-named-table.edit "$source" >"$work/fix.patch"
	check "$series: same-named tables are settled by the proof" build/klp-build --kernel "$release" \
		-n klp_proof -o "$work" --report "$work/report.json" "$work/fix.patch"
done

# A compiler of the same name and version that makes other code; for one kernel, which it has prepared anew.
mkdir -p "$work/bin"
printf '#!/bin/sh\nexec %s -O1 -fno-inline "$@" -O1\n' "$(command -v gcc)" >"$work/bin/gcc"
chmod +x "$work/bin/gcc"
scripts/derive-patch test-fixtures/demo/visible.edit "$source" >"$work/fix.patch"
PATH=$work/bin:$PATH build/klp-build --kernel "$release" -n klp_other -o "$work" \
	"$work/fix.patch" >"$work/wrong" 2>&1
check "$series: another compiler is an error" test $? = 1
check "$series: it is named, with the first instruction that differs" \
	grep -Eq 'compiled \+0x[0-9a-f]+ ".+", running \+0x[0-9a-f]+ ".+" .*; likely cause: another compiler' "$work/wrong"
check "$series: and no module is left" test ! -e "$work/klp_other.ko"

check "without proofs the report says so" build/klp-build --kernel "$release" -n klp_proof -o "$work" \
	--no-proof --report "$work/report.json" "$work/6.12-cold-part/fix.patch"
check "it has no proof then" grep -q '"proof": null' "$work/report.json"
echo "1..$count"
