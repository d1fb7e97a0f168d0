/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who includes whom, by the text of the sources: conditions are not looked at, and a name is
 * taken to mean every file that it could mean. So what is found is never too little; the
 * preprocessor cuts it down later.
 */
#ifndef KLPKIT_INCLUDES_H
#define KLPKIT_INCLUDES_H

#include <klpkit/error.h>
#include "farm.h"
#include "text.h"

/* The #include lines of all files of a tree; kept as text in a file. */
struct error *includes_index(const char *tree, const struct farm_list *files,
			     const char *index) must_check;

/*
 * The .c files that include one of the given files, directly or not, those themselves not
 * counted: sorted.
 */
struct error *includes_reach(const char *index, const struct farm_list *files,
			     const struct list *changed, struct text *text,
			     struct list *ret) must_check;

#endif
