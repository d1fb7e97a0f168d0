#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# klp-diff on objects and trees made of the pairs: the table, the record, the graph, the exit codes.
set -u

cd "$(dirname "$0")/../.." || exit 1
tool=build/klp-diff
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0

check() { # WHAT COMMAND...
	local what=$1
	shift
	count=$((count + 1))
	if "$@" >"$work/check" 2>&1; then
		echo "ok $count - $what"
	else
		echo "not ok $count - $what"
		sed 's/^/#   /' "$work/check" "$work/out"
	fi
}

# exits STATUS ARGUMENT...
exits() {
	local want=$1
	shift
	"$tool" "$@" >"$work/out" 2>"$work/err"
	[ $? = "$want" ]
}

compile() { # DIR NAME [FLAG...]
	local dir=$1 name=$2
	shift 2
	mkdir -p "$work/$dir"
	gcc -std=gnu11 -O2 -g -Itest-fixtures/pairs -Iinclude -ffunction-sections -fdata-sections -fno-pie \
		-mcmodel=kernel -w -pg -mfentry "$@" -c "test-fixtures/pairs/$name.c" -o "$work/$dir/$name.o"
}

for name in changed-function inlined-callee lifted removed-static warn-line; do
	compile old/sub "$name"
	compile new/sub "$name" -DPATCHED
done
compile old nothing
compile new nothing
compile new/more new-static -DPATCHED
# a program that the build runs: kbuild's record has no -D__KERNEL__
for side in old new; do
	compile "$side/tools" lifted "${flag:--w}"
	echo "cmd_tools/lifted.o := gcc -O2 -c -o tools/lifted.o lifted.c" >"$work/$side/tools/.lifted.o.cmd"
	echo "cmd_sub/lifted.o := gcc -D__KERNEL__ -c -o sub/lifted.o lifted.c" >"$work/$side/sub/.lifted.o.cmd"
	flag=-DPATCHED
done

check "an object with itself: nothing differs" exits 3 "$work/old/sub/lifted.o" "$work/old/sub/lifted.o"
check "a line number is no difference" exits 3 "$work/old/sub/warn-line.o" "$work/new/sub/warn-line.o"
check "two objects" exits 0 "$work/old/sub/lifted.o" "$work/new/sub/lifted.o"
check "the changed function, its place, and why" \
	grep -Eq '^  changed function +untraced +.*lifted\.c:[0-9]+ +its code differs$' "$work/out"
check "nobody else" test "$(grep -c '^  changed' "$work/out")" = 1
check "a change in what is inlined" exits 0 "$work/old/sub/inlined-callee.o" "$work/new/sub/inlined-callee.o"
check "is said to be there" \
	grep -Eq '^  changed function +caller .* its code differs, first in code of twice, inlined$' "$work/out"
check "what is gone" exits 0 "$work/old/sub/removed-static.o" "$work/new/sub/removed-static.o"
check "is told" grep -Eq '^  gone +data +count' "$work/out"
check "a graph" exits 0 --dot "$work/old/sub/lifted.o" "$work/new/sub/lifted.o"
check "has who calls it" grep -q 'between" -> .*untraced" \[label="calls"\]' "$work/out"
check "two trees" exits 0 -J 3 "$work/old" "$work/new"
cp "$work/out" "$work/three"
check "name each object that differs" grep -qx 'sub/changed-function.o' "$work/out"
check "not one that does not" test "$(grep -c 'warn-line\|nothing.o' "$work/out")" = 0
check "what has a record of the kernel's" grep -qx 'sub/lifted.o' "$work/out"
check "not what belongs to the build's own programs" test "$(grep -c tools/lifted.o "$work/out")" = 0
check "and what is only in one" grep -qx -A1 'more/new-static.o' "$work/out"
check "the same with one process" exits 0 -J 1 "$work/old" "$work/new"
check "byte for byte" cmp "$work/out" "$work/three"
check "a record" exits 0 --json "$work/old" "$work/new"
check "is JSON" perl -MJSON::PP -e 'local $/; decode_json(<STDIN>)' <"$work/out"
check "an object and a tree: an error" exits 1 "$work/old" "$work/new/sub/lifted.o"
check "a graph of an object with a change in inlined code" \
	exits 0 --dot "$work/old/sub/inlined-callee.o" "$work/new/sub/inlined-callee.o"
check "has where it is inlined" grep -q 'caller" -> .*twice" \[label="inlines"\]' "$work/out"

# An image: linked, at the kernel's addresses, with another function in the way.
image() { # NAME FLAG...
	local name=$1
	shift
	compile "$name" changed-function "$@"
	compile "$name" lifted
	{
		printf 'int helper(int a) { return a; }\nvoid __fentry__(void) { }\n'
		printf 'const char linux_banner[] = "Linux version 6.1.0 (image)";\n'
		[ $# = 0 ] || printf 'int another(int a) { return helper(a) * 7; }\n'
	} | gcc -std=gnu11 -O2 -g -fno-pie -mcmodel=kernel -x c -c - -o "$work/$name/a-helper.o"
	ld -m elf_x86_64 -e 0 -Ttext=0xffffffff81000000 -o "$work/$name/vmlinux" "$work/$name"/*.o
}
image image-old
image image-new -DPATCHED
check "an image with itself: nothing differs" exits 3 "$work/image-old/vmlinux" "$work/image-old/vmlinux"
check "two images" exits 0 "$work/image-old/vmlinux" "$work/image-new/vmlinux"
check "the changed function" grep -Eq '^  changed function +outer ' "$work/out"
check "the new one" grep -Eq '^  new +function +another ' "$work/out"
check "nobody else, though all of them moved" test "$(wc -l <"$work/out")" = 3
check "an image and an object: an error" exits 1 "$work/image-old/vmlinux" "$work/new/sub/lifted.o"
echo garbage >"$work/new/sub/lifted.o"
check "what is no object: an error" exits 1 "$work/old" "$work/new"
check "that names it" grep -q 'sub/lifted.o' "$work/err"
check "the others are told" grep -qx 'sub/changed-function.o' "$work/out"
check "no file: an error" exits 1 "$work/old/sub/lifted.o" "$work/none"
check "one argument: wrong usage" exits 64 "$work/old"
echo "1..$count"
