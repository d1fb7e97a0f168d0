#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# needs: kernel packages
#
# Which objects a patch leads to, on a real kernel: sources that others include, headers, new files
# and directories, modules, what is refused and what is left out. And that an object is compiled by
# the very command by which kbuild's own top makefile would.
# shellcheck disable=SC2016
set -u

cd "$(dirname "$0")/../.." || exit 1
tool=$PWD/build/klp-build
work=$(mktemp -d "/tmp/klpkit plan.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
count=0

read -r release version < <(scripts/kernel-packages release 6.1) || exit 1
source=$(scripts/kernel-packages source "$version") || exit 1
scripts/kernel-packages image "$release" "$version" >/dev/null || exit 1

verdict() { # STATUS NAME
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/#   /' "$work/log"
	fi
}

# edit FILE SED-SCRIPT: one file of the source, or a new one of these lines, added to the patch
start() {
	rm -rf "$work/a" "$work/b"
	mkdir -p "$work/a" "$work/b"
}

edit() {
	mkdir -p "$work/a/${1%/*}" "$work/b/${1%/*}"
	cp "$source/$1" "$work/a/$1"
	sed "$2" "$source/$1" >"$work/b/$1"
}

new() {
	mkdir -p "$work/b/${1%/*}"
	printf '%s\n' "${@:2}" >"$work/b/$1"
}

# check NAME EXIT TEXT... [-- OPTION...]: builds the patch; all the texts are in the output
check() {
	local name=$1 want=$2 status text texts=()
	shift 2
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	(cd "$work" && diff -urN a b >x.patch)
	"$tool" --kernel "$release" -o "$work/out" --report "$work/report.json" "$@" "$work/x.patch" \
		>"$work/log" 2>&1
	status=$?
	[ "$status" = "$want" ]
	want=$?
	for text in "${texts[@]}"; do
		grep -qF -- "$text" "$work/log" || want=1
	done
	verdict "$want" "$name"
}

start
edit kernel/sched/rt.c '/^static void yield_task_rt/,/^}/s/^{/{\n\tif (!rq)\n\t\treturn;/'
check "a source that another one includes" 0 \
	"kernel/sched/build_policy.c: changed function: yield_task_rt"
check "which is touched, too, when only what is touched is taken" 0 \
	"kernel/sched/build_policy.c: changed function: yield_task_rt" -- --touched-only

start
edit kernel/sched/completion.c '/^void __sched wait_for_completion(/,/^EXPORT_SYMBOL(wait_for_completion);/{H;d}
	/^bool completion_done/,/^}/s/return false;/{ barrier(); return x->done > 5; }/; ${p;x}'
check "functions of one section in another order have not changed" 0 \
	"kernel/sched/build_utility.c: changed function: completion_done"

start
edit drivers/net/dummy.c '/^static netdev_tx_t dummy_xmit/,/^}/s/^{/{\n\tif (skb->len > 70000)\n\t\treturn NETDEV_TX_OK;/'
edit fs/proc/meminfo.c 's/si_meminfo(&i);/&\n\ti.totalram++;/'
check "a module and the kernel" 0 "drivers/net/dummy.c: changed function: dummy_xmit" \
	"fs/proc/meminfo.c: changed function: meminfo_proc_show"
grep -q '"module": "dummy"' "$work/report.json"
verdict $? "the report says which is whose"

start
edit fs/proc/internal.h '/^static inline bool is_empty_pde/,/^}/s/^{/{\n\tif (!pde)\n\t\treturn false;/'
check "a header reaches those that use what has changed" 0 "2 differ" \
	"fs/proc/generic.c: changed function"

start
edit fs/proc/internal.h '/^static inline bool is_empty_pde/,/^}/s/^{/{\n\tif (!pde)\n\t\treturn false;/'
edit fs/proc/inode.c '/^static int proc_show_options/,/^}/s/return 0;/return seq_has_overflowed(seq);/'
check "only the sources that are touched, when that is asked for" 0 \
	"fs/proc/inode.c: changed function: proc_show_options" -- --touched-only
! grep -q "fs/proc/generic.c: changed" "$work/log" && grep -q "touched-only" "$work/report.json"
verdict $? "the report says that others keep what they have"

# proc_get_inode() takes one more, and looks at it
prototype='s/proc_get_inode(struct super_block \*\( *[a-z]*\), struct proc_dir_entry \*\( *[a-z]*\))/proc_get_inode(struct super_block *\1, struct proc_dir_entry *\2, int more)/'
callee="$prototype;"'/^struct inode \*proc_get_inode/,/^}/s/new_inode(sb)/(more ? new_inode(sb) : NULL)/'
start
edit fs/proc/internal.h "$prototype"
edit fs/proc/inode.c "$callee"
check "what is left out calls a function without its new parameter" 2 "[global-prototype]" \
	"refused: proc_get_inode" "calls it as it was: proc_" -- --touched-only

start
edit fs/proc/internal.h "$prototype"
edit fs/proc/root.c 's/proc_get_inode(s, &proc_root)/proc_get_inode(s, \&proc_root, 1)/'
check "and it is called with one that it does not know" 2 "[callee-prototype]" \
	"refused: proc_fill_super" "it uses proc_get_inode" -- --touched-only

start
edit fs/proc/internal.h "$prototype"
edit fs/proc/inode.c "$callee"
edit fs/proc/root.c 's/proc_get_inode(s, &proc_root)/proc_get_inode(s, \&proc_root, 1)/'
edit fs/proc/generic.c 's/proc_get_inode(dir->i_sb, de)/proc_get_inode(dir->i_sb, de, 1)/'
check "with all of them in the patch it is well" 0 "fs/proc/generic.c: changed function: proc_lookup_de" \
	"fs/proc/inode.c: changed function: proc_get_inode" -- --touched-only

start
edit kernel/hung_task.c '/^static int proc_dohung_task_timeout_secs/,/^}/s/^{/{\n\tif (write > 1)\n\t\treturn -EINVAL;/'
check "what prints the version of the distribution's package" 0 \
	"kernel/hung_task.c: changed function: proc_dohung_task_timeout_secs"

start
edit fs/proc/version.c '$a int klpkit_unused(int number);\nint klpkit_unused(int number)\n{\n\treturn number + 1;\n}'
check "a new function that nobody uses does nothing" 3 "nothing"

start
new fs/proc/klpkit_new.c '#include <linux/seq_file.h>' 'void klpkit_new(struct seq_file *m);' \
	'void klpkit_new(struct seq_file *m)' '{' '	seq_puts(m, "klpkit");' '}'
edit fs/proc/Makefile '$a proc-y += klpkit_new.o'
edit fs/proc/meminfo.c 's/si_meminfo(&i);/&\n\t{ extern void klpkit_new(struct seq_file *); klpkit_new(m); }/'
check "a new file" 0 "fs/proc/klpkit_new.c: new function: klpkit_new"

start
new fs/klpkit/Makefile 'obj-y += new.o'
new fs/klpkit/new.c 'int klpkit_new(void);' 'int klpkit_new(void)' '{' '	return 3;' '}'
edit fs/Makefile '$a obj-y += klpkit/'
edit fs/proc/meminfo.c 's/si_meminfo(&i);/&\n\t{ extern int klpkit_new(void); i.totalram += klpkit_new(); }/'
check "a new directory" 0 "fs/klpkit/new.c: new function: klpkit_new"

start
new fs/proc/klpkit_new.c 'int klpkit_new;'
check "a new file that nobody builds is left out" 3 "fs/proc/klpkit_new.c: new, and no makefile"
start
edit fs/proc/Makefile '$a ccflags-y += -DKLPKIT'
check "flags of other objects are refused" 2 "fs/proc/Makefile" "how other objects are compiled"
start
edit fs/proc/Makefile 's/fd\.o//'
check "an object that is taken out is refused" 2 "fs/proc/fd.o is built no more"
start
edit arch/x86/lib/memcpy_64.S '$a nop'
check "assembly is refused" 2 "arch/x86/lib/memcpy_64.S"
start
mkdir -p "$work/a/fs/proc"
cp "$source/fs/proc/fd.c" "$work/a/fs/proc"
check "a source that is removed is refused" 2 "fs/proc/fd.c: it is removed"
start
edit fs/proc/Kconfig '$a # a comment'
check "the configuration stays" 3 "fs/proc/Kconfig: the configuration stays"
start
edit tools/lib/string.c '$a int klpkit;'
check "tools are no part of the kernel" 3 "tools/lib/string.c: not a part of the kernel"
start
edit arch/arm64/kernel/time.c '$a int klpkit;'
check "other architectures are left out" 3 "of another architecture"

# --- the commands: ours, and those of a make of the same objects from the top
start
edit kernel/sched/rt.c '/^static void yield_task_rt/,/^}/s/^{/{\n\tif (!rq)\n\t\treturn;/'
edit drivers/net/dummy.c '/^static netdev_tx_t dummy_xmit/,/^}/s/^{/{\n\tif (skb->len > 70000)\n\t\treturn NETDEV_TX_OK;/'
edit fs/proc/meminfo.c 's/si_meminfo(&i);/&\n\ti.totalram++;/'
check "three at once" 0 yield_task_rt dummy_xmit meminfo_proc_show
workspace=$(sed -n 's/.*take a workspace *[0-9.]* s  //p' "$work/log")
tree=$workspace/tree
objects=(fs/proc/meminfo.o drivers/net/dummy.o kernel/sched/build_policy.o)
command_of() { # OBJECT
	sed -n 's/^\(saved\)\{0,1\}cmd_[^ ]* := //p' "$tree/${1%/*}/.${1##*/}.cmd"
}
(
	cd "$tree" && exec 9>../lock && flock -w 300 9 || exit 1
	for object in "${objects[@]}"; do
		command_of "$object"
	done >"$work/ours"
	rm -f "${objects[@]}"
	# the patches are gone from the tree, its objects are made anew; what klp-build wrote otherwise than make
	# would stays as it is
	make -s -o include/generated/package.h ARCH=x86 CC=gcc HOSTCC=gcc LOCALVERSION= KERNELRELEASE="$release" \
		KCFLAGS="-ffunction-sections -fdata-sections -fdebug-prefix-map=$tree=. -I$workspace/state/include" \
		"${objects[@]}" >"$work/log" 2>&1
	for object in "${objects[@]}"; do
		command_of "$object"
	done >"$work/theirs"
	cmp "$work/ours" "$work/theirs" >>"$work/log" 2>&1 && [ "$(wc -l <"$work/ours")" -eq 3 ]
)
verdict $? "objects are compiled as kbuild's top makefile compiles them"

echo "1..$count"
