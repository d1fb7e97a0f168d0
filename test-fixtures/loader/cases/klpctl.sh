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

run() {
	begin
	ctl=/files/klpctl
	exits 0 'no live patch' $ctl list
	exits 0 '^klpl_task: enabled$' $ctl load /files/klpl_task.ko
	exits 0 '^klpl_task +loader +task +enabled +klpl_target:klpl_both,1 klpl_target:klpl_first,1' $ctl list
	exits 3 'loaded already' $ctl load /files/klpl_task.ko
	exits 0 '^klpl_second: enabled$' $ctl load /files/klpl_second.ko
	exits 1 'cannot write 0 to .*klpl_task/enabled' $ctl unload klpl_task
	exits 0 '^klpl_task: unloaded$' $ctl unload klpl_second klpl_task
	exits 1 'does not take /files/klpl_bad.ko' $ctl load /files/klpl_bad.ko
	# what does not converge is unloaded again
	(echo "1 4000" >/proc/klpl_target) &
	sleep 0.2
	exits 2 'klpl_kernel was reversed' $ctl load --deadline 300 /files/klpl_kernel.ko
	check "it is gone" [ ! -e $sys/klpl_kernel ]
	insmod /files/klpl_kernel.ko
	exits 0 '^klpl_kernel: on the way to be enabled$' $ctl status klpl_kernel
	exits 2 'has not settled after 50 ms' $ctl wait --timeout 50 klpl_kernel
	exits 0 '^klpl_kernel: enabled$' $ctl wait klpl_kernel
	wait
	exits 0 unloaded $ctl unload klpl_kernel
	finish
}
