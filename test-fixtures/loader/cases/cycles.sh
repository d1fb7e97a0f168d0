# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# In and out under load, with tasks that come and go, again and again; klpkit.cycles=N on the kernel's command line: so
# often. No memory is kept.
. /files/lib.sh

used() { # kibibytes that the kernel holds and cannot give back
	awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 } END { print sum }' /proc/meminfo
}

run() {
	begin
	cycles=$(sed -n 's/.*klpkit\.cycles=\([0-9]*\).*/\1/p' /proc/cmdline)
	cycles=${cycles:-30}
	touch /tmp/go
	for calls in 20 50; do
		caller "$calls 0" 0.05 &
	done
	caller "2 5" 0.05 &
	(while [ -e /tmp/go ]; do /bin/true; sleep 0.05; done) &
	done=0
	while [ $done -lt $cycles ]; do
		# the first ones fill what is kept for all
		[ $done != 4 ] || before=$(used)
		case $((done % 4)) in
		1) model=kernel ;;
		3) model=refcount ;;
		*) model=task ;;
		esac
		enable klpl_$model few=1 || break
		disable klpl_$model || break
		done=$((done + 1))
	done
	after=$(used)
	no_callers
	equal "so often" $cycles $done
	equal "never mixed" 0 "$(seen mixed)"
	say "| $before KiB before, $after KiB after"
	check "memory is what it was" [ $after -lt $((before + 1500)) ]
	finish
}
