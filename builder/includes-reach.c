// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the index of #include lines, and changed files. Out: the .c files that may see the change. */
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include <klpkit/file.h>
#include "includes.h"

/* One line: who includes what; chained by the last component of what. */
struct edge {
	const char *from, *what;
	size_t next; /* index + 1 */
	bool quoted;
};

struct graph {
	const struct farm_list *files;
	struct text *text;
	struct edge *items;
	size_t count, room;
	size_t *heads; /* index + 1 */
	size_t mask;
	struct list reached; /* in the order in which they were */
	struct {
		const char **items; /* a hash of the reached */
		size_t mask;
	} seen;
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static size_t bucket(const char *name, size_t mask)
{
	return XXH3_64bits(name, strlen(name)) & mask;
}

static size_t table_size(size_t count)
{
	size_t size = 1024;

	while (size < 2 * count)
		size *= 2;
	return size;
}

static struct error *chain_edges(struct graph *graph)
{
	graph->mask = table_size(graph->count) - 1;
	graph->heads = calloc(graph->mask + 1, sizeof(*graph->heads));
	graph->seen.mask = table_size(graph->files->count) - 1;
	graph->seen.items = calloc(graph->seen.mask + 1, sizeof(*graph->seen.items));
	if (!graph->heads || !graph->seen.items)
		return error_nomem();
	for (size_t i = 0; i < graph->count; i++) {
		size_t *head = &graph->heads[bucket(last_part(graph->items[i].what), graph->mask)];

		graph->items[i].next = *head;
		*head = i + 1;
	}
	return NULL;
}

/* data is changed, and kept by the graph's edges. */
static struct error *read_edges(struct graph *graph, char *data)
{
	char *line, *next = NULL;
	const char *from = NULL;

	for (line = strtok_r(data, "\n", &next); line; line = strtok_r(NULL, "\n", &next)) {
		struct edge *edge;

		if (starts_with(line, "= ")) {
			from = line + 2;
			continue;
		}
		edge = array_add(graph);
		if (!edge)
			return error_nomem();
		edge->from = from;
		edge->what = line + 1;
		edge->quoted = *line == '"';
	}
	return chain_edges(graph);
}

static bool is_below(const char *path, const char *name)
{
	size_t length = strlen(path), tail = strlen(name);

	return length > tail && path[length - tail - 1] == '/' &&
	       !strcmp(path + length - tail, name);
}

/* A name in quotes is looked for beside the file first: a file that is there is meant. */
static bool means_another(const struct graph *graph, const struct edge *edge, const char *path)
{
	const char *slash = strrchr(edge->from, '/'), *beside;

	if (!edge->quoted || starts_with(edge->what, "../"))
		return false;
	beside = text_printf(graph->text, "%.*s%s", slash ? (int)(slash - edge->from) + 1 : 0,
			     edge->from, edge->what);
	return strcmp(beside, path) && farm_find(graph->files, beside);
}

static bool may_mean(const struct graph *graph, const struct edge *edge, const char *path)
{
	const char *what = edge->what;

	while (starts_with(what, "../") || starts_with(what, "./"))
		what += starts_with(what, "./") ? 2 : 3;
	/* "a/../b": what is behind it will do. */
	for (const char *up = strstr(what, "/../"); up; up = strstr(what, "/../"))
		what = up + 4;
	if (strcmp(path, what) && !is_below(path, what))
		return false;
	return !means_another(graph, edge, path);
}

/* False: it was there already. */
static bool reach(struct graph *graph, const char *path)
{
	size_t at = bucket(path, graph->seen.mask);

	while (graph->seen.items[at]) {
		if (!strcmp(graph->seen.items[at], path))
			return false;
		at = (at + 1) & graph->seen.mask;
	}
	graph->seen.items[at] = path;
	list_add(graph->text, &graph->reached, path);
	return true;
}

static void reach_includers(struct graph *graph, const char *path)
{
	size_t i = graph->heads[bucket(last_part(path), graph->mask)];

	for (; i; i = graph->items[i - 1].next) {
		const struct edge *edge = &graph->items[i - 1];

		if (!strcmp(last_part(edge->what), last_part(path)) && may_mean(graph, edge, path))
			reach(graph, edge->from);
	}
}

/* The names under which a file may be included, apart from its own. */
static void reach_by_other_names(struct graph *graph, const char *path)
{
	static const char *const generic[] = { "include/asm-generic/",
					       "include/uapi/asm-generic/" };
	static const char *const forced[] = { "include/linux/kconfig.h",
					      "include/linux/compiler_types.h",
					      "include/linux/compiler-version.h" };

	/* A generated <asm/x.h> includes <asm-generic/x.h>. */
	for (size_t i = 0; i < 2; i++)
		if (starts_with(path, generic[i]))
			reach_includers(graph, text_printf(graph->text, "asm/%s",
							   path + strlen(generic[i])));
	/* These are on the compiler's command line. */
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; !strcmp(path, forced[i]) && k < graph->files->count; k++)
			if (ends_with(graph->files->items[k].path, ".c"))
				reach(graph, graph->files->items[k].path);
}

static struct error *walk(struct graph *graph, const struct list *changed, struct list *ret)
{
	for (size_t i = 0; i < changed->count; i++)
		reach(graph, changed->items[i]);
	for (size_t i = 0; i < graph->reached.count; i++) {
		const char *path = graph->reached.items[i];

		reach_includers(graph, path);
		reach_by_other_names(graph, path);
		if (i >= changed->count && ends_with(path, ".c"))
			list_add(graph->text, ret, text_copy(graph->text, path));
	}
	list_sort(ret);
	return text_failed(graph->text);
}

struct error *includes_reach(const char *index, const struct farm_list *files,
			     const struct list *changed, struct text *text, struct list *ret)
{
	struct graph graph = { .files = files, .text = text };
	auto_free char *data = NULL;
	struct error *err;
	size_t size;

	err = file_read(index, &data, &size);
	if (!err)
		err = read_edges(&graph, data);
	if (!err)
		err = walk(&graph, changed, ret);
	free(graph.items);
	free(graph.heads);
	free(graph.seen.items);
	list_destroy(&graph.reached);
	return err;
}
