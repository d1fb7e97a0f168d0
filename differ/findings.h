/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found and decided, each with its reason: the one record that every report prints. */
#ifndef DIFFER_FINDINGS_H
#define DIFFER_FINDINGS_H

#include <klpkit/diff.h>

#include "arena.h"
#include "model.h"

struct lines;

struct findings {
	struct arena arena; /* owns every string of a finding */
	struct finding *items;
	size_t count, room;
	struct lines *lines; /* where declarations are; NULL before the first look */
	bool out_of_memory;
	/* Of what is carried too the place is looked up, which nothing prints without being asked. */
	bool all_places;
};

/*
 * Adds a finding about a unit (or about none: UNIT_NONE), with its declaration's place from
 * DWARF. advice may be NULL; code and advice are static strings. A failed allocation is kept in
 * out_of_memory: the caller looks once, at the end of its stage.
 */
void findings_add(struct findings *findings, const struct model *model, uint32_t unit,
		  enum finding_kind kind, const char *code, const char *advice, const char *fmt,
		  ...) printf_like(7, 8);
/*
 * Adds a finding about something that is no unit: what is set in it is kept as it is, so its
 * strings are static or of findings->arena.
 */
void findings_add_other(struct findings *findings, struct finding finding);
size_t findings_count(const struct findings *findings, enum finding_kind kind);
void findings_destroy(struct findings *findings);

/*
 * Where a function or variable is declared, by its name in the object; from DWARF (libdwarf). NULL
 * without memory; without debug information it knows nothing.
 */
struct lines *lines_open(const char *object_path);
bool lines_find(const struct lines *lines, const char *name, const char **file_ret,
		unsigned int *line_ret);
void lines_close(struct lines *lines);

#endif
