# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC1091,SC2154
# BPF programs and perf on a patched function: they hear of its calls, and the patch has its effect; or one is refused.
. /files/lib.sh

function=cmdline_proc_show

patch() {
	insmod /files/klpl_bad.ko kind=none deadline_ms=5000
	settle klpl_bad 1
}

patched() {
	equal "$1: the patch has its effect" '' "$(cat /proc/cmdline)"
}

unpatched() {
	check "$1: the function is as it was" grep -q console /proc/cmdline
}

state() {
	cat $sys/klpl_bad/vmlinux/$function,*/state
}

there_or_gone() {
	grep -q there /tmp/hits || grep -q '^State:.Z' /proc/$rival/status
}

# on KIND: false when it cannot be had; then $status says whether it is refused (3) or not there (2)
on() {
	touch /tmp/on
	: >/tmp/hits
	/files/rival "$1" $function /tmp/on >/tmp/hits 2>/tmp/rival &
	rival=$!
	within 50 there_or_gone
	grep -q there /tmp/hits && return
	status=0
	wait $rival || status=$?
	capture cat /tmp/rival
	return 1
}

# off WHAT LEAST: it was hit at least so often
off() {
	rm /tmp/on
	wait $rival
	hits=$(sed -n 2p /tmp/hits)
	check "$1: it heard of the calls ($hits)" [ "${hits:-0}" -ge "$2" ]
}

together() { # KIND
	on "$1" || {
		[ $status = 2 ] && say "this kernel has no $1" || fail "$1 is refused without us"
		return
	}
	patch
	patched "$1 was first"
	equal "$1 was first: how" "$2" "$(state)"
	disable klpl_bad
	unpatched "$1 stays"
	off "$1 was first" 2
	on "$1"
	patch
	patched "$1 again"
	off "$1 goes first" 1
	patched "$1 has gone"
	if [ "$3" = refused ]; then
		check "$1 is refused where we have the direct call" handler_then_direct "$1"
	else
		on "$1" || fail "$1 is refused when it comes later"
		patched "$1 came later"
		disable klpl_bad
		unpatched "$1 came later"
		off "$1 came later" 2
	fi
}

# The model refcount cannot do without the direct call
counted() { # KIND
	on "$1" || return
	forget_log
	check "refcount is refused beside $1" ! insmod /files/klpl_bad.ko kind=none model=refcount
	check "it is said who has it" logged "klp_loader: $function\(\) cannot be redirected: bpf_trampoline_[0-9]+, by ftrace's direct call, has it"
	unpatched "refcount was refused"
	off "$1, beside nobody" 1
}

# While ftrace's handler redirects, BPF's programs come later, too; not when the function calls us directly.
handler_then_direct() {
	on "$1" || return
	patched "$1 came later, beside the handler"
	off "$1 came later, beside the handler" 1
	disable klpl_bad
	patch
	equal "direct, with nobody else" direct "$(state)"
	refused=1
	forget_log
	if on "$1"; then
		refused=0
		off "$1" 0
	fi
	patched "$1 was refused"
	check "$1 was refused: it is said who has it" logged "klp_loader: $function\(\) is not for BPF: klpl_bad has its direct call"
	disable klpl_bad
	unpatched "$1, at the end"
	[ $refused = 1 ] && [ $status = 3 ]
}

run() {
	begin alone
	together fentry handler refused
	together fexit handler refused
	together perf direct together
	counted fentry
	# nor with what another patch is redirected by
	echo 0 >/sys/module/klp_loader/parameters/direct
	forget_log
	check "refcount is refused without direct calls" ! insmod /files/klpl_bad.ko kind=none model=refcount
	check "with the reason" logged "klp_loader: $function\(\) cannot be redirected: refcount needs the direct call, which klp_loader's direct=0 forbids"
	enable klpl_hooks
	equal "another model works" handler "$(cat $sys/klpl_hooks/vmlinux/$function,*/state)"
	echo 1 >/sys/module/klp_loader/parameters/direct
	forget_log
	check "refcount is refused on top of it" ! insmod /files/klpl_bad.ko kind=none model=refcount
	check "with this reason" logged "klp_loader: $function\(\) is redirected by ftrace's handler, and refcount needs its direct call"
	disable klpl_hooks
	finish alone
}
