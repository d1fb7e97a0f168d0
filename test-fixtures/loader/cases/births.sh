# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# modules: vhost_net
# Who is born in the middle of a transition is where its parent is, whoever makes it.
. /files/lib.sh

# In a transition that one task holds up, all others having switched
begin_held() {
	echo "1 $(ms -8000)" >/proc/klpl_target &
	sleep 0.3
	insmod /files/klpl_task.ko
	check "all others have switched" within 20 one_blocker klpl_task
}

is_new() { # KIND COMMAND...
	kind=$1
	shift
	reset
	status=0
	"$@" >/tmp/born 2>&1 || status=$?
	capture cat /tmp/born
	if [ $status = 2 ]; then
		say "this kernel has no $kind"
	else
		equal "$kind: it did its work" 0 $status
		equal "$kind: by new code only" "0 1 0" "$(seen old) $(seen new) $(seen mixed)"
	fi
}

vhost() {
	[ -e /modules/vhost_net.ko ] || {
		check "only kernels made small for tests are without vhost" ! grep -q cloud /proc/version
		return
	}
	insert vhost_net
	/files/born vhost 3 >/tmp/vhost &
	within 20 grep -q there /tmp/vhost
	cat $sys/klpl_task/blockers >/tmp/blockers
	check "vhost: its thread is there" grep -q '^vhost-' /proc/[0-9]*/task/*/comm
	check "vhost: it does not hold up what its parent does not" ! has /tmp/blockers vhost
}

run() {
	begin
	begin_held
	tasks=/sys/kernel/debug/klp_loader/tasks
	check "who sleeps inside is told to be old" has $tasks '^[0-9]+ sh old$'
	equal "alone" 1 "$(grep -c ' old$' $tasks)"
	check "others are told to be new" [ "$(grep -c ' new$' $tasks)" -gt 20 ]
	is_new fork sh -c 'echo "1 0" >/proc/klpl_target'
	for round in 1 2 3; do
		is_new "worker of io_uring" /files/born worker /proc/klpl_target "1 0"
		is_new "worker for a polling thread" /files/born sqpoll /proc/klpl_target "1 0"
	done
	vhost
	equal "still under way" 1 "$(cat $sys/klpl_task/transition)"
	settle klpl_task 1 $(ms 150)
	wait
	disable klpl_task
	finish
}
