/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an object is made of, in the differ's terms. Facts of one file only; what the stages
 * decide about them is kept by the stages, in arrays by unit id.
 *
 * A unit is what is compared and carried as a whole: a function, a variable, a string, a
 * constant. Units are symbols, not sections: a section that the source placed by hand is cut at
 * its symbols' bounds. An entry is one record of a special section (a bug table entry, an
 * exception table entry, ...) and belongs to the unit whose code it describes.
 */
#ifndef DIFFER_MODEL_H
#define DIFFER_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <klpkit/error.h>

#include "arena.h"
#include "read-object.h"

#define UNIT_NONE UINT32_MAX

enum section_class {
	CLASS_META,	/* not carried, not compared: debug information, notes, symbol tables */
	CLASS_CODE,	/* functions */
	CLASS_DATA,	/* writable variables */
	CLASS_RODATA,	/* constants with an identity */
	CLASS_STRINGS,	/* mergeable strings: content is all there is */
	CLASS_CONSTS,	/* mergeable constants: likewise */
	CLASS_SPECIAL,	/* entries, cut one by one */
	CLASS_SIDE,	/* what entries point into (.altinstr_replacement, .orc_unwind) */
	CLASS_REGISTRY, /* arrays that the kernel walks at boot or load: initcalls, exports, ... */
	CLASS_AUTHOR,	/* records of the patch author's macros */
};

/* A row of the table of special sections (model-entries.c). */
struct special {
	const char *name;
	const char *size_env;	/* the older tool's environment variable for the entry's size */
	const char *type;	/* the structure that an entry is */
	uint8_t sizes[3];	/* possible entry sizes, newest first; 0 ends */
	uint8_t owner_at;	/* offset of the field that points to the owner's code */
	uint8_t line_at;	/* offset of a 16 bit line number, or 0 */
	int8_t key_at;		/* offset of the field that points to a jump label's or static
				 * call's key, or -1 */
	const char *parallel;	/* a section with as many entries and no relocations of its own */
	uint8_t parallel_size;	/* of an entry there */
	bool compared;		/* part of the function's meaning; else it follows from its code */
	bool dropped;		/* never carried: linked, it would mean something else */
};

enum special_id {
	SPECIAL_BUG,
	SPECIAL_EXTABLE,
	SPECIAL_JUMP,
	SPECIAL_ALT,
	SPECIAL_PARA,
	SPECIAL_STATIC_CALL,
	SPECIAL_SMP_LOCKS,
	SPECIAL_RETPOLINE,
	SPECIAL_RETURN,
	SPECIAL_CALL,
	SPECIAL_ENDBR_SEAL,
	SPECIAL_CFI,
	SPECIAL_ORC,
	SPECIAL_MCOUNT,
	SPECIAL_PATCHABLE,
	SPECIAL_KPROBE_BLACKLIST,
	SPECIAL_DISCARD, /* any .discard.* of code addresses, for objtool */
	SPECIAL_RUNTIME_CONST, /* runtime_ptr_*, runtime_shift_*: immediates filled in at boot */
	SPECIAL_COUNT,
};

extern const struct special special_table[SPECIAL_COUNT];

enum unit_kind { UNIT_FUNC, UNIT_DATA, UNIT_ANON, UNIT_STRING, UNIT_CONST };

struct unit {
	const char *name; /* its symbol's, or NULL */
	uint64_t start, end, entry; /* in the section; entry: the symbol's value, behind the padding */
	uint32_t symbol;  /* index, or 0 */
	uint32_t section;
	uint32_t reloc_first, reloc_count; /* among the section's relocations */
	uint32_t entry_first, entry_count; /* among the model's entries */
	enum unit_kind kind;
	bool undecodable; /* code that the decoder did not understand */
};

struct entry {
	enum special_id special;
	uint32_t section;
	uint32_t owner;	       /* unit */
	uint64_t owner_offset; /* from the unit's start */
	uint64_t offset, size; /* of the entry in its section */
	uint32_t index;	       /* its number in the section */
	uint32_t reloc_first, reloc_count;
};

/* What the instruction around a relocation does with it. */
enum flow { FLOW_DATA, FLOW_CALL, FLOW_JUMP };

struct reloc_use {
	uint8_t bias; /* bytes from the field to the end of its instruction; 0 outside of code */
	uint8_t flow; /* enum flow */
};

struct model {
	const struct object *object;
	struct arena arena;
	enum section_class *classes;	/* by section */
	enum special_id *specials;	/* by section, for CLASS_SPECIAL */
	uint64_t *entry_sizes;		/* by section, for CLASS_SPECIAL */
	uint32_t *section_units;	/* by section, [n] to [n + 1]: its units, by offset */
	struct reloc_use **uses;	/* by section, by relocation; NULL where there is no code */
	uint32_t *symbol_unit;		/* by symbol: the unit it lies in, or UNIT_NONE */
	uint32_t *functions;		/* units of functions with a name, by that and number */
	size_t function_count;
	struct {
		struct unit *items;
		size_t count, room;
	} units;
	struct {
		struct entry *items;
		size_t count, room;
	} entries;
	bool objtool_done; /* the object has ORC data: objtool has run */
	unsigned int padding; /* bytes of call padding before each function */
};

/* A relocation's target, free of how the assembler wrote it. */
struct ref {
	uint32_t unit;	 /* UNIT_NONE: symbol is not defined here */
	uint32_t symbol; /* as in the relocation */
	int64_t offset;	 /* from the unit's entry, or from the symbol */
	enum flow flow;
};

struct error *model_create(struct object *object, struct model **ret) must_check;
void model_destroy(struct model *model);

/* Steps of model_create(), each in its own file. */
struct error *model_classify(struct model *model) must_check;	  /* model-sections.c */
struct error *model_expose_hidden(struct object *object) must_check; /* model-hidden.c */
struct error *model_cut_units(struct model *model) must_check;	  /* model-units.c */
struct error *model_index_functions(struct model *model) must_check; /* model-functions.c */
struct error *model_decode(struct model *model) must_check;	  /* model-code.c */
struct error *model_cut_entries(struct model *model) must_check;  /* model-entries.c */
/* Of a special section, in bytes. */
struct error *model_entry_size(const struct model *model, uint32_t section,
			       uint64_t *ret) must_check; /* model-entry-size.c */

/* How many functions have the name's first length letters as their name; units[0] and on. */
size_t model_functions(const struct model *model, const char *name, size_t length,
		       const uint32_t **units_ret);
/* The unit around an offset of a section (its end included), or UNIT_NONE. */
uint32_t model_unit_at(const struct model *model, uint32_t section, uint64_t offset);
/* The relocation is number index of the section. */
struct ref model_ref(const struct model *model, uint32_t section, uint32_t index);
/* A function entered by an fentry call, which ftrace can redirect. */
bool model_has_fentry(const struct model *model, const struct unit *unit);

static inline const struct section *unit_section(const struct model *model,
						 const struct unit *unit)
{
	return &model->object->sections[unit->section];
}

/* NULL for what has no bytes in the file. */
static inline const uint8_t *unit_bytes(const struct model *model, const struct unit *unit)
{
	const uint8_t *data = unit_section(model, unit)->data;

	return data ? data + unit->start : NULL;
}

/* model-names.c: what a name says. */

/* What is made anew with each function that uses it, and how two of them are told apart. */
enum fresh {
	FRESH_NO,      /* has an identity: the live one stays in use */
	FRESH_CONTENT, /* a constant: equal when its content is (__func__, CSWTCH) */
	FRESH_RECORD,  /* describes a place in the source: equal when what it points to is */
	FRESH_STATE,   /* of one call site: equal when it begins alike (__warned, _rs) */
};

enum fresh unit_fresh(const struct model *model, const struct unit *unit);
/* Length-limited by size; the name without the numbers that the compiler appends. */
void name_stem(const char *name, char *stem, size_t size);
/* A variable inside a function: the compiler appended a number. */
bool name_is_static_local(const char *name);
/* The length of the parent's name when this is a cold piece (NAME.cold), else 0. */
size_t name_cold_parent(const char *name);
bool section_is_init(const char *name);	   /* code or data that is gone once booted or loaded */
bool section_is_noinstr(const char *name); /* where nothing may be traced */
/* A function-address or data section by itself: .text.NAME for NAME, not placed by hand. */

#endif
