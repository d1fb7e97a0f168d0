// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Do two functions differ in line numbers only?
 *
 * A new line above might_sleep() changes a constant in the function, not the function: the
 * number is loaded into an argument register, and a function that reports it is called next.
 * Only for callees that are known to do nothing else with it.
 */
#include <string.h>

#include "code.h"
#include "compare.h"

static const char *const line_takers[] = {
	"__might_sleep",	 "__might_resched",	"___might_sleep",
	"__might_fault",	 "__cant_sleep",	"__cant_migrate",
	"lockdep_rcu_suspicious", "warn_slowpath_fmt",	"warn_slowpath_null",
	"__warn",		 "__ext4_warning",	"__ext4_error",
	"__ext4_error_inode",	 "__ext4_error_file",	"__ext4_std_error",
	"__ext4_abort",		 "__ext4_grp_locked_error", "__ext4_warning_inode",
	"__ext4_journal_start_sb", "__ext4_journal_stop", "__ext4_handle_dirty_metadata",
	"__ext4_journal_get_write_access", "__ext4_forget", "__ext4_journal_get_create_access",
	"__ext4_journal_start_reserved", "__ext4_journal_ensure_credits",
	"__btrfs_abort_transaction", "__btrfs_handle_fs_error", "__btrfs_panic",
	"btrfs_assertfail",	 "assfail",		"asswarn",
	"xfs_corruption_error",	 "xfs_error_report",
};

static bool is_line_taker(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(line_takers) / sizeof(*line_takers); i++)
		if (!strcmp(name, line_takers[i]))
			return true;
	return false;
}

/* rdi rsi rdx rcx r8 r9: where the arguments of a call are */
static bool is_argument_register(uint8_t number)
{
	return number == 7 || number == 6 || number == 2 || number == 1 || number == 8 ||
	       number == 9;
}

/* The callee of the next call from this offset on, when it is a symbol of another object. */
static const char *next_callee(const struct model *model, const struct unit *unit, uint64_t from)
{
	uint32_t i;

	for (i = 0; i < unit->reloc_count; i++) {
		uint32_t index = unit->reloc_first + i;
		const struct reloc *reloc = &unit_section(model, unit)->relocs[index];
		struct ref ref;

		if (reloc->offset < from)
			continue;
		ref = model_ref(model, unit->section, index);
		if (ref.flow == FLOW_CALL)
			return model->object->symbols[ref.symbol].name;
	}
	return NULL;
}

/* Two instructions that load different constants into the same argument register. */
static bool is_line_load(const uint8_t *a, const uint8_t *b, const struct instruction *insn)
{
	return insn->immediate_size == 4 && is_argument_register(insn->destination) &&
	       !memcmp(a, b, insn->immediate_at);
}

bool code_equal_but_lines(const struct correlation *correlation, uint32_t orig, uint32_t patched)
{
	const struct unit *a = &correlation->orig->units.items[orig];
	const struct unit *b = &correlation->patched->units.items[patched];
	const uint8_t *left = unit_bytes(correlation->orig, a) + (a->entry - a->start);
	const uint8_t *right = unit_bytes(correlation->patched, b) + (b->entry - b->start);
	uint64_t size = a->end - a->entry, at = 0;

	if (size != b->end - b->entry)
		return false;
	while (at < size) {
		struct instruction insn, other;
		const char *callee;

		if (!code_decode(left + at, size - at, &insn) ||
		    !code_decode(right + at, size - at, &other) || insn.length != other.length)
			return false;
		if (memcmp(left + at, right + at, insn.length)) {
			if (!is_line_load(left + at, right + at, &insn))
				return false;
			callee = next_callee(correlation->patched, b, b->entry + at);
			if (!callee || !is_line_taker(callee))
				return false;
		}
		at += insn.length;
	}
	return true;
}
