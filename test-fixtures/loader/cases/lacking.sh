# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# only: bare
# A kernel that does not have what the loader needs: it does not load, and says what is missing.
run() {
	check "it does not load" ! insmod /files/klp_loader.ko
	for what in 'ftrace \(CONFIG_DYNAMIC_FTRACE_WITH_REGS\)' 'kprobes \(CONFIG_KPROBES\)' 'stacks .*CONFIG_UNWINDER_ORC'; do
		check "it says that it needs $what" logged "klp_loader: this kernel does not have $what"
	done
	check "what is there is not said to be missing" ! logged 'klp_loader: .*(KALLSYMS|FENTRY)'
}
