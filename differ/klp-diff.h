/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of klp-diff: pairs of objects, their comparison in parallel, and the three prints. */
#ifndef DIFFER_KLP_DIFF_H
#define DIFFER_KLP_DIFF_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include <klpkit/error.h>

struct object_pair {
	char *name; /* the path in both trees, or the new object's */
	char *old_path, *new_path; /* NULL: it is only in the other one */
};

struct object_pairs {
	struct object_pair *items;
	size_t count, room;
	size_t equal; /* pairs that were left out since both files are the same */
};

/* Two objects, or two directories. */
struct error *pairs_find(const char *old_path, const char *new_path,
			 struct object_pairs *ret) must_check;
void pairs_release(struct object_pairs *pairs);

/*
 * An array of {"object", "changes": [...], "edges": [...]} or {"object", "error"}, sorted by object,
 * without those in which nothing differs. progress: a terminal, or NULL.
 */
struct error *pairs_compare(const struct object_pairs *pairs, unsigned int jobs, FILE *progress,
			    json_t **ret) must_check;

/* A vmlinux or vmlinuz? What cannot be read is none. */
bool is_image(const char *path);
/* Likewise for two of them: one object, of which only functions are compared. */
struct error *images_compare(const char *old_path, const char *new_path, json_t **ret) must_check;

void print_table(FILE *out, const json_t *objects);
void print_dot(FILE *out, const json_t *objects);

#endif
