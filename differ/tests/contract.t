#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The contract of create-diff-object: exit codes, messages, and nothing left behind.
set -u

cd "$(dirname "$0")/../.." || exit 1
tool=$PWD/build/create-diff-object
work=$(mktemp -d "/tmp/klpkit contract.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
count=0

check() { # NAME EXIT TEXT COMMAND...
	local name=$1 want=$2 text=$3 status
	shift 3
	"$@" >log 2>&1
	status=$?
	count=$((count + 1))
	if [ "$status" -eq "$want" ] && grep -qF -- "$text" log && [ ! -e out.o ] &&
		! ls out.o.* >/dev/null 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		echo "#   exit $status, not $want; wanted: $text"
		sed 's/^/#   /' log
	fi
	rm -f out.o
}

cat >a.c <<'C'
extern int helper(int a);
#ifdef PATCHED
#define MORE 1
#else
#define MORE 0
#endif
int f(int a) { return helper(a + MORE) + 1; }
C
flags=(-O2 -ffunction-sections -fdata-sections -fno-pie -mcmodel=kernel -pg -mfentry
	-mrecord-mcount -fno-asynchronous-unwind-tables)
gcc "${flags[@]}" -c -o orig.o a.c && gcc "${flags[@]}" -DPATCHED -c -o patched.o a.c || exit 1
printf 'ffffffff81000000 T f\nffffffff81000040 T helper\n' >System.map
printf '' >empty
args=(System.map /dev/null klp_a out.o)

check "too few arguments are wrong usage" 64 "too few arguments" "$tool" orig.o patched.o
check "an unknown option is wrong usage" 64 "--nonsense" "$tool" --nonsense
check "no change is exit code 3" 3 "orig.o: no functional change" "$tool" orig.o orig.o vmlinux "${args[@]}"
check "a missing object is named" 1 "gone.o" "$tool" gone.o patched.o vmlinux "${args[@]}"
check "a source file is no object" 1 "a.c is not an ELF object" \
	"$tool" a.c patched.o vmlinux "${args[@]}"
check "an empty file is no object" 1 "empty" "$tool" orig.o empty vmlinux "${args[@]}"
head -c 700 orig.o >cut.o
check "a truncated object is named" 1 "cut.o" "$tool" cut.o patched.o vmlinux "${args[@]}"
check "an executable is refused" 1 "not a relocatable object" \
	"$tool" /bin/true patched.o vmlinux "${args[@]}"
check "a missing symbol table is named" 1 "no.map" \
	"$tool" orig.o patched.o vmlinux no.map /dev/null klp_a out.o
check "an empty symbol table is an error" 1 "empty" \
	"$tool" orig.o patched.o vmlinux empty /dev/null klp_a out.o
printf 'not a table\n' >garbage
check "a malformed symbol table is an error" 1 "garbage" \
	"$tool" orig.o patched.o vmlinux garbage /dev/null klp_a out.o
check "a malformed Module.symvers is an error" 1 "garbage" \
	"$tool" orig.o patched.o vmlinux System.map garbage klp_a out.o
check "an output that cannot be written is an error" 1 "nowhere/out.o" \
	"$tool" orig.o patched.o vmlinux System.map /dev/null klp_a nowhere/out.o
if [ -w /dev/full ]; then
	check "a full disk is an error" 1 "/dev/full" \
		"$tool" --json /dev/full/x orig.o patched.o vmlinux "${args[@]}"
fi
"$tool" --json r.json orig.o patched.o vmlinux "${args[@]}" >log 2>&1
status=$?
count=$((count + 1))
if [ "$status" -eq 0 ] && [ -s out.o ] && grep -qx 'orig.o: changed function: f' log &&
	grep -q '"outcome": "changed"' r.json; then
	echo "ok $count - a change prints its line, writes its object and its record"
else
	echo "not ok $count - a change prints its line, writes its object and its record"
	sed 's/^/#   /' log
fi
count=$((count + 1))
if "$tool" --help | grep -q 'Exit codes'; then
	echo "ok $count - help tells the exit codes"
else
	echo "not ok $count - help tells the exit codes"
fi
echo "1..$count"
