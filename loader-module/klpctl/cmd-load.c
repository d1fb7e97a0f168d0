// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insert.h"
#include "klpctl.h"
#include "names.h"
#include "patches.h"
#include "store.h"
#include "transition.h"

/* One that is installed: noted on the disk while it is under way, so that it does not take the machine down twice. */
static struct error *load_installed(const struct store *store, const char *name, const struct insert_options *options)
{
	char *path = store_path(store, name);
	struct error *err, *failed;

	if (!path)
		return error_nomem();
	if (store_is_suspect(store, name)) {
		err = error_create(EXIT_REFUSED,
				   "%s was being loaded when the machine went down, and is not tried again: klpctl "
				   "load %s does, and klpctl uninstall %s takes it out",
				   name, path, name);
		free(path);
		return err;
	}
	err = store_begin_loading(store, name);
	if (!err)
		err = insert_patch(path, options);
	failed = store_end_loading(store, name);
	if (err && err->exit == EXIT_NOTHING) {
		error_destroy(err);
		err = NULL;
	}
	free(path);
	if (!err)
		return failed;
	error_destroy(failed);
	return err;
}

/* Each, whatever becomes of the others; the error is that of the first that failed. */
static struct error *load_all(const struct insert_options *options)
{
	struct error *first = NULL, *err;
	struct store store;
	char **names;
	size_t count;

	err = store_open(patches_root(), NULL, &store);
	if (err)
		return err;
	err = store_list(&store, &names, &count);
	for (size_t i = 0; !err && i < count; i++) {
		struct error *failed = load_installed(&store, names[i], options);

		if (failed && first)
			fprintf(stderr, "klpctl load: %s\n", failed->message);
		if (first)
			error_destroy(failed);
		else
			first = failed;
	}
	if (!err)
		store_list_free(names, count);
	if (!err && !count)
		first = error_create(EXIT_NOTHING, "nothing is installed for %s", store.release);
	store_close(&store);
	return err ?: first;
}

/* An explicit load of an installed one that was suspect clears it, when it has gone well. */
static struct error *load_file(const char *path, const struct insert_options *options)
{
	struct error *err = insert_patch(path, options);
	struct store store;
	char **names;
	size_t count;

	if (err || options->check)
		return err;
	err = store_open(patches_root(), NULL, &store);
	if (err)
		return err;
	err = store_list(&store, &names, &count);
	for (size_t i = 0; !err && i < count; i++) {
		char *installed = store_path(&store, names[i]);

		if (!installed)
			err = error_nomem();
		else if (!strcmp(installed, path) && store_is_suspect(&store, names[i]))
			err = store_end_loading(&store, names[i]);
		free(installed);
	}
	store_list_free(names, count);
	store_close(&store);
	return err;
}

static struct error *load_argument(const char *path, void *options)
{
	return load_file(path, options);
}

struct error *cmd_load(int argc, char **argv)
{
	struct insert_options options = { 0 };
	struct error *err = NULL;
	bool all = false;
	int at = 1;

	for (; at < argc && !strncmp(argv[at], "--", 2) && !err; at++) {
		const char *value = at + 1 < argc ? argv[at + 1] : NULL;

		if (!strcmp(argv[at], "--all")) {
			all = true;
		} else if (!strcmp(argv[at], "--check")) {
			options.check = true;
		} else if (!strcmp(argv[at], "--deadline")) {
			err = parse_ms("--deadline", value, &options.deadline_ms);
			at++;
		} else if (!strcmp(argv[at], "--model") && value) {
			options.model = argv[++at];
		} else {
			err = error_create(EXIT_USAGE, "'%s' is not understood", argv[at]);
		}
	}
	if (!err && all != (at >= argc))
		err = error_create(EXIT_USAGE, all ? "either --all or a file" : "which module?");
	if (!err && all)
		err = load_all(&options);
	if (err || all)
		return err;
	return for_each_name("load", argv + at, load_argument, &options);
}
