/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that the compiler makes of the source's: the proofs' own reading of them. */
#ifndef KLPKIT_PROOF_NAMES_H
#define KLPKIT_PROOF_NAMES_H

#include <stdbool.h>

/* Equal but for the numbers: "foo.12" and "foo.7", "bar.isra.0" and "bar.isra.1". */
bool proof_names_same(const char *a, const char *b);
/* A variable that each compile has of its own, and that no code of another refers to. */
bool proof_name_is_fresh(const char *name);

#endif
