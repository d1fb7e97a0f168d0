// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: pairs of objects. Out: what differs in each, found by as many processes as there are jobs:
 * libelf is not made for threads. Each worker takes every n-th pair and writes a line of JSON for
 * it; one that dies is an error that names the pair it was at.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <klpkit/changes.h>

#include "klp-diff.h"

struct worker {
	pid_t pid;
	int fd;
	char *text; /* what it has written and is not a whole line yet */
	size_t used, room;
	size_t done;
};

/* The path without that of the tree: the object's path ends with its name in there. */
static const char *in_tree(const struct object_pair *pair, const char *object, const char *file)
{
	size_t length = strlen(object), name = strlen(pair->name), root;

	if (!file)
		return NULL;
	root = length > name && !strcmp(object + length - name, pair->name) ? length - name : 0;
	if (root && !strncmp(file, object, root))
		file += root;
	return strncmp(file, "./", 2) ? file : file + 2;
}

static json_t *json_of_change(const struct object_pair *pair, const struct change *change)
{
	const char *object = change->kind == CHANGE_GONE ? pair->old_path : pair->new_path;

	return json_pack("{s:s, s:s, s:s, s:s?, s:I, s:s}", "what", change_kind_name(change->kind),
			 "kind", change->function ? "function" : "data", "name", change->name,
			 "file", in_tree(pair, object, change->file), "line", (json_int_t)change->line, "why",
			 change->why);
}

static json_t *json_of_changes(const struct object_pair *pair, const struct changes *changes)
{
	json_t *list = json_array(), *edges = json_array();
	size_t count;
	const struct change *items = changes_list(changes, &count);
	const struct change_edge *uses;

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_of_change(pair, &items[i]));
	uses = changes_edges(changes, &count);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(edges, json_pack("{s:s, s:s, s:s}", "from", uses[i].from,
						       "to", uses[i].to, "use",
						       change_use_name(uses[i].use)));
	return json_pack("{s:s, s:o, s:o}", "object", pair->name, "changes", list, "edges", edges);
}

static json_t *compare_pair(const struct object_pair *pair)
{
	struct changes *changes;
	struct error *err;
	json_t *json;

	if (!pair->old_path || !pair->new_path)
		return json_pack("{s:s, s:s}", "object", pair->name, "only",
				 pair->old_path ? "old" : "new");
	err = changes_create(pair->old_path, pair->new_path, &changes);
	if (err) {
		json = json_pack("{s:s, s:s}", "object", pair->name, "error", err->message);
		error_destroy(err);
		return json;
	}
	json = json_of_changes(pair, changes);
	changes_destroy(changes);
	return json;
}

static void work(const struct object_pairs *pairs, size_t first, size_t step, int fd)
{
	FILE *out = fdopen(fd, "w");

	for (size_t i = first; out && i < pairs->count; i += step) {
		json_t *json = compare_pair(&pairs->items[i]);

		if (!json || json_dumpf(json, out, JSON_COMPACT) < 0)
			_exit(EXIT_ERROR);
		fputc('\n', out);
		fflush(out);
		json_decref(json);
	}
	_exit(out && !ferror(out) ? 0 : EXIT_ERROR);
}

static struct error *start(struct worker *worker, const struct object_pairs *pairs, size_t first,
			   size_t step)
{
	int ends[2];

	if (pipe(ends) < 0)
		return error_errno(errno, "cannot make a pipe");
	fflush(NULL);
	worker->pid = fork();
	if (worker->pid < 0) {
		close(ends[0]);
		close(ends[1]);
		return error_errno(errno, "cannot start a process");
	}
	if (!worker->pid) {
		close(ends[0]);
		work(pairs, first, step, ends[1]);
	}
	close(ends[1]);
	worker->fd = ends[0];
	return NULL;
}

/* Whole lines go to the array. */
static struct error *take_lines(struct worker *worker, json_t *array)
{
	char *line = worker->text, *end;

	while ((end = memchr(line, '\n', worker->used - (size_t)(line - worker->text)))) {
		json_t *json = json_loadb(line, (size_t)(end - line), 0, NULL);

		if (!json)
			return error_nomem();
		worker->done++;
		if (json_object_get(json, "changes") &&
		    !json_array_size(json_object_get(json, "changes")))
			json_decref(json);
		else
			json_array_append_new(array, json);
		line = end + 1;
	}
	worker->used -= (size_t)(line - worker->text);
	memmove(worker->text, line, worker->used);
	return NULL;
}

/* False: the worker has closed its end. */
static bool take(struct worker *worker, json_t *array, struct error **err)
{
	ssize_t got;

	if (worker->room - worker->used < 4096) {
		char *text = realloc(worker->text, worker->room + 65536);

		if (!text) {
			*err = error_nomem();
			return false;
		}
		worker->text = text;
		worker->room += 65536;
	}
	got = read(worker->fd, worker->text + worker->used, worker->room - worker->used);
	if (got < 0 && errno == EINTR)
		return true;
	if (got <= 0)
		return false;
	worker->used += (size_t)got;
	*err = take_lines(worker, array);
	return !*err;
}

static struct error *collect(struct worker *workers, size_t count, size_t pairs, FILE *progress,
			     json_t *array)
{
	struct error *err = NULL;

	for (size_t open = count; open && !err;) {
		struct pollfd fds[count];
		size_t done = 0;

		for (size_t i = 0; i < count; i++)
			fds[i] = (struct pollfd){ .fd = workers[i].fd, .events = POLLIN };
		if (poll(fds, count, -1) < 0 && errno != EINTR)
			return error_errno(errno, "cannot wait");
		for (size_t i = 0; i < count && !err; i++) {
			if (fds[i].revents && !take(&workers[i], array, &err)) {
				close(workers[i].fd);
				workers[i].fd = -1;
				open--;
			}
			done += workers[i].done;
		}
		if (progress)
			fprintf(progress, "\r%zu of %zu objects ", done, pairs);
	}
	if (progress)
		fprintf(progress, "\r\033[K");
	return err;
}

static struct error *finish(struct worker *workers, size_t count, const struct object_pairs *pairs)
{
	struct error *err = NULL;

	for (size_t i = 0; i < count; i++) {
		int status = 0;

		if (workers[i].fd >= 0)
			close(workers[i].fd);
		free(workers[i].text);
		waitpid(workers[i].pid, &status, 0);
		if (status && !err && i + workers[i].done * count < pairs->count)
			err = error_create(EXIT_ERROR, "%s: the comparison died (status %d)",
					   pairs->items[i + workers[i].done * count].name, status);
	}
	return err;
}

static int by_object(const void *left, const void *right)
{
	const json_t *const *a = left, *const *b = right;

	return strcmp(json_string_value(json_object_get(*a, "object")),
		      json_string_value(json_object_get(*b, "object")));
}

static struct error *sort(json_t *array, json_t **ret)
{
	size_t count = json_array_size(array);
	json_t **items = calloc(count + 1, sizeof(*items)), *sorted = json_array();

	if (!items || !sorted) {
		free(items);
		return error_nomem();
	}
	for (size_t i = 0; i < count; i++)
		items[i] = json_array_get(array, i);
	qsort(items, count, sizeof(*items), by_object);
	for (size_t i = 0; i < count; i++)
		json_array_append(sorted, items[i]);
	free(items);
	*ret = sorted;
	return NULL;
}

struct error *pairs_compare(const struct object_pairs *pairs, unsigned int jobs, FILE *progress,
			    json_t **ret)
{
	size_t count = jobs < pairs->count ? jobs : pairs->count, started = 0;
	struct worker *workers = calloc(count + 1, sizeof(*workers));
	json_t *array = json_array();
	struct error *err = NULL, *died;

	if (!workers || !array)
		err = error_nomem();
	for (; !err && started < count; started++) {
		err = start(&workers[started], pairs, started, count);
		if (err)
			break;
	}
	if (!err)
		err = collect(workers, count, pairs->count, progress, array);
	died = finish(workers, started, pairs);
	if (err)
		error_destroy(died);
	err = err ?: died;
	if (!err)
		err = sort(array, ret);
	json_decref(array);
	free(workers);
	return err;
}
