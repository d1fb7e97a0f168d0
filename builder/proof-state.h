/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the proofs know, for the proof-*.c files: each file's functions write what they name. */
#ifndef KLPKIT_PROOF_STATE_H
#define KLPKIT_PROOF_STATE_H

#include "../differ/read-line-numbers.h"
#include "proof-entries.h"
#include "proof-match.h"
#include "proof.h"

struct proof_side { /* a unit */
	const struct proof_unit *unit;
	struct proof_object *original, *patched, *parent;
	struct proof_entries *original_entries, *patched_entries;
	struct line_source *original_lines, *patched_lines; /* made when they are asked for */
	struct proof_body running; /* what the originals are matched with */
	struct proof_body compiled; /* the original object, as a body */
	struct proof_match *before; /* original: in what runs */
	struct proof_match *twin;   /* patched: in the original */
	uint32_t *original_of;	    /* patched symbol: the original's, or 0 */
	bool *changed;		    /* patched symbol: a function with another code than before */
	/* of one module: */
	struct proof_place *carried; /* patched symbol: where it is in the module */
	struct proof_place *carried_sections;
	bool *replaces; /* patched symbol: the module redirects the original to it */
	bool *checks; /* patched symbol: the loader is to look for the original on the stacks */
	uint32_t *words; /* original symbol: how many words of it the module changes */
	uint8_t *effective; /* patched symbol: enum proof_effective */
};

/* Will the patched function be run, and the original not any more? See proof-changed.c. */
enum proof_effective {
	PROOF_NOT_ASKED,
	PROOF_BEING_ASKED,
	PROOF_EFFECTIVE,  /* it is replaced; or has run */
	PROOF_BY_CALLERS, /* all that could lead to it is effective */
	PROOF_NOT_EFFECTIVE,
};

struct proof {
	struct text text;
	struct proof_kernel kernel;
	struct proof_side *sides;
	size_t count;
	struct proof_summary summary;
	struct {
		struct proof_complaint *items;
		size_t count, room;
	} complaints;
	/* of one module: */
	struct proof_object *ko;
	struct proof_entries *ko_entries;
	struct {
		struct proof_work {
			struct proof_side *side;
			uint32_t symbol; /* a patched one that is carried; 0: an unnamed section */
			uint32_t section;
		} *items;
		size_t count, room;
	} work;
};

/* Never fails: without memory, the proof's text remembers it. */
void proof_complain(struct proof *proof, const struct proof_side *side, const char *symbol,
		    const char *fmt, ...) printf_like(4, 5);

/* proof-explain.c: a complaint for each difference of an original and what runs. */
void proof_explain(struct proof *proof, const struct proof_side *side);
/* proof-twins.c: twin, original_of, changed. */
struct error *proof_twins(struct proof *proof, struct proof_side *side) must_check;

/* Where something is in the running system. */
struct proof_running {
	enum {
		RUNNING_NOWHERE,
		RUNNING_KERNEL, /* value: an address */
		RUNNING_MODULE, /* of the unit's: section, value */
		RUNNING_EXPORT, /* of another module: name */
	} kind;
	uint32_t section;
	uint64_t value;
	const char *name;
};

bool proof_running_equal(const struct proof_running *a, const struct proof_running *b);
/* proof-running.c. What a symbol of the patched object means in the running system. */
struct proof_running proof_running_of_patched(const struct proof *proof,
					      const struct proof_side *side, uint32_t symbol);
/* What an undefined or live-patch symbol of the module will be resolved to. */
struct proof_running proof_running_of_ko(const struct proof *proof, const struct proof_side *side,
					 uint32_t symbol);
/* The n-th (1, 2, ...; 0: the only) symbol of the name in the kernel, or the unit's module. */
struct proof_running proof_running_find(const struct proof *proof, const struct proof_side *side,
					const char *object, const char *name,
					unsigned long position);
struct proof_running proof_running_original(const struct proof *proof, const struct proof_side *side,
					    uint32_t original);
/* Is the address of this function one that the kernel seals at boot (.ibt_endbr_seal)? */
bool proof_running_sealed(const struct proof *proof, const struct proof_side *side,
			  const struct proof_running *place);
bool proof_running_init(const struct proof *proof, const struct proof_side *side,
			const struct proof_running *place);

/* proof-moved.c: is the jump label there of a key that the module's code tests? */
bool proof_is_tested(const struct proof *proof, const struct proof_side *side, uint32_t section, uint64_t at);
/* Has the function of the patched object such ones? */
bool proof_has_tests(const struct proof *proof, const struct proof_side *side, const struct proof_code *code);
/* How far from its start in the module is what is at the offset from its start in the patched object? */
uint64_t proof_moved(const struct proof *proof, const struct proof_side *side, const struct proof_code *code,
		     uint64_t offset);

/* proof-refs.c: one reference of a patched object and of the module. where: for messages. */
void proof_check_ref(struct proof *proof, struct proof_side *side, const char *where, uint64_t at,
		     enum proof_flow flow, const struct proof_place *patched,
		     const char *patched_name, const struct proof_place *ko);
/* The patched symbol is at this place of the module; it will be compared. */
void proof_carry(struct proof *proof, struct proof_side *side, uint32_t symbol,
		 const struct proof_place *ko);

/* proof-carried.c: compares all that is carried, and what it leads to. */
struct error *proof_carried(struct proof *proof) must_check;
/* proof-table.c: the records of what is replaced, which is where proof_carried() starts. */
struct error *proof_table(struct proof *proof) must_check;
/* proof-data.c: the words of live variables that it changes. Before proof_carried(). */
void proof_data(struct proof *proof);
/* proof-readers.c: nobody meets some of them and not the others, or other code's. After proof_carried(). */
struct error *proof_readers(struct proof *proof) must_check;
/* proof-changed.c: nothing that changed was left out. */
void proof_nothing_left_out(struct proof *proof);
/* proof-checked.c: who is in a function that its callers lead to is found there. After proof_nothing_left_out(). */
void proof_checked(struct proof *proof);
/* proof-orc.c: the unwinder's table fits the code of a carried function. */
struct error *proof_frames(struct proof *proof, const struct proof_side *side,
			   const struct proof_code *code, const char *name) must_check;
/* proof-static-calls.c: the site's key is that of its trampoline. */
void proof_static_call(struct proof *proof, const struct proof_side *side, const char *where,
		       const struct proof_entry *entry, const char *name);
/* proof-modinfo.c: what the module says of itself. */
struct error *proof_modinfo(struct proof *proof) must_check;

#endif
