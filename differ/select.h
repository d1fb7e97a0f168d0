/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes into the patch, and why; and what stands in the way. */
#ifndef DIFFER_SELECT_H
#define DIFFER_SELECT_H

#include "compare.h"
#include "findings.h"
#include "places.h"

enum carry {
	CARRY_NO,
	CARRY_REPLACED, /* a changed function: calls of the old one are redirected to it */
	CARRY_NEW,	/* a function or variable that the original does not have */
	CARRY_LIFTED,	/* a changed function that only its callers, which are carried, lead to */
	CARRY_FRESH,	/* a variable that each use makes anew */
	CARRY_VALUE,	/* a string, a constant: its content */
	CARRY_PIECE,	/* the cold piece of a carried function */
};

enum entry_fate {
	ENTRY_CARRIED,
	ENTRY_DROPPED,
	ENTRY_NEVER, /* a jump label of a module's tracepoint: with a key that is never on */
	ENTRY_TESTED, /* a jump label of another key of a module's: its code tests the key (stretch.h) */
};

/* Codes of what is left out; a patch of nothing else would do nothing (select-init.c). */
#define CODE_EXPORT "new-export"
#define CODE_PARAMETER "module-parameter"
#define CODE_MODINFO "module-info"
#define CODE_INIT "init-left-out"

/* A word of a live variable that the patch changes. */
struct applied {
	uint32_t unit;	/* of patched */
	uint64_t at;	/* from the unit's entry; a multiple of size */
	uint32_t size;	/* 1, 2, 4 or 8 */
	uint32_t old_reloc, new_reloc; /* of the units' sections, or RELOC_NONE: a number */
};

#define RELOC_NONE UINT32_MAX

struct selection {
	const struct diff_input *input;
	const struct correlation *correlation;
	const struct comparison *comparison;
	const struct places *places;
	struct findings *findings;
	enum carry *carry;	/* by unit of patched */
	uint32_t *because;	/* by unit of patched: the lifted function it is carried for, or UNIT_NONE */
	uint8_t *fates;		/* by entry of patched: enum entry_fate, when its owner is carried */
	struct {
		uint32_t *items;
		size_t count, room;
	} pending; /* carried units whose references have not been followed yet */
	struct {
		struct applied *items;
		size_t count, room;
	} applied;
	struct layouts *orig_types, *patched_types; /* read when they are needed */
	struct held *held;
	size_t held_count, held_room;
	struct {
		struct checked {
			uint32_t unit; /* of patched */
			const char *why;
		} *items;
		size_t count, room;
	} checked; /* functions whose old versions the loader looks for, besides those replaced */
};

/* A carried function that no stack check looks for. */
struct held {
	uint32_t unit;	  /* or UNIT_NONE: of another object of the patch */
	const char *name;
	const char *reason;
	uint32_t drain; /* unit of the author's drain function, or UNIT_NONE */
};

struct error *select_units(const struct diff_input *input, const struct correlation *correlation,
			   const struct comparison *comparison, const struct places *places,
			   struct findings *findings, struct selection **ret) must_check;
void selection_destroy(struct selection *selection);

/* The steps, in this order; each in its own file. */
void select_roots(struct selection *selection);	   /* what changed or is new and global */
/* exports, initcalls, ... only looked at */
struct error *select_registry(struct selection *selection) must_check;
void select_tables(struct selection *selection);   /* what the kernel finds by its section */
void select_reach(struct selection *selection);	   /* what the carried code refers to */
void select_init(struct selection *selection);	   /* what has run, and is left out */
/* what lives on and is laid out otherwise; after the steps that decide what is carried */
struct error *select_layouts(struct selection *selection) must_check;
/* what is called as it is not; likewise */
struct error *select_prototypes(struct selection *selection) must_check;
void select_held(struct selection *selection);	   /* what no stack check finds */
void select_report(struct selection *selection);   /* a finding for everything carried */

/*
 * select-lift.c: carries a changed function that cannot be redirected, with its callers. False, and
 * nothing happened: *obstacle_ret says why not, *by_ret whose fault it is (a name, or NULL).
 */
bool select_lift(struct selection *selection, uint32_t id, const char **obstacle_ret,
		 const char **by_ret);

/* select-uses.c: has it no name that other objects could use? */
bool unit_is_static(const struct model *model, uint32_t id);
/* The function that a unit is: a cold piece is its function's. */
uint32_t unit_function(const struct model *model, uint32_t id);
/* Is it in what is walked at boot or load, or in the author's records? Any pointer from there counts. */
bool unit_is_listed(const struct model *model, uint32_t id);
/* Who takes a function's address, in data or in code: a name for people, or NULL when nothing does. */
const char *unit_address_taker(const struct model *model, uint32_t id);

/* One relocation of another unit, which is not init code or data. */
struct use {
	uint32_t user;
	uint64_t at;  /* the instruction, from the unit's entry */
	bool address; /* it is loaded, or stored: not read or written to in place */
	bool writes;
};
/* False: enough. */
typedef bool (*use_fn)(void *data, const struct use *use);
/* Of a function that loads its address: stays that inside, and is only read through? Without memory it is not known. */
bool unit_keeps_address(const struct model *model, uint32_t user, uint32_t id, bool *out_of_memory);
void unit_each_use(const struct model *model, uint32_t id, use_fn tell, void *data);

/* Reads both versions' types, once. */
struct error *selection_types(struct selection *selection) must_check;
/* select-data.c: a variable whose initial contents changed: the words to apply, or a refusal. */
void select_data(struct selection *selection, uint32_t id);
/*
 * select-readers.c: who writes to a variable whose contents change, or hands a lone one's address on; of one version.
 * A name, or NULL, and which of the two.
 */
const char *data_writer(const struct model *model, uint32_t id, bool lone, bool *address_ret);
/* Of both versions, a function that is not what it was, and uses it; or NULL. */
const char *data_changed_user(const struct selection *selection, uint32_t id);
/* Can all who read it be told, and looked for? Else why not. */
bool data_readers_known(const struct selection *selection, uint32_t id, const char **problem_ret);
/* Has the loader look for them. */
void data_check_readers(struct selection *selection, uint32_t id);
/* What a word of a variable holds at first, as a number; at: from the unit's entry. */
uint64_t word_value(const struct model *model, const struct unit *unit, uint64_t at, uint32_t size);
/* select-targets.c: the live thing that a reference of the original means, by its old name. */
struct target target_of_original(const struct selection *selection, struct ref ref);

/* Marks a unit and queues it; nothing happens when it is carried already. */
void selection_carry(struct selection *selection, uint32_t unit, enum carry carry);

/* Has the loader look for the old version of a function, if it is not replaced in the end. why is not copied. */
void selection_check(struct selection *selection, uint32_t unit, const char *why);

/* Where an object outside of the patch is referred to. */
enum target_kind {
	TARGET_CARRIED, /* ref.unit, in the patch */
	TARGET_PLAIN,	/* name: an export of vmlinux, or a global of another object of the patch */
	TARGET_KLP,	/* owner, object, name, position */
	TARGET_NONE,	/* cannot be referred to; problem says why */
};

struct target {
	enum target_kind kind;
	const char *owner, *object, *name;
	unsigned int position;
	const char *code;    /* of the refusal */
	const char *problem;
	const struct symtab *symtab; /* for TARGET_KLP: where it was found */
	uint32_t entry;		     /* there */
};

/* select-targets.c: address: its address is taken, not called; a replaced function's is the old
 * one's then. */
struct target selection_target(const struct selection *selection, struct ref ref, bool address);

/* A weak definition that is new here, of a global that the parent has: that one is used. */
bool unit_is_overridden_weak(const struct selection *selection, uint32_t id);

/* A weak definition that another object's strong one overrides (arch_*, in kernel/ files). */
bool weak_is_overridden(const struct selection *selection, const struct symbol *symbol);

/* A symbol that the object does not define. */
struct target target_of_undefined(const struct selection *selection, const char *name);

/* select-runtime.c: an entry that a load of the variable can stand for, and that variable. */
bool runtime_constant_is_load(const struct model *model, const struct entry *entry);
struct target runtime_constant_target(const struct selection *selection,
				      const struct entry *entry);

/* select-noinstr.c: where nothing may be traced; the name of the one there that calls it, or NULL. */
bool unit_is_noinstr(const struct selection *selection, uint32_t id);
const char *noinstr_caller(const struct selection *selection, uint32_t id);

/* select-edges.c: the variable, or the end of the one before it? */
bool ref_is_doubtful(const struct selection *selection, uint32_t user, const struct reloc *reloc,
		     struct ref ref);

/* select-endbr.c: a function that must not be called through a pointer on hardware with IBT. */
bool target_is_sealed(const struct selection *selection, const struct target *target);

static inline const struct model *selection_model(const struct selection *selection)
{
	return selection->correlation->patched;
}

#endif
