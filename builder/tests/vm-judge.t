#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What scripts/vm-judge makes of a guest's log.
set -u

cd "$(dirname "$0")/../.." || exit 1
number=0
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT

# judge WHAT WANTED-STATUS WANTED-OUTPUT; the log is on stdin
judge() {
	local got status
	number=$((number + 1))
	sed 's/^/[    1.000000] /; s/$/\r/' >"$tmp"
	got=$(scripts/vm-judge "$tmp")
	status=$?
	if [ "$status" = "$2" ] && [ "$got" = "$3" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		printf 'status %s\n%s\n' "$status" "$got" | sed 's/^/# /'
	fi
}

judge "all is good" 0 $'ok a\nok b' <<'X'
guest: begin a
guest: ok something
guest: end a 0
guest: begin b
guest: end b 0
guest: exit 0
X

judge "a failed check" 1 $'not ok a - it is red\nok b' <<'X'
guest: begin a
guest: not ok it is red
guest: end a 1
guest: begin b
guest: end b 0
guest: exit 1
X

judge "a case's status" 1 'not ok a - status 137' <<'X'
guest: begin a
guest: end a 137
guest: exit 1
X

for line in 'WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2' '------------[ cut here ]------------' \
	'Call Trace:' 'BUG: kernel NULL pointer dereference, address: 0000000000000000' \
	'Oops: 0000 [#1] PREEMPT SMP' 'watchdog: BUG: soft lockup - CPU#0 stuck for 22s!' \
	'rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:' \
	'INFO: task sh:1 blocked for more than 120 seconds.' 'list_add corruption.' \
	'general protection fault, probably for non-canonical address 0x1: 0000 [#1]'; do
	judge "$line" 1 $'not ok a - log line 2: '"$line"$'\nok b' <<X
guest: begin a
$line
guest: end a 0
guest: begin b
guest: end b 0
guest: exit 0
X
done

judge "the warning that was asked for" 0 'ok a' <<'X'
guest: begin a
guest: expect warning f
------------[ cut here ]------------
WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2
Call Trace:
---[ end trace 0000000000000000 ]---
guest: expect end
guest: end a 0
guest: exit 0
X

judge "a warning from elsewhere" 1 \
	'not ok a - log line 4: WARNING: CPU: 0 PID: 1 at mm/x.c:1 g+0x1/0x2; expected one warning from f, saw 0' <<'X'
guest: begin a
guest: expect warning f
------------[ cut here ]------------
WARNING: CPU: 0 PID: 1 at mm/x.c:1 g+0x1/0x2
Call Trace:
guest: expect end
guest: end a 0
guest: exit 0
X

judge "the expected warning does not come" 1 'not ok a - expected one warning from f, saw 0' <<'X'
guest: begin a
guest: expect warning f
guest: expect end
guest: end a 0
guest: exit 0
X

judge "one warning more than expected" 1 \
	'not ok a - log line 6: WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2' <<'X'
guest: begin a
guest: expect warning f
------------[ cut here ]------------
WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2
guest: expect end
WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2
guest: end a 0
guest: exit 0
X

judge "the guest dies" 1 \
	$'ok a\nnot ok b - has no end; log line 4: Kernel panic - not syncing: Fatal exception\nnot ok guest - the guest did not report' <<'X'
guest: begin a
guest: end a 0
guest: begin b
Kernel panic - not syncing: Fatal exception
X

judge "trouble outside of the cases" 1 \
	$'ok a\nnot ok guest - log line 1: WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2' <<'X'
WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2
guest: begin a
guest: end a 0
guest: exit 0
X

judge "an empty log" 1 'not ok guest - the guest did not report' </dev/null
echo "1..$number"
