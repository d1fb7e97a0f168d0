# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# modules: fuse
# Nobody gets to the border who waits for one that is held there: quiesce lets both go, and tries again.
. /files/lib.sh

# Ticks of a processor, of which there are a hundred in a second
used() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# What others do with the time meanwhile
# The longest time, in hundredths of a second, in which it did not get to run
work() {
	longest=0 before=
	while [ -e /tmp/work ]; do
		read -r now idle </proc/uptime
		now=${now%.*}${now#*.}
		pause=$((now - ${before:-$now}))
		[ $pause -le $longest ] || longest=$pause
		before=$now
	done
	echo $longest >/tmp/longest
}

half_of_it() {
	touch /tmp/work
	work &
	worker=$!
	sleep 0.5
	before=$(used $worker)
	sleep 3
	ran=$(($(used $worker) - before))
	check "others have at least half of the time, of 300: $ran" [ $ran -ge 120 ]
	rm /tmp/work
	wait $worker
	# half a second, and what a slow machine makes of it
	check "and never wait for long: $(cat /tmp/longest)" [ "$(cat /tmp/longest)" -lt "$(($(ms 120)))" ]
	check "but they do wait" [ "$(cat /tmp/longest)" -gt 30 ]
}

under_way() {
	equal "$1" 1 "$(cat $sys/klpl_quiesce/transition)"
}

parent() {
	touch /tmp/child
	/files/probe vfork /tmp/child &
	waiter=$!
	check "somebody waits for a child" within "$(ms 30)" grep -q '^State:.D' /proc/$waiter/status
	insmod /files/klpl_quiesce.ko
	half_of_it
	under_way "it waits for one who waits for a child"
	rm /tmp/child
	settle klpl_quiesce 1
	check "the child has gone on" wait $waiter
	disable klpl_quiesce
}

mounted() {
	mkdir -p /tmp/slow
	touch /tmp/no-answer
	/files/slow-fs /tmp/slow /tmp/no-answer >/tmp/mounted &
	server=$!
	check "a file system in user space" within "$(ms 30)" grep -q mounted /tmp/mounted
	ls /tmp/slow/name 2>/tmp/answer &
	waiter=$!
	check "somebody waits for it" within "$(ms 30)" grep -q fuse /proc/$waiter/stack
}

gone() {
	kill $server
	wait $server
	umount -l /tmp/slow
}

client() {
	mounted
	insmod /files/klpl_quiesce.ko
	sleep 1
	under_way "it waits for one who waits for an answer"
	rm /tmp/no-answer
	settle klpl_quiesce 1
	wait $waiter
	check "who got it" grep -q 'No such file' /tmp/answer
	disable klpl_quiesce
	gone
	# the answer never comes, and the deadline does
	mounted
	insmod /files/klpl_quiesce.ko deadline_ms=$(ms 3000)
	settle klpl_quiesce 0
	check "who never gets one is named" logged "klp_loader:  *$waiter ls: "
	remove klpl_quiesce
	check "and still waits" grep -q fuse /proc/$waiter/stack
	check "as its server does, for more requests" [ -e /proc/$server/stack ]
	kill -9 $waiter
	rm /tmp/no-answer
	gone
	wait
}

run() {
	begin
	parent
	[ ! -e /modules/fuse.ko ] || insert fuse
	if [ -c /dev/fuse ]; then
		client
	else
		check "only kernels made small for tests are without FUSE" ! grep -q cloud /proc/version
	fi
	finish
}
