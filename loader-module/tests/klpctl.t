#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# klpctl on a made-up /sys and /proc: what it prints of both backends, and its exit codes. In the virtual machine
# loader.t has it load and unload.
set -u

cd "$(dirname "$0")/../.." || exit 1
tool=$PWD/build/klpctl
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export KLPCTL_ROOT=$work/root
count=0

verdict() { # STATUS NAME
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/#   /' log
	fi
}

check() { # NAME EXIT REGEX COMMAND...
	local name=$1 want=$2 regex=$3 status
	shift 3
	"$@" >log 2>&1 </dev/null
	status=$?
	[ "$status" -eq "$want" ] && grep -qE -- "$regex" log
	verdict $? "$name"
	[ "$status" -eq "$want" ] || echo "#   exit $status, not $want"
}

patch() { # BACKEND NAME ENABLED TRANSITION FUNCTION...
	local dir=$KLPCTL_ROOT/sys/kernel/$1/$2 function
	mkdir -p "$dir"
	echo "$3" >"$dir/enabled"
	echo "$4" >"$dir/transition"
	for function in "${@:5}"; do
		mkdir -p "$dir/$function"
	done
}

check "no command" 64 "^Usage: klpctl COMMAND" "$tool"
check "help" 0 "^Usage: klpctl COMMAND" "$tool" --help
check "an unknown command" 64 "no command 'lsit'" "$tool" lsit
mkdir -p "$KLPCTL_ROOT/proc"
touch "$KLPCTL_ROOT/proc/modules"
check "nothing is loaded" 0 "no live patch is loaded" "$tool" list
check "and as JSON" 0 '^\[\]$' "$tool" list --json

patch livepatch klp_one 1 0 vmlinux/cmdline_proc_show,1 zram/initstate_show,1
patch klp_loader klp_two 1 1 vmlinux/seq_open,2
echo kernel >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/model"
# its module is being removed
mkdir -p "$KLPCTL_ROOT/sys/kernel/klp_loader/klp_gone"
printf '2\n17 sh seq_open\n18 cat running\n' >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/blockers"
patch livepatch klp_three 0 1 ext4/ext4_sync_fs,1
mkdir -p "$KLPCTL_ROOT"/proc/{41/task/41,42/task/43}
echo 1 >"$KLPCTL_ROOT/proc/41/task/41/patch_state"
echo 0 >"$KLPCTL_ROOT/proc/42/task/43/patch_state"
echo sleeper >"$KLPCTL_ROOT/proc/41/comm"
echo '[<0>] ext4_sync_fs+0x12/0x40' >"$KLPCTL_ROOT/proc/41/stack"

cat >"$KLPCTL_ROOT/proc/modules" <<'END'
klp_five 16384 1 - Live 0x0000000000000000 (OEK)
klp_two 16384 1 - Live 0x0000000000000000 (OEK)
klp_one 16384 1 - Live 0x0000000000000000 (OEK)
END
check "the kernel's own" 0 \
	'^klp_one +livepatch +task +enabled +vmlinux:cmdline_proc_show,1 zram:initstate_show,1$' "$tool" list
check "the loader's" 0 '^klp_two +loader +kernel +enabling +vmlinux:seq_open,2$' "$tool" list
check "on the way out" 0 '^klp_three +livepatch +task +disabling ' "$tool" list
"$tool" list --json >log 2>&1
perl -MJSON::PP -e 'local $/; my @all = @{decode_json(<STDIN>)}; my ($two) = grep { $_->{name} eq "klp_two" } @all;
	exit !(@all == 3 && $two->{backend} eq "loader" && $two->{model} eq "kernel" && $two->{state} eq "enabling" &&
	$two->{functions}[0]{object} eq "vmlinux" && $two->{functions}[0]{function} eq "seq_open,2")' <log
verdict $? "all of it as JSON"
patch livepatch klp_five 1 1 vmlinux/cmdline_proc_show,1 vmlinux/initstate_show,1
echo 1 >"$KLPCTL_ROOT/sys/kernel/livepatch/klp_one/vmlinux/patched"
echo 0 >"$KLPCTL_ROOT/sys/kernel/livepatch/klp_one/zram/patched"
check "while another one moves, nobody wins" 0 \
	'^klp_one +livepatch +task +enabled +vmlinux:cmdline_proc_show,1 zram:initstate_show,1\(absent\)$' "$tool" list
echo 0 >"$KLPCTL_ROOT/sys/kernel/livepatch/klp_five/transition"
check "the one that came later hides it" 0 \
	'^klp_one +livepatch +task +enabled +vmlinux:cmdline_proc_show,1\(hidden by klp_five\) zram:initstate_show,1\(absent\)$' "$tool" list
check "and is not hidden" 0 \
	'^klp_five +livepatch +task +enabled +vmlinux:cmdline_proc_show,1 vmlinux:initstate_show,1$' "$tool" list
rm -r "$KLPCTL_ROOT/sys/kernel/livepatch/klp_five"
check "one that is settled" 0 '^klp_one: enabled$' "$tool" status klp_one
check "the loader's blockers are counted" 0 '^2 tasks hold it up$' "$tool" status klp_two
check "and named" 0 '^  17 sh seq_open$' "$tool" status klp_two
check "the kernel's own have those that are behind" 0 '^1 tasks hold it up$' "$tool" status klp_three
check "with the patched function" 0 '^  41 sleeper ext4_sync_fs$' "$tool" status klp_three
check "and their stack, when it takes long" 2 '^      \[<0>\] ext4_sync_fs\+0x12/0x40$' "$tool" wait --timeout 20 klp_three
check "all of them" 0 '^klp_one: enabled$' "$tool" status
check "a patch that is not there" 1 'no live patch klp_four is loaded' "$tool" status klp_four
check "waiting for what is over" 0 '^klp_one: enabled$' "$tool" wait klp_one
check "waiting in vain tells who" 2 '17 sh seq_open' "$tool" wait --timeout 20 klp_two
check "no number" 64 "wants milliseconds, not 'x'" "$tool" wait --timeout x klp_two
check "waiting for nothing" 64 'which patch' "$tool" wait
(sleep 0.3; echo 0 >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/transition") &
check "waiting until it is over" 0 '^klp_two: enabled$' "$tool" wait --timeout 20000 klp_two
wait
echo 1 >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/transition"
(sleep 0.3; echo 0 >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/enabled"
	echo 0 >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/transition") &
check "waiting for what is reversed, with who held it up" 2 'klp_two was reversed, and is disabled: 2 tasks hold it up' \
	"$tool" wait --timeout 20000 klp_two
wait
echo 1 >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/enabled"
echo 1 >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/transition"
(sleep 0.5; echo 0 >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/transition") &
check "on a terminal its status goes on" 0 'klp_two: on the way to be enabled' script -qec "timeout 20 '$tool' status klp_two" /dev/null
grep -q 'klp_two: enabled' log
verdict $? "until it is over"
wait
echo 1 >"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/transition"
touch "$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/force"
# answer TEXT: on a terminal
answer() { echo "$1" | script -qec "'$tool' force klp_two" /dev/null; }
check "asked on a terminal" 1 'can never be removed after that. Force it' answer no
[ ! -s "$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/force" ]
verdict $? "no is no"
check "and yes is yes" 0 'klp_two: forced' answer yes
rm "$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/force"
check "nobody said yes" 1 'not forced' "$tool" force klp_two
touch "$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/force"
check "forced" 0 'klp_two: forced' "$tool" force --yes klp_two
[ "$(cat "$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/force")" = 1 ]
verdict $? "the kernel is told"
check "nothing to force" 3 'not in transition' "$tool" force --yes klp_one
check "nothing to signal" 3 'not in transition' "$tool" signal klp_one
# an idle task has the number 0: all of the caller's own group, to kill(2)
sleep 100 &
awake=$!
sleep 100 &
stopped=$!
kill -STOP $stopped
mkdir -p "$KLPCTL_ROOT/proc/$awake" "$KLPCTL_ROOT/proc/$stopped"
cp /proc/$awake/stat "$KLPCTL_ROOT/proc/$awake/stat"
until grep -q '^State:.T' /proc/$stopped/status; do sleep 0.1; done
cp /proc/$stopped/stat "$KLPCTL_ROOT/proc/$stopped/stat"
printf '3\n0 swapper/1 running\n%s sleep seq_open\n%s sleep seq_open\n- - 2 calls\n' $awake $stopped \
	>"$KLPCTL_ROOT/sys/kernel/klp_loader/klp_two/blockers"
setsid "$tool" signal klp_two >log 2>&1 &
signaller=$!
sleep 1
grep -q '^klp_two: 1 tasks woken$' log
verdict $? "one is woken"
grep -q '^State:.T' /proc/$stopped/status && ! grep -q '^State:.T' /proc/$awake/status
verdict $? "the one that was stopped stays so, the other does not"
kill -9 $awake $stopped $signaller 2>/dev/null
wait 2>/dev/null
check "no module" 1 'is not a kernel module' "$tool" load "$work/log"
check "no file" 1 "cannot read $work/nothing" "$tool" load "$work/nothing"
check "info of no module" 1 'is not a kernel module' "$tool" info "$work/log"
cat >module.c <<'C'
static const char info[] __attribute__((section(".modinfo"), used)) = "name=klp_x\0vermagic=6.1.0 SMP";
C
gcc -c -o module.o module.c
check "info" 0 '^name +klp_x$' "$tool" info module.o
check "and its kernel" 0 '^vermagic +6.1.0 SMP$' "$tool" info module.o
cat >functions.c <<'C'
static const char info[] __attribute__((section(".modinfo"), used)) = "name=klp_y\0livepatch=Y\0vermagic=6.1.0-1-amd64 SMP";
static const char strings[] __attribute__((section(".klpkit.strings"))) = "seq_open\0vmlinux";
static const struct { const char *name, *object; unsigned long new_func, old_size; unsigned int sympos, flags; } funcs[]
	__attribute__((section(".klpkit.funcs"), used)) = { { strings, strings + 9, 0, 0, 2, 0 } };
C
gcc -c -o functions.o functions.c
check "info has the functions" 0 '^function +vmlinux:seq_open,2$' "$tool" info functions.o
objcopy --remove-section=.rela.klpkit.funcs functions.o nameless.o
check "a record without a name" 1 'nameless.o: record 0 of .klpkit.funcs has no name' "$tool" info nameless.o
check "installed for its kernel" 0 '^klp_y: installed for 6.1.0-1-amd64$' "$tool" install functions.o
cmp functions.o "$KLPCTL_ROOT/var/lib/klpkit/6.1.0-1-amd64/klp_y.ko" >log 2>&1
verdict $? "as it is"
check "what is no patch is not" 1 'module.o is neither a live patch nor klp_loader' "$tool" install module.o
check "nor loaded" 1 'module.o is no live patch' "$tool" load module.o
check "not for another" 3 'klp_y is not installed' "$tool" uninstall --kernel 6.1.0-2-amd64 klp_y
check "and no longer, whatever else is not" 0 'klp_y: not installed for 6.1.0-1-amd64' "$tool" uninstall --kernel 6.1.0-1-amd64 klp_x klp_y
grep -q 'klpctl uninstall: klp_x is not installed' log
verdict $? "which is told"
[ -z "$(ls "$KLPCTL_ROOT/var/lib/klpkit/6.1.0-1-amd64")" ]
verdict $? "which leaves nothing"
for name in klp_zz klp_a klp_m klp_b; do
	sed "s/klp_y/$name/; s/6.1.0-1-amd64/$(uname -r)/" functions.c >ordered.c && gcc -c -o "$name.o" ordered.c
done
here=$KLPCTL_ROOT/var/lib/klpkit/$(uname -r)

# in_order NAMES TITLE: what is installed for this kernel
in_order() {
	"$tool" list >log 2>&1
	[ "$(awk '$4 == "installed" { print $1 }' log | xargs)" = "$1" ]
	verdict $? "$2"
}

"$tool" install klp_zz.o klp_a.o klp_m.o >log 2>&1
in_order "klp_zz klp_a klp_m" "what is installed is in the order of that, in however short a time"
touch -d tomorrow "$here/klp_m.ko"
"$tool" install klp_b.o >log 2>&1
in_order "klp_zz klp_a klp_m klp_b" "also where the clock was set back"
"$tool" install klp_a.o >log 2>&1
in_order "klp_zz klp_m klp_b klp_a" "one that is installed again is the last"
rm "$here"/klp_*.ko
mkdir -p "$KLPCTL_ROOT/var/lib/klpkit/$(uname -r)" && cp functions.o "$KLPCTL_ROOT/var/lib/klpkit/$(uname -r)/klp_y.ko"
check "what is installed and not loaded is listed" 0 '^klp_y +- +- +installed$' "$tool" list
check "a module without a kernel" 1 'does not say its name' "$tool" install "$(gcc -c -x c -o none.o - <<<'static const char info[] __attribute__((section(".modinfo"), used)) = "name=x";' && echo none.o)"
check "a full disk" 1 'cannot write' sh -c "'$tool' list >/dev/full"
echo "1..$count"
