/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an object's code is matched with: the kernel's image, a module's file, or another object. */
#ifndef KLPKIT_PROOF_BODY_H
#define KLPKIT_PROOF_BODY_H

#include <klpkit/image.h>

#include "proof-code.h"

struct proof_body {
	const struct image *image; /* with symbols: a linked image */
	const struct symtab *symbols;
	const struct proof_object *object; /* else: this */
};

/* How many symbols have the name. Undefined ones do not count. */
size_t proof_body_count(const struct proof_body *body, const char *name);
/* The place of the n-th of them. */
struct proof_place proof_body_find(const struct proof_body *body, const char *name, size_t n);
/*
 * Is a symbol of this name there (in an object: of one that differs in the compiler's numbers)?
 * True, too, when an image's table leaves out all symbols of this name.
 */
bool proof_body_has(const struct proof_body *body, const struct proof_place *place,
		    const char *name);
/* What is at a place, if so many bytes are there in the file; else NULL. */
const uint8_t *proof_body_bytes(const struct proof_body *body, const struct proof_place *place,
				size_t size);
/* Code from a place on, for at most size bytes. */
bool proof_body_code(const struct proof_body *body, const struct proof_place *place, size_t size,
		     struct proof_code *ret);
/* The name of what is there, for messages; "(nothing named)" */
/* Is there no symbol between two functions, the first below the second? */
bool proof_body_adjacent(const struct proof_body *body, const struct proof_place *first,
			 const struct proof_place *second);
const char *proof_body_name(const struct proof_body *body, const struct proof_place *place);

#endif
