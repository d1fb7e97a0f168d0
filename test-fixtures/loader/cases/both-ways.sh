# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# One sleeps in old code and another in new code: neither end is reached until one leaves, and each is consistent.
. /files/lib.sh

held() { # DIRECTION WHERE
	sleep 0.3
	equal "it is under way, $1" 1 "$(cat $sys/klpl_task/transition)"
	cat $sys/klpl_task/blockers >/tmp/blockers
	check "who holds it up is named, $1" has /tmp/blockers "^[0-9]+ sh $2\$"
	capture cat /tmp/blockers
}

run() {
	begin
	reset
	hold /proc/klpl_target "1 -1"
	old=$holder
	insmod /files/klpl_task.ko deadline_ms=$(ms 3000)
	within 20 one_blocker klpl_task
	hold /proc/klpl_target "1 -1"
	new=$holder
	held forward klpl_both
	check "its deadline reverses it" within "$(ms 60)" logged "klpl_task: not enabled within "$(ms 3000)" ms, and reversed"
	held back klpl_both
	echo 1 >$sys/klpl_task/enabled
	held forward klpl_both
	echo 0 >$sys/klpl_task/enabled
	held back klpl_both
	check "the first still sleeps" [ -e /proc/$old/stack ]
	check "so does the other" [ -e /proc/$new/stack ]
	let_go
	settle klpl_task 0
	# the caller is another task each time
	equal "one was all old, one all new" "1 1 0" "$(seen old) $(seen new) $(seen mixed)"
	remove klpl_task
	finish
}
