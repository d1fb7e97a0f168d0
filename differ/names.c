// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions that a patch's objects define, for what one of them has to know of the others. */
#include <stdlib.h>
#include <string.h>

#include <klpkit/diff.h>

#include "arena.h"
#include "read-object.h"

struct diff_names {
	struct arena arena;
	char **items; /* sorted */
	size_t count, room;
};

static struct error *names_add_object(struct diff_names *names, const char *path, bool statics)
{
	struct object *object = NULL;
	struct error *err = object_read(path, &object);
	size_t i;

	for (i = 1; !err && i < object->symbol_count; i++) {
		const struct symbol *symbol = &object->symbols[i];
		char **place;

		if (symbol->type != STT_FUNC || (symbol->bind == STB_LOCAL && !statics) ||
		    !symbol_is_defined(object, symbol))
			continue;
		place = array_add(names);
		if (place)
			*place = arena_strdup(&names->arena, symbol->name);
		if (!place || !*place)
			err = error_nomem();
	}
	object_destroy(object);
	return err;
}

static int names_compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

struct error *diff_list_functions(const char *const *paths, size_t count, bool statics, struct diff_names **ret)
{
	struct diff_names *names = calloc(1, sizeof(*names));
	struct error *err = names ? NULL : error_nomem();
	size_t i;

	for (i = 0; !err && i < count; i++)
		err = names_add_object(names, paths[i], statics);
	if (err) {
		diff_names_destroy(names);
		return err;
	}
	if (names->count)
		qsort(names->items, names->count, sizeof(*names->items), names_compare);
	*ret = names;
	return NULL;
}

bool diff_names_have(const struct diff_names *names, const char *name)
{
	return names->count && bsearch(&name, names->items, names->count, sizeof(*names->items),
				       names_compare) != NULL;
}

void diff_names_destroy(struct diff_names *names)
{
	if (!names)
		return;
	free(names->items);
	arena_destroy(&names->arena);
	free(names);
}
