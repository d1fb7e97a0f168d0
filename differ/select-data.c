// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A variable whose initial contents changed. The running kernel has its own copy, so the change is
 * refused, unless the patch's user wants it applied (diff_input.apply_data) and it can be:
 *
 *  - each changed word is a number or pointer, and nothing else changes in the variable, or in the
 *    structure that is an element of its array: a reader sees the old word or the new one, and no
 *    two words must agree; and no function that changes uses it. When all switches at once (at_once), there
 *    may be more, if all who read it can be looked for, and changed code that goes with it;
 *  - its type is the same on both sides, and no union, bit field of writable memory or per-CPU
 *    variable, nor of a kind that the kernel changes as it runs (a lock, a list, a counter);
 *  - no code of the object writes to it, and none takes the address of a lone variable;
 *  - what it held can be named in the running kernel, so that it can be checked first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "layout.h"
#include "select.h"

#define ADVICE_DATA                                                                              \
	"leave the initializer as it is and set the value in a callback (include/klpkit/patch.h)"
#define ADVICE_AT_ONCE                                                                           \
	"klp-build --backend loader --model kernel changes all of it in one moment"
#define ADVICE_APPLY                                                                             \
	"--data=apply puts it into the live variable when the patch is enabled"

/* A changed variable, while its words are looked at. */
struct changed {
	struct selection *selection;
	uint32_t id, twin; /* units of patched and of orig */
	const struct unit *now, *then;
	uint32_t type_now, type_then; /* or TYPE_NONE */
	const char *problem;
	bool at_once_would_do; /* the problem is only that not all changes in one moment */
	bool check_readers; /* more than a word changes at once: nobody may be reading then */
};

/* The innermost number or pointer around a byte, and what it is a part of. */
struct leaf {
	uint32_t type;
	uint64_t at, size;	  /* in the variable */
	uint64_t part_at;	  /* where the variable, or the element of an array, begins */
	const char *runtime_kind; /* the structure around it that changes as the kernel runs */
	bool in_union, bits;
	char path[160];
};

static bool is_live_kind(const char *name)
{
	static const char *const names[] = {
		"list_head", "hlist_head", "hlist_node", "hlist_nulls_head", "hlist_bl_head",
		"llist_head", "llist_node", "spinlock", "spinlock_t", "raw_spinlock",
		"raw_spinlock_t", "qspinlock", "rwlock_t", "qrwlock", "mutex", "rw_semaphore",
		"semaphore", "atomic_t", "atomic64_t", "atomic_long_t", "refcount_struct", "refcount_t",
		"kref", "work_struct", "delayed_work", "timer_list", "hrtimer", "wait_queue_head",
		"swait_queue_head", "completion", "kobject", "kset", "percpu_ref", "percpu_counter",
		"static_key", "static_key_true", "static_key_false", "static_call_key", "seqcount",
		"seqcount_t", "seqlock_t", "lock_class_key", "lockdep_map", "rb_root", "rb_node",
		"rb_root_cached", "xarray", "idr", "ida", "ratelimit_state", "rcu_head", "callback_head",
		"srcu_struct", "tracepoint", "notifier_block",
	};

	for (size_t i = 0; name && i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void append(char *path, size_t size, const char *text)
{
	size_t used = strlen(path);

	if (used + 1 < size)
		snprintf(path + used, size - used, "%s%s", used ? "." : "", text);
}

static uint64_t element_size(const struct layouts *layouts, uint32_t number)
{
	struct flat_member member = { .type = number };

	return flat_end(layouts, &member) / 8;
}

/* False when the debug information does not say what is there. */
static bool find_leaf(const struct layouts *layouts, uint32_t number, uint64_t at, struct leaf *leaf)
{
	for (int depth = 0; depth < 16; depth++) {
		const struct type *type;
		const struct type_member *found = NULL;

		number = type_bare(layouts, number);
		type = type_get(layouts, number);
		if (!type)
			return false;
		leaf->type = number;
		switch (type->kind) {
		case TYPE_BASE:
		case TYPE_ENUM:
		case TYPE_POINTER:
			leaf->size = element_size(layouts, number);
			return leaf->size && at < leaf->at + leaf->size;
		case TYPE_ARRAY: {
			uint32_t element = type_bare(layouts, type->target);
			uint64_t size = element_size(layouts, element);

			if (!size)
				return false;
			leaf->at += (at - leaf->at) / size * size;
			if (type_is_composite(type_get(layouts, element)))
				leaf->part_at = leaf->at;
			number = element;
			continue;
		}
		case TYPE_STRUCT:
		case TYPE_UNION:
			break;
		default:
			return false;
		}
		if (is_live_kind(type->name))
			leaf->runtime_kind = type->name;
		leaf->in_union |= type->kind == TYPE_UNION;
		for (size_t i = 0; i < type->member_count; i++) {
			const struct type_member *member = &type->members[i];
			struct flat_member flat = { NULL, member->bit, member->bits, member->type };

			if (member->bit / 8 <= at - leaf->at &&
			    at - leaf->at < (flat_end(layouts, &flat) + 7) / 8)
				found = member;
		}
		if (!found)
			return false;
		leaf->bits |= found->bits;
		leaf->at += found->bit / 8;
		if (found->name)
			append(leaf->path, sizeof(leaf->path), found->name);
		number = found->type;
	}
	return false;
}

static bool is_writable(const struct changed *changed)
{
	const struct model *orig = changed->selection->correlation->orig;

	return orig->classes[changed->then->section] == CLASS_DATA &&
	       !strstr(unit_section(orig, changed->then)->name, "..ro_after_init");
}

/* The first byte from at on that is not the same; size: none. Fields of relocations are zero. */
static uint64_t next_difference(const struct changed *changed, uint64_t at)
{
	const struct model *patched = selection_model(changed->selection);
	const struct model *orig = changed->selection->correlation->orig;
	const uint8_t *now = unit_bytes(patched, changed->now);
	const uint8_t *then = unit_bytes(orig, changed->then);
	uint64_t size = changed->now->end - changed->now->entry;

	for (; at < size; at++)
		if ((now ? now[at] : 0) != (then ? then[at] : 0))
			break;
	return at;
}

/* The relocation of the unit that begins in the word, or RELOC_NONE; *bad: one that is no pointer. */
static uint32_t reloc_in(const struct model *model, const struct unit *unit, uint64_t at,
			 uint64_t size, bool *bad)
{
	for (uint32_t i = unit->reloc_first; i < unit->reloc_first + unit->reloc_count; i++) {
		const struct reloc *reloc = &unit_section(model, unit)->relocs[i];

		if (reloc->offset - unit->entry < at || reloc->offset - unit->entry >= at + size)
			continue;
		*bad |= reloc->type != R_X86_64_64 || reloc->offset - unit->entry != at || size != 8;
		return i;
	}
	return RELOC_NONE;
}

uint64_t word_value(const struct model *model, const struct unit *unit, uint64_t at, uint32_t size)
{
	const uint8_t *bytes = unit_bytes(model, unit);
	uint64_t value = 0;

	if (bytes)
		memcpy(&value, bytes + at, size);
	return value;
}

static void problem(struct changed *changed, const char *fmt, ...) printf_like(2, 3);

static void problem(struct changed *changed, const char *fmt, ...)
{
	struct findings *findings = changed->selection->findings;
	va_list args;

	va_start(args, fmt);
	changed->problem = arena_vprintf(&findings->arena, fmt, args);
	va_end(args);
	if (!changed->problem)
		findings->out_of_memory = true;
}

/* The store: the smallest aligned one around all that changed of the eight bytes. */
static uint32_t store_size(uint64_t first, uint64_t last)
{
	uint32_t size = 1;

	while (first / size != last / size)
		size *= 2;
	return size;
}

static bool refs_same(const struct changed *changed, uint32_t then, uint32_t now)
{
	const struct correlation *correlation = changed->selection->correlation;

	if (then == RELOC_NONE || now == RELOC_NONE)
		return then == now;
	return refs_equal(correlation, model_ref(correlation->orig, changed->then->section, then),
			  model_ref(correlation->patched, changed->now->section, now));
}

/* What is changed of the eight bytes at an offset: false when nothing is. */
static bool find_word(struct changed *changed, uint64_t eight, struct applied *ret)
{
	const struct correlation *correlation = changed->selection->correlation;
	uint64_t first = next_difference(changed, eight), last = first, size;
	bool bad = false;
	uint32_t then, now;

	size = changed->now->end - changed->now->entry - eight;
	if (size > 8)
		size = 8;
	then = reloc_in(correlation->orig, changed->then, eight, size, &bad);
	now = reloc_in(correlation->patched, changed->now, eight, size, &bad);
	*ret = (struct applied){ .unit = changed->id, .old_reloc = then, .new_reloc = now };
	if (then != RELOC_NONE || now != RELOC_NONE) {
		if (refs_same(changed, then, now) && first >= eight + size)
			return false;
		if (bad)
			problem(changed, "what changed at %llu is a reference of another kind than a "
					 "pointer", (unsigned long long)eight);
		ret->at = eight;
		ret->size = 8;
		return true;
	}
	if (first >= eight + size)
		return false;
	for (uint64_t at = first; at < eight + size; at = next_difference(changed, at + 1))
		last = at;
	ret->size = store_size(first, last);
	ret->at = first / ret->size * ret->size;
	return true;
}

static void check_leaf(struct changed *changed, uint64_t at, struct leaf *now)
{
	const struct selection *selection = changed->selection;
	struct leaf then = { 0 };

	*now = (struct leaf){ 0 };
	if (changed->type_now == TYPE_NONE || changed->type_then == TYPE_NONE ||
	    !find_leaf(selection->patched_types, changed->type_now, at, now) ||
	    !find_leaf(selection->orig_types, changed->type_then, at, &then)) {
		problem(changed, "what is at %llu of it cannot be told without debug information",
			(unsigned long long)at);
		return;
	}
	if (now->at != then.at ||
	    !types_same(selection->orig_types, then.type, selection->patched_types, now->type))
		problem(changed, "%s is of another type than before", now->path);
	else if (now->runtime_kind)
		problem(changed, "%s is in a struct %s, which the kernel changes as it runs",
			now->path, now->runtime_kind);
	else if (now->in_union)
		problem(changed, "%s is in a union, and what is in it is not known", now->path);
	else if (now->bits && is_writable(changed))
		problem(changed, "%s is a bit field, whose neighbours can change at any time",
			now->path);
}

/* What a reader would have to see at once: fine when all change at once, and nobody is reading. */
static void not_at_once(struct changed *changed, const char *what, const char *path)
{
	const struct selection *selection = changed->selection;
	const char *unknown = NULL;

	changed->at_once_would_do = !selection->input->at_once &&
				    data_readers_known(selection, changed->id, &unknown);
	if (!selection->input->at_once)
		problem(changed, "%s, which no reader could see at once (%s)", what, path);
	else if (!data_readers_known(selection, changed->id, &unknown))
		problem(changed, "%s (%s), and who may be reading it is not known: %s", what, path, unknown);
	else
		changed->check_readers = true;
}

/* All that is in the word; *first_ret: the first number or pointer. */
static void check_type(struct changed *changed, const struct applied *word, struct leaf *first_ret)
{
	struct leaf leaf;

	check_leaf(changed, word->at, first_ret);
	if (changed->problem)
		return;
	for (uint64_t at = first_ret->at + first_ret->size; at < word->at + word->size && !changed->problem;
	     at = leaf.at + leaf.size)
		check_leaf(changed, at, &leaf);
	if (!changed->problem && (word->at < first_ret->at / 8 * 8 ||
				  word->at + word->size > first_ret->at + first_ret->size))
		not_at_once(changed, "several members of eight bytes change", first_ret->path);
}

/* What the word held must have a name that the kernel has, too. */
static void check_old(struct changed *changed, const struct applied *word)
{
	const struct model *orig = changed->selection->correlation->orig;
	struct target target;

	if (word->old_reloc == RELOC_NONE)
		return;
	target = target_of_original(changed->selection,
				    model_ref(orig, changed->then->section, word->old_reloc));
	if (target.kind == TARGET_NONE)
		problem(changed, "what it held at %llu cannot be checked: %s",
			(unsigned long long)word->at, target.problem);
}

static void check_writers(struct changed *changed)
{
	const struct correlation *correlation = changed->selection->correlation;
	const struct layouts *types = changed->selection->patched_types;
	const struct type *type = changed->type_now != TYPE_NONE ?
					  type_get(types, type_bare(types, changed->type_now)) :
					  NULL;
	bool lone = type && !type_is_composite(type) && type->kind != TYPE_ARRAY, address = false;
	const char *writer;

	if (!is_writable(changed))
		return;
	writer = data_writer(correlation->orig, changed->twin, lone, &address) ?:
		 data_writer(correlation->patched, changed->id, lone, &address);
	if (writer)
		problem(changed, "%s() %s, so that it may not hold its initial contents any more", writer,
			address ? "hands its address on" : "writes to it");
}

static void add_word(struct changed *changed, const struct applied *word)
{
	struct applied *place = array_add(&changed->selection->applied);

	if (place)
		*place = *word;
	else
		changed->selection->findings->out_of_memory = true;
}

static bool part_has_word(const struct changed *changed, size_t first, uint64_t part)
{
	const struct selection *selection = changed->selection;

	for (size_t i = first; i < selection->applied.count; i++) {
		struct leaf leaf = { 0 };

		if (find_leaf(selection->patched_types, changed->type_now,
			      selection->applied.items[i].at, &leaf) && leaf.part_at == part)
			return true;
	}
	return false;
}

/* Old code that meets the new contents, or new code the old ones: fine when nobody's code changes, or all at once. */
static void check_users(struct changed *changed)
{
	const char *user = changed->selection->input->at_once ? NULL :
							       data_changed_user(changed->selection, changed->id);

	changed->at_once_would_do = user;
	if (user)
		problem(changed, "%s() changes, too, and uses it: neither would be as it expects for a while", user);
}

/* All of its words, or the first problem. */
static void find_words(struct changed *changed)
{
	uint64_t size = changed->now->end - changed->now->entry;
	size_t first = changed->selection->applied.count;

	check_writers(changed);
	if (!changed->problem)
		check_users(changed);
	for (uint64_t eight = 0; eight < size && !changed->problem; eight += 8) {
		struct applied word;
		struct leaf leaf;

		if (!find_word(changed, eight, &word))
			continue;
		if (!changed->problem)
			check_type(changed, &word, &leaf);
		if (!changed->problem)
			check_old(changed, &word);
		if (changed->problem)
			break;
		if (part_has_word(changed, first, leaf.part_at))
			not_at_once(changed, "more than one word of one structure changes", leaf.path);
		add_word(changed, &word);
	}
}

static const char *word_path(const struct changed *changed, const struct applied *word, char *text,
			     size_t size)
{
	struct leaf leaf = { 0 };

	find_leaf(changed->selection->patched_types, changed->type_now, word->at, &leaf);
	snprintf(text, size, "%s%s", *leaf.path ? " in " : "", leaf.path);
	return text;
}

static void report_words(const struct changed *changed, size_t first)
{
	struct selection *selection = changed->selection;
	const struct model *model = selection_model(selection);

	for (size_t i = first; i < selection->applied.count; i++) {
		const struct applied *word = &selection->applied.items[i];
		char path[192];

		word_path(changed, word, path, sizeof(path));
		if (word->new_reloc != RELOC_NONE || word->old_reloc != RELOC_NONE)
			findings_add(selection->findings, model, changed->id, FINDING_APPLIED_DATA,
				     "applied", NULL, "the pointer at %llu%s is exchanged",
				     (unsigned long long)word->at, path);
		else
			findings_add(selection->findings, model, changed->id, FINDING_APPLIED_DATA,
				     "applied", NULL, "at %llu%s %#llx becomes %#llx",
				     (unsigned long long)word->at, path,
				     (unsigned long long)word_value(selection->correlation->orig,
								    changed->then, word->at,
								    word->size),
				     (unsigned long long)word_value(model, changed->now, word->at,
								    word->size));
	}
	findings_add(selection->findings, model, changed->id, FINDING_NOTE, "applied-copies", NULL,
		     "its new contents are put in when the patch is enabled, if it holds the old ones "
		     "then; copies that the kernel made of it (kmemdup() of a table) are not reached");
}

static bool is_per_cpu(const struct model *model, const struct unit *unit)
{
	return !strncmp(unit_section(model, unit)->name, ".data..percpu", 13);
}

static void look(struct changed *changed)
{
	struct selection *selection = changed->selection;
	const struct correlation *correlation = selection->correlation;
	struct error *err = selection_types(selection);
	uint32_t entry;

	if (err) {
		error_destroy(err);
		selection->findings->out_of_memory = true;
		return;
	}
	changed->type_now = layouts_variable(selection->patched_types, changed->now->name);
	changed->type_then = layouts_variable(selection->orig_types, changed->then->name);
	if (changed->now->end - changed->now->entry != changed->then->end - changed->then->entry)
		problem(changed, "its size is another one, and what lies behind it is in use");
	else if (is_per_cpu(correlation->patched, changed->now) ||
		 is_per_cpu(correlation->orig, changed->then))
		problem(changed, "each CPU has its own");
	else if (correlation->orig->classes[changed->then->section] == CLASS_DATA &&
		 correlation->patched->classes[changed->now->section] != CLASS_DATA &&
		 !unit_bytes(correlation->orig, changed->then))
		problem(changed, "it was not initialized before");
	else if (places_find(selection->places, changed->then->symbol, &entry) != PLACE_FOUND)
		problem(changed, "which of the running kernel's variables it is cannot be told");
	else
		find_words(changed);
}

/* Several words that need not agree: it costs nothing to have them agree, where all who read them are known. */
static bool several_at_once(const struct changed *changed, size_t first)
{
	const struct selection *selection = changed->selection;
	const char *unknown;

	return selection->input->at_once && selection->applied.count - first > 1 &&
	       data_readers_known(selection, changed->id, &unknown);
}

void select_data(struct selection *selection, uint32_t id)
{
	const struct model *model = selection_model(selection);
	const struct correlation *correlation = selection->correlation;
	struct changed changed = { .selection = selection, .id = id,
				   .twin = correlation->of_patched[id] };
	size_t first = selection->applied.count;

	changed.now = &model->units.items[id];
	changed.then = &correlation->orig->units.items[changed.twin];
	if (section_is_init(unit_section(model, changed.now)->name))
		return;
	if (selection->input->apply_data)
		look(&changed);
	if (selection->input->apply_data && !changed.problem) {
		report_words(&changed, first);
		if (changed.check_readers || several_at_once(&changed, first))
			data_check_readers(selection, id);
		return;
	}
	selection->applied.count = first;
	findings_add(selection->findings, model, id, FINDING_REFUSED, "changed-data",
		     changed.at_once_would_do ? ADVICE_AT_ONCE : changed.problem ? ADVICE_DATA : ADVICE_APPLY,
		     "%s changed: the running kernel has its own copy%s%s",
		     selection->comparison->reasons[id],
		     changed.problem ? "; it cannot be applied: " : "", changed.problem ?: "");
}
