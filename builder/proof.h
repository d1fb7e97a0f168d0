/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What klp-build proves of a patch. Before the link: the compiled originals are what runs. After
 * it: the finished module is the patched code, and each of its references goes where it should.
 * Nothing here uses a stage of the differ; both read ELF files.
 */
#ifndef KLPKIT_PROOF_H
#define KLPKIT_PROOF_H

#include <klpkit/image.h>

#include "text.h"

struct proof_kernel {
	const struct image *vmlinux;
	const struct symtab *symbols;
	const struct symvers *exports;
	const char *compiler; /* the first line of gcc --version; NULL: not to be compared */
	const char *version;  /* of the source, "6.1.170"; or NULL */
};

struct proof_unit {
	const char *source;
	const char *original, *patched; /* files; NULL original: there was none */
	const char *module;		/* "vmlinux", or a module's name */
	const char *parent_path;	/* the module's file, for messages */
	const struct image *parent;	/* NULL for vmlinux */
};

struct proof; /* of all units of a patch */

/* One thing that is not as it should be. */
struct proof_complaint {
	const char *source, *symbol, *text; /* symbol: or NULL */
};

struct proof_summary {
	size_t functions, data;	  /* of the originals, found in what runs with equal contents */
	size_t implied;		  /* placed by what code refers to */
	size_t ambiguous, absent, overridden;
	size_t carried;		  /* functions and data of the module that were compared */
	size_t references, entries, frames; /* that were followed; of special sections; of ORC */
};

/* All of them have to outlive it. */
struct error *proof_create(const struct proof_kernel *kernel, const struct proof_unit *units,
			   size_t count, struct proof **ret) must_check;
void proof_destroy(struct proof *proof);

/* Matches the originals; complaints name functions and the first instruction that differs. */
struct error *proof_originals(struct proof *proof) must_check;
/* Checks a finished module against them. After proof_originals(). May be called for several. */
struct error *proof_module(struct proof *proof, const char *path) must_check;

/*
 * Where a symbol of a unit's original (its number in the ELF file) was found: an address of the
 * kernel's (section 0), or a place in its module's file. After proof_originals().
 */
bool proof_found(const struct proof *proof, size_t unit, uint32_t symbol, uint32_t *section_ret,
		 uint64_t *address_ret);

/* Of the last of the two; owned by the proof. */
const struct proof_complaint *proof_complaints(const struct proof *proof, size_t *count_ret);
const struct proof_summary *proof_summary(const struct proof *proof);

#endif
