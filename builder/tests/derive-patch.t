#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What scripts/derive-patch makes of an edit script, and what it refuses.
set -u

cd "$(dirname "$0")/../.." || exit 1
number=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/tree/dir"
printf 'VERSION = 6\nPATCHLEVEL = 12\n' >"$tmp/tree/Makefile"
cat >"$tmp/tree/dir/a.c" <<'X'
#include "a.h"

int one(int x);

static int
two(int x)
{
	return one(x);
}

int one(int x)
{
	if (x)
		x++;
	return x;
}

SYSCALL_DEFINE1(three, int, x)
{
	return x;
}
X

outcome() {
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		diff <(echo "$2") <(echo "$3") | sed 's/^/# /'
	fi
}

# changes WHAT WANTED: the edit is on stdin; WANTED is the patch's lines with + and -
changes() {
	local got
	cat >"$tmp/edit"
	got=$(scripts/derive-patch "$tmp/edit" "$tmp/tree" 2>&1 | grep '^[-+]' | grep -v '^--- a/')
	outcome "$1" "$2" "$got"
}

# refuses WHAT WANTED-MESSAGE
refuses() {
	local got
	cat >"$tmp/edit"
	got=$(scripts/derive-patch "$tmp/edit" "$tmp/tree" 2>&1) && got="status 0: $got"
	outcome "$1" "$tmp/edit:$2" "$got"
}

changes "inside of a function" $'+++ b/dir/a.c\n-\treturn x;\n+\tx--;\n+\treturn x + 1;' <<'X'
# ours
file dir/a.c
in function one
after /x\+\+/
	x--;
end
swap /return x/ return x + 1
X

changes "around a function with its type on a line of its own" \
	$'+++ b/dir/a.c\n+int before;\n+int after;' <<'X'
file dir/a.c
in function two
top
int before;
end
bottom
int after;
end
X

changes "a system call, replaced" $'+++ b/dir/a.c\n-\treturn x;\n+\treturn -x;' <<'X'
file dir/a.c
in syscall three
replace /return/
	return -x;
end
X

changes "versions" $'+++ b/dir/a.c\n+int yes;\n+int too;' <<'X'
file dir/a.c
in function two
when 6.1
top
int no;
end
when 6.1 6.12
top
int yes;
end
when any
top
int too;
end
X

changes "a new file" $'--- /dev/null\n+++ b/dir/b.c\n+int b;' <<'X'
create dir/b.c
int b;
end
X

refuses "a place that is not there" '3: /y\+\+/: 0 places in dir/a.c, not one' <<'X'
file dir/a.c
in function one
swap /y\+\+/ z
X

refuses "a place that is there twice" '2: /return x/: 2 places in dir/a.c, not one' <<'X'
file dir/a.c
swap /return x/ z
X

refuses "a function that is only declared or called" '2: function four: 0 places in dir/a.c, not one' <<'X'
file dir/a.c
in function four
X

refuses "a new file that is old" '3: dir/a.c is there already' <<'X'
create dir/a.c
int b;
end
X

cat >"$tmp/edit" <<'X'
file dir/a.c
swap /two/ two
X
outcome "no change" "$tmp/edit: changes nothing" "$(scripts/derive-patch "$tmp/edit" "$tmp/tree" 2>&1)"
sed -i 's/two$/second/' "$tmp/edit"
scripts/derive-patch "$tmp/edit" "$tmp/tree" >"$tmp/patch"
cp -r "$tmp/tree" "$tmp/copy"
outcome "patch takes it" 0 "$(patch -s -p1 -d "$tmp/copy" <"$tmp/patch"; echo $?)"
outcome "and the tree was not written to" "static int" "$(sed -n 5p "$tmp/tree/dir/a.c")"
echo "1..$number"
