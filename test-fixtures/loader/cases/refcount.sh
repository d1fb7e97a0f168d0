# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# Who is inside is counted, and no call is missed: those inside before, those that call themselves, those that come from an
# NMI, those that never return.
. /files/lib.sh

max=/sys/module/klp_loader/parameters/max_inside

# The transition has begun, and waits for somebody who was inside before
held() { # DEADLINE_MS
	hold /proc/klpl_target "1 -1"
	insmod /files/klpl_refcount.ko "deadline_ms=$1" || fail "load klpl_refcount"
	equal "somebody was inside before" 1 "$(cat $sys/klpl_refcount/transition)"
}

reversed() { # WHAT
	let_go
	settle klpl_refcount 0
	check "$1: it was busy" logged 'klpl_refcount: not enabled within [0-9]+ ms, and reversed'
	check "$1: that is told" logged '[1-9][0-9]* calls have not returned'
	remove klpl_refcount
	equal "$1: all are old" old "$(version)"
}

run() {
	begin
	held 60000
	check "he is named" within "$(ms 20)" has $sys/klpl_refcount/blockers "^$holder sh klpl_both\$"
	let_go
	settle klpl_refcount 1
	disable klpl_refcount

	reset
	held 60000
	hold /proc/klpl_target "recurse 20 -1"
	equal "those that call themselves are inside" 1 "$(cat $sys/klpl_refcount/transition)"
	check "each time" has $sys/klpl_refcount/blockers '^- - 21 calls have not returned$'
	let_go
	settle klpl_refcount 1
	echo "recurse 20 0" >/proc/klpl_target
	equal "never mixed" 0 "$(seen mixed)"
	disable klpl_refcount

	held 2000
	echo gone >/proc/klpl_target
	reversed "one that does not return"

	echo 2 >$max
	held 2000
	echo "recurse 3 10" >/proc/klpl_target
	reversed "returns that are missed"
	echo 1024 >$max

	reset
	touch /tmp/go
	(while [ -e /tmp/go ]; do echo "nmi 100" >/proc/klpl_target; done) &
	for round in 1 2 3; do
		sleep 0.2
		enable klpl_refcount
		sleep 0.2
		disable klpl_refcount
	done
	rm /tmp/go
	wait
	say "| $round rounds with NMIs: old new mixed back late across: $(cat /proc/klpl_target)"
	check "NMIs saw the old" [ "$(seen old)" -gt 100 ]
	check "NMIs saw the new" [ "$(seen new)" -gt 100 ]
	equal "and nothing mixed" 0 "$(seen mixed)"
	finish
}
