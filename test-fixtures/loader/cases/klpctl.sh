# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091
# An administrator's day with klpctl.
. /files/lib.sh

# exits STATUS REGEX COMMAND...
exits() {
	want=$1 regex=$2
	shift 2
	"$@" >/tmp/out 2>&1
	equal "$*" "$want" "$?"
	check "$*: $regex" has /tmp/out "$regex"
}

# says REGEX COMMAND...
says() {
	what=$1
	shift
	"$@" >/tmp/said 2>&1
	has /tmp/said "$what"
}

# Nothing changes by a look
looks() {
	mkfifo /tmp/nobody-writes
	echo "1 60000" >/proc/klpl_target &
	sleeper=$!
	sleep 0.2
	exits 0 '^klpl_task: [0-9]+ of [0-9]+ tasks could switch now by the model task$' $ctl load --check /files/klpl_task.ko
	check "who could not is named" has /tmp/out '^  [0-9]+ sh klpl_both$'
	check "nothing is loaded" [ ! -e /sys/module/klpl_task ]
	check "nothing is there" [ ! -e $sys/klpl_task ]
	equal "nothing is redirected" old "$(version)"
	kill $sleeper
	wait
	exits 0 '^klpl_task: ' $ctl load --check /files/klpl_task.ko
	check "now nobody is inside" ! has /tmp/out klpl_both
	# without the kernel's own live patching it is no patch at all
	reason='is no live patch'
	[ ! -d /sys/kernel/livepatch ] || reason='is not built for the loader'
	exits 1 "klpl_rival.ko $reason" $ctl load --check /files/klpl_rival.ko
	exits 1 'klp_loader.ko is no live patch' $ctl load /files/klp_loader.ko
	# with this one nobody may be in the kernel at all
	cat /tmp/nobody-writes &
	sleeper=$!
	sleep 0.2
	exits 0 '^klpl_lazy: ' $ctl load --check /files/klpl_lazy.ko
	check "who sleeps in the kernel is named" has /tmp/out "^  $sleeper cat has not been in user space$"
	sleepers=$sleeper
	for i in $(seq 150); do
		cat /tmp/nobody-writes &
		sleepers="$sleepers $!"
	done
	exits 0 '^klpl_quiesce: ' $ctl load --check /files/klpl_quiesce.ko
	check "those who find no room are counted" has /tmp/out '^  and [0-9]+ more$'
	equal "all of them are told" "$(awk 'NR == 1 { print $4 - $2 }' /tmp/out)" \
		"$(awk 'NR > 1 && $1 == "and" { n += $2; next } NR > 1 { n++ } END { print n }' /tmp/out)"
	# shellcheck disable=SC2086
	kill $sleepers
	wait
}

# Those whom nobody wakes by himself: all, not only the first few that are told
signalled() {
	for i in $(seq 25); do
		echo "1 60000" >/proc/klpl_target &
	done
	insmod /files/klpl_kernel.ko
	check "many hold it up" within 50 says '^25 tasks hold it up$' $ctl status klpl_kernel
	exits 0 '^klpl_kernel: 25 tasks woken$' $ctl signal klpl_kernel
	exits 0 '^klpl_kernel: enabled$' $ctl wait klpl_kernel
	wait
	exits 0 unloaded $ctl unload klpl_kernel
	hold /proc/klpl_target "1 -1"
	insmod /files/klpl_kernel.ko deadline_ms=500
	exits 2 '^klpctl wait: klpl_kernel was reversed, and is disabled: 1 tasks hold it up$' $ctl wait klpl_kernel
	check "by whom" has /tmp/out "^  $holder sh klpl_both$"
	let_go
	remove klpl_kernel
}

models() {
	exits 0 '^klpl_task: enabled$' $ctl load --model kernel /files/klpl_task.ko
	exits 0 '^klpl_task +loader +kernel +enabled' $ctl list
	exits 0 unloaded $ctl unload klpl_task
	insmod /files/klpl_task.ko together=2 && fail "a model that gives too little"
	check "why" logged 'klpl_task: .*all for all tasks must switch together; with the model task it is .* all for each task'
	insmod /files/klpl_task.ko together=2 model=refcount
	settle klpl_task 1
	disable klpl_task
}

installed() {
	store=/var/lib/klpkit/$(uname -r)
	exits 3 'nothing is installed for [0-9]' $ctl load --all
	exits 0 '^klpl_task: installed for [0-9]' $ctl install /files/klpl_task.ko /files/klpl_second.ko
	exits 0 '^klpl_task +- +- +installed$' $ctl list
	exits 0 '^klpl_task: enabled$' $ctl load --all
	cp /tmp/out /tmp/loaded
	exits 0 'klpl_second +loader +task +enabled' $ctl list
	equal "in the order in which they were installed" "klpl_task klpl_second" "$(grep ': enabled' /tmp/loaded | cut -d : -f 1 | xargs)"
	check "all are there, which is fine" $ctl load --all
	exits 0 unloaded $ctl unload klpl_second klpl_task
	# as if the machine had gone down in the middle
	echo 11111111-2222-3333-4444-555555555555 >"$store/klpl_task.loading"
	exits 2 'klpl_task was being loaded when the machine went down' $ctl load --all
	check "it was not tried" [ ! -e $sys/klpl_task ]
	check "the other one was" [ -e $sys/klpl_second ]
	exits 0 unloaded $ctl unload klpl_second
	exits 0 '^klpl_task: enabled$' $ctl load "$store/klpl_task.ko"
	check "it has gone well now" [ ! -e "$store/klpl_task.loading" ]
	exits 0 unloaded $ctl unload klpl_task
	# in the middle of one, the machine might go down now
	hold /proc/klpl_target "1 -1"
	$ctl load --all &
	loading=$!
	check "what is being loaded is noted" within 50 [ -e "$store/klpl_task.loading" ]
	equal "with the id of this boot" "$(cat /proc/sys/kernel/random/boot_id)" "$(cat "$store/klpl_task.loading")"
	let_go
	wait $loading
	check "until it has gone well" [ ! -e "$store/klpl_task.loading" ]
	exits 0 unloaded $ctl unload klpl_second klpl_task
	# only klpctl was stopped
	tr -d "\n" </proc/sys/kernel/random/boot_id >"$store/klpl_task.loading"
	exits 0 '^klpl_task: enabled$' $ctl load --all
	exits 0 unloaded $ctl unload klpl_second klpl_task
	exits 0 'not installed' $ctl uninstall klpl_task klpl_second
	exits 3 'klpl_task is not installed' $ctl uninstall klpl_task
	# what needs the loader brings it
	rmmod klp_loader
	exits 0 installed $ctl install /files/klp_loader.ko /files/klpl_task.ko
	exits 0 '^klpl_task: ' $ctl load --check /files/klpl_task.ko
	check "not for a look" [ ! -e /sys/module/klp_loader ]
	[ ! -d /sys/kernel/livepatch ] || exits 0 '^klpl_live: enabled$' $ctl load /files/klpl_live.ko
	check "nor for others" [ ! -e /sys/module/klp_loader ]
	[ ! -d /sys/kernel/livepatch ] || exits 0 unloaded $ctl unload klpl_live
	exits 1 'the kernel does not take' $ctl load /files/klpl_bad.ko
	check "nor for one that is refused" [ ! -e /sys/module/klp_loader ]
	exits 0 '^klpl_task: enabled$' $ctl load --all
	exits 0 unloaded $ctl unload klpl_task
	exits 0 'not installed' $ctl uninstall klpl_task klp_loader
}

# Where the kernel has live patching of its own
kernels_own() {
	[ -d /sys/kernel/livepatch ] || return 0
	exits 1 'klpl_live.ko is not built for the loader: --deadline' $ctl load --deadline 300 /files/klpl_live.ko
	check "and is not loaded" [ ! -e /sys/module/klpl_live ]
	exits 0 '^klpl_live: enabled$' $ctl load /files/klpl_live.ko
	exits 0 '^klpl_live +livepatch +task +enabled +klpl_target:klpl_both,1 klpl_target:klpl_first,1' $ctl list
	exits 0 '^klpl_live_second: enabled$' $ctl load /files/klpl_live_second.ko
	exits 0 '^klpl_live +livepatch +task +enabled +klpl_target:klpl_both,1\(hidden by klpl_live_second\)' $ctl list
	check "the one on top is not" has /tmp/out '^klpl_live_second +livepatch +task +enabled +klpl_target:klpl_both,1 '
	exits 0 unloaded $ctl unload klpl_live_second
	exits 0 '^klpl_live +livepatch +task +enabled +klpl_target:klpl_both,1 ' $ctl list
	exits 0 unloaded $ctl unload klpl_live
	# while one is asleep inside
	echo "1 60000" >/proc/klpl_target &
	sleeper=$!
	sleep 0.2
	insmod /files/klpl_live.ko
	check "all others have switched" within 50 says '^1 tasks hold it up$' $ctl status klpl_live
	exits 0 "^  $sleeper sh klpl_both$" $ctl status klpl_live
	exits 2 '^      \[<0>\] klpl_both\+' $ctl wait --timeout 50 klpl_live
	exits 0 '^klpl_live: 1 tasks woken$' $ctl signal klpl_live
	# at the pace of the kernel's own
	exits 0 '^klpl_live: enabled$' $ctl wait --timeout 60000 klpl_live
	wait
	exits 0 unloaded $ctl unload klpl_live
}

run() {
	begin
	ctl=/files/klpctl
	exits 0 'no live patch' $ctl list
	exits 0 '^klpl_task: enabled$' $ctl load /files/klpl_task.ko
	exits 0 '^klpl_task +loader +task +enabled +klpl_target:klpl_both,1 klpl_target:klpl_first,1' $ctl list
	exits 3 'loaded already' $ctl load /files/klpl_task.ko
	exits 0 '^klpl_second: enabled$' $ctl load /files/klpl_second.ko
	exits 0 '^klpl_task +loader +task +enabled +klpl_target:klpl_both,1\(hidden by klpl_second\)' $ctl list
	exits 0 '"state": "direct"' $ctl list --json
	exits 1 'cannot write 0 to .*klpl_task/enabled' $ctl unload klpl_task
	exits 0 '^klpl_task: unloaded$' $ctl unload klpl_second klpl_task
	exits 1 'does not take /files/klpl_bad.ko' $ctl load /files/klpl_bad.ko
	# what does not converge is unloaded again
	echo "1 60000" >/proc/klpl_target &
	sleeper=$!
	sleep 0.2
	exits 2 'klpl_kernel was reversed' $ctl load --deadline "$(ms 500)" /files/klpl_kernel.ko
	check "who held it up is told" has /tmp/out "^  $sleeper sh klpl_both$"
	check "with the stack" has /tmp/out '^      \[<0>\] klpl_both\+'
	check "it is gone" [ ! -e $sys/klpl_kernel ]
	insmod /files/klpl_kernel.ko
	exits 0 '^klpl_kernel: on the way to be enabled$' $ctl status klpl_kernel
	exits 2 'has not settled after 50 ms' $ctl wait --timeout 50 klpl_kernel
	# this model wakes nobody by itself
	exits 0 '^klpl_kernel: [0-9]+ tasks woken$' $ctl signal klpl_kernel
	exits 0 '^klpl_kernel: enabled$' $ctl wait klpl_kernel
	wait
	exits 0 unloaded $ctl unload klpl_kernel
	looks
	models
	installed
	kernels_own
	finish
}
