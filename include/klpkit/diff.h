/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libdiffer's front: what changed between two builds of one object, and the object that carries
 * the change. The same input gives the same bytes.
 */
#ifndef KLPKIT_DIFF_H
#define KLPKIT_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <klpkit/error.h>
#include <klpkit/image.h>

struct diff_input {
	const char *orig_path;	  /* relocatable object before the change */
	const char *patched_path; /* and after it */
	const char *parent_name;  /* "vmlinux", or the name of the module that owns the object */
	const struct symtab *parent; /* the parent's symbols */
	const struct image *image;   /* the parent's image, or NULL when there is only a table */
	const struct symtab *vmlinux; /* vmlinux's symbols; NULL: what is not in the parent or in
				       * symvers is taken to be vmlinux's when parent is vmlinux */
	const struct image *vmlinux_image; /* or NULL */
	const struct symvers *symvers;
	/*
	 * The global functions of the patch's other objects (diff_list_functions()), or NULL: one
	 * whose address is stored here, or that is jumped to, makes the patch permanent as an own
	 * one does.
	 */
	const struct diff_names *other_functions;
	/*
	 * All functions of the patch's objects as they were, or NULL: what else calls a function whose prototype
	 * changes stays as it is, and so does what is called and is in none of them. Where it is not known which
	 * objects the patch has, that is a warning only.
	 */
	const struct diff_names *own_functions;
	/*
	 * Where a symbol of the original (its number in the ELF file) is, as something else has
	 * found out: an address (section 0), or a place of the parent's file. Asked where nothing
	 * else tells which of several symbols of one name is meant. False: not known. Or NULL.
	 */
	bool (*settled)(const void *data, uint32_t symbol, uint32_t *section_ret,
			uint64_t *address_ret);
	const void *settled_data;
	/*
	 * Compare the layouts of the types that the carried functions touch (reads all of the debug
	 * information), but for those named in allowed, "struct NAME" or NAME.
	 */
	bool layouts;
	const char *const *allowed;
	size_t allowed_count;
	/*
	 * Changed initial contents are put into the live variables, word by word, where each is as
	 * good for old code as for new (select-data.c says which are). Else they are refused.
	 */
	bool apply_data;
	/*
	 * The patch is for klp_loader.ko, which looks for all of the patch's code on the stacks, and for functions that
	 * are listed to be checked: sibling calls do not keep a function from being lifted or a patch from being
	 * removed.
	 */
	bool for_loader;
	/*
	 * The patch is for a model that switches all functions in one moment, in which everything is stopped, and the
	 * words of variables with them (apply_data): they need not suit old and new code alike.
	 */
	bool at_once;
	/* Findings of what is carried say where it is declared, too: costs reading more of DWARF. */
	bool all_places;
};

struct diff_names;

/* The global functions that these objects define, and the static ones if asked for: the caller's to destroy. */
struct error *diff_list_functions(const char *const *paths, size_t count, bool statics,
				  struct diff_names **ret) must_check;
bool diff_names_have(const struct diff_names *names, const char *name);
void diff_names_destroy(struct diff_names *names);

enum finding_kind {
	/* what was decided */
	FINDING_CHANGED_FUNC,	/* replaced */
	FINDING_NEW_FUNC,	/* carried, new */
	FINDING_NEW_DATA,	/* carried, new */
	FINDING_FRESH_DATA,	/* carried, though it has a twin (__func__, __key, ...) */
	FINDING_APPLIED_DATA,	/* a word of a live variable, put in when the patch is enabled */
	FINDING_CARRIED_FUNC,	/* unchanged but carried along (a piece of a changed one) */
	FINDING_NOTE,		/* left out or without effect, and why */
	FINDING_WARNING,
	FINDING_HELD,		/* makes the patch permanent, and why */
	/* what stands in the way */
	FINDING_REFUSED,
};

/* The code of a note of what holds only when everything is switched in one moment (diff_input.at_once). */
#define FINDING_AT_ONCE "layout-at-once"

struct finding {
	enum finding_kind kind;
	const char *code;    /* stable, e.g. "changed-data"; for reports and tests */
	const char *symbol;  /* or NULL */
	const char *section; /* or NULL */
	const char *file;    /* source file, or NULL */
	unsigned int line;   /* 0 when unknown */
	unsigned int last_line; /* of a changed function, when all places are asked for; or 0 */
	const char *reason;  /* one sentence */
	const char *advice;  /* what the author can do, or NULL */
	const char *detail;  /* several lines that show it, each with its end, or NULL */
};

enum diff_outcome {
	DIFF_CHANGED,	/* there is an object to write */
	DIFF_UNCHANGED, /* exit code 3 */
	DIFF_REFUSED,	/* exit code 2; all refusals are among the findings */
};

struct diff_result;

/* Input that cannot be used is an error (EXIT_ERROR); a refusal is a result. */
struct error *diff_run(const struct diff_input *input, struct diff_result **ret) must_check;
void diff_result_destroy(struct diff_result *result);

enum diff_outcome diff_outcome(const struct diff_result *result);
/*
 * Does the object do something by itself: replace a function, or have a callback? Else it has only
 * what other objects of the patch may use.
 */
bool diff_effective(const struct diff_result *result);
/* In a stable order; owned by the result. */
const struct finding *diff_findings(const struct diff_result *result, size_t *count_ret);
/* Only for DIFF_CHANGED: the emitted object; owned by the result. */
const void *diff_object(const struct diff_result *result, size_t *size_ret);

const char *finding_kind_name(enum finding_kind kind);

#endif
