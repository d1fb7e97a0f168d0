// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Do two functions differ in line numbers only?
 *
 * A new line above might_sleep() changes a constant in the function, not the function: the
 * number is loaded into an argument register. It is one when a function is called next that is
 * known to do nothing else with it; or when the debug information has it as the line of that very
 * instruction, or of the call that it was inlined by, on both sides. It can be at the end of a
 * string, too, behind the source's name.
 */
#include <string.h>

#include "code.h"
#include "compare.h"

/* The registers of a call's arguments, by the numbers that instructions use. */
enum { ARG1 = 7, ARG2 = 6, ARG3 = 2, ARG4 = 1, ARG5 = 8, ARG6 = 9 };

/*
 * Which argument is the line: the constants beside it mean something (how many journal blocks
 * are reserved, which error is raised). As in 6.1 and 6.12.
 */
static const struct {
	const char *name;
	uint8_t line;
	uint32_t above; /* no line is as small as this */
} line_takers[] = {
	{ "__might_sleep", ARG2, 0 },
	{ "__might_resched", ARG2, 0 },
	{ "___might_sleep", ARG2, 0 },
	{ "__might_fault", ARG2, 0 },
	{ "__cant_sleep", ARG2, 0 },
	{ "__cant_migrate", ARG2, 0 },
	{ "lockdep_rcu_suspicious", ARG2, 0 },
	{ "warn_slowpath_fmt", ARG2, 0 },
	{ "warn_slowpath_null", ARG2, 0 },
	{ "__warn", ARG2, 0 },
	{ "__ext4_warning", ARG3, 0 },
	{ "__ext4_error", ARG3, 0 },
	{ "__ext4_error_inode", ARG3, 0 },
	{ "__ext4_error_file", ARG3, 0 },
	{ "__ext4_std_error", ARG3, 0 },
	{ "__ext4_abort", ARG3, 0 },
	{ "__ext4_grp_locked_error", ARG2, 0 },
	{ "__ext4_warning_inode", ARG3, 0 },
	/* since 6.3 the third, which was the type before: EXT4_HT_*, some ten of them */
	{ "__ext4_journal_start_sb", ARG2, 0 },
	{ "__ext4_journal_start_sb", ARG3, 63 },
	{ "__ext4_journal_stop", ARG2, 0 },
	{ "__ext4_handle_dirty_metadata", ARG2, 0 },
	{ "__ext4_journal_get_write_access", ARG2, 0 },
	{ "__ext4_forget", ARG2, 0 },
	{ "__ext4_journal_get_create_access", ARG2, 0 },
	{ "__ext4_journal_start_reserved", ARG2, 0 },
	{ "__btrfs_abort_transaction", ARG3, 0 },
	{ "__btrfs_handle_fs_error", ARG3, 0 },
	{ "__btrfs_panic", ARG3, 0 },
	{ "assfail", ARG4, 0 },
	{ "asswarn", ARG4, 0 },
	{ "xfs_error_report", ARG5, 0 },
};

/* Do both load a line number for this callee? */
static bool is_line_of(const char *callee, uint8_t destination, uint32_t a, uint32_t b)
{
	size_t i;

	for (i = 0; i < sizeof(line_takers) / sizeof(*line_takers); i++)
		if (!strcmp(callee, line_takers[i].name) && destination == line_takers[i].line &&
		    a > line_takers[i].above && b > line_takers[i].above)
			return true;
	return false;
}

static uint32_t immediate_of(const uint8_t *bytes, const struct instruction *insn)
{
	uint32_t value;

	memcpy(&value, bytes + insn->immediate_at, sizeof(value));
	return value;
}

/* The callee of the relocation's call, when it is a symbol of another object. */
static const char *callee_at(const struct model *model, const struct unit *unit, uint64_t field)
{
	uint32_t i;

	for (i = 0; i < unit->reloc_count; i++) {
		uint32_t index = unit->reloc_first + i;

		if (unit_section(model, unit)->relocs[index].offset == field)
			return model->object->symbols[model_ref(model, unit->section, index).symbol]
				.name;
	}
	return NULL;
}

/*
 * The callee of the call that is always reached from this offset on: no branch comes before. A
 * sibling call (e9) is one too; a jump inside of the function has no relocation.
 */
static const char *next_callee(const struct model *model, const struct unit *unit, uint64_t at)
{
	const uint8_t *bytes = unit_section(model, unit)->data;

	while (at < unit->end) {
		struct instruction insn;

		if (!code_decode(bytes + at, unit->end - at, &insn) ||
		    (insn.is_jump && bytes[at] != 0xe9))
			return NULL;
		if (insn.is_call || insn.is_jump)
			return insn.is_relative ?
				       callee_at(model, unit, at + insn.displacement_at) :
				       NULL;
		at += insn.length;
	}
	return NULL;
}

/*
 * Two instructions that pass different constants on, in the same register or on the stack (the
 * line is the seventh argument of __ext4_new_inode(); the sixth and those before are in registers).
 */
static bool is_line_load(const uint8_t *a, const uint8_t *b, const struct instruction *insn)
{
	return insn->immediate_size == 4 && (insn->destination != 0xff || insn->is_push) &&
	       !memcmp(a, b, insn->immediate_at);
}

/* The numbers are lines of the source, as the debug information has it. */
static bool are_lines(const struct correlation *correlation, struct comparison *comparison,
			const struct unit *a, const struct unit *b, uint64_t at, uint32_t number_a,
			uint32_t number_b)
{
	if (!comparison->orig_lines) {
		comparison->orig_lines = line_source_read(correlation->orig->object->path);
		comparison->patched_lines = line_source_read(correlation->patched->object->path);
		comparison->out_of_memory |= !comparison->orig_lines || !comparison->patched_lines;
	}
	if (comparison->out_of_memory)
		return false;
	return line_numbers_same(
		&(struct line_number){ comparison->orig_lines, a->name, a->section, a->entry,
				       a->end - a->entry, at, number_a },
		&(struct line_number){ comparison->patched_lines, b->name, b->section, b->entry,
				       b->end - b->entry, at, number_b });
}

bool refs_equal_but_lines(const struct correlation *correlation, struct comparison *comparison,
			  uint32_t orig, uint32_t patched, uint64_t at, struct ref left, struct ref right)
{
	const struct model *models[] = { correlation->orig, correlation->patched };
	const struct ref refs[] = { left, right };
	const struct unit *a = &correlation->orig->units.items[orig];
	const struct unit *b = &correlation->patched->units.items[patched];
	const char *texts[2];
	size_t sizes[2];
	long lines[2];

	if (a->kind != UNIT_FUNC)
		return false;
	for (int i = 0; i < 2; i++) {
		const struct unit *string;

		if (refs[i].unit == UNIT_NONE)
			return false;
		string = &models[i]->units.items[refs[i].unit];
		if (string->kind != UNIT_STRING || refs[i].offset < 0 ||
		    (uint64_t)refs[i].offset >= string->end - string->start)
			return false;
		texts[i] = (const char *)unit_bytes(models[i], string) + refs[i].offset;
		sizes[i] = string->end - string->start - (uint64_t)refs[i].offset;
	}
	return line_in_strings(texts[0], sizes[0], texts[1], sizes[1], &lines[0], &lines[1]) &&
	       are_lines(correlation, comparison, a, b, at, (uint32_t)lines[0], (uint32_t)lines[1]);
}

bool code_equal_but_lines(const struct correlation *correlation, struct comparison *comparison,
			  uint32_t orig, uint32_t patched)
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
			if ((!callee || !is_line_of(callee, insn.destination,
						    immediate_of(left + at, &insn),
						    immediate_of(right + at, &insn))) &&
			    !are_lines(correlation, comparison, a, b, at,
					 immediate_of(left + at, &insn),
					 immediate_of(right + at, &insn)))
				return false;
		}
		at += insn.length;
	}
	return true;
}
