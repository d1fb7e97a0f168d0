// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The directory in which kbuild makes a patch module:
 *
 *   Kbuild            the module and its parts
 *   objects/N.o       the differ's objects, and the .N.o.cmd without which modpost stops
 *   glue/             the glue (link-glue.c), and build.c with what it is told
 *   include/klpkit/   what the glue includes
 *
 * kbuild cannot have spaces in M=, nor what make or a shell would read in it. If there are some
 * in the work directory's path, it is a temporary directory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link-dir.h"
#include "link-glue.h"
#include "paths.h"

static bool path_is_plain(const char *path)
{
	return !path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789/._+-")];
}

static struct error *make_temporary(char **dir_ret)
{
	const char *base = getenv("TMPDIR");
	char *dir;

	if (!base || *base != '/' || !path_is_plain(base))
		base = "/tmp";
	if (asprintf(&dir, "%s/klpkit-link.XXXXXX", base) < 0)
		return error_nomem();
	if (!mkdtemp(dir)) {
		struct error *err = error_errno(errno, "cannot make a directory in %s", base);

		free(dir);
		return err;
	}
	*dir_ret = dir;
	return NULL;
}

static struct error *make_dir(const char *dir, const char *name)
{
	struct error *err;
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return error_nomem();
	err = make_directories(path);
	free(path);
	return err;
}

/* Not synced and renamed as file_write() does: nothing here outlives the run. */
struct error *link_dir_put(const char *dir, const char *name, const void *data, size_t size)
{
	struct error *err = NULL;
	char *path;
	FILE *file;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return error_nomem();
	file = fopen(path, "we");
	if (!file)
		err = error_errno(errno, "cannot write %s", path);
	if (file && size && fwrite(data, size, 1, file) != 1)
		err = error_errno(errno, "cannot write %s", path);
	if (file && fclose(file) && !err)
		err = error_errno(errno, "cannot write %s", path);
	free(path);
	return err;
}

static struct error *put_objects(const struct link_input *in, const char *dir)
{
	struct error *err = NULL;

	for (size_t i = 0; i < in->object_count && !err; i++) {
		char name[64];

		snprintf(name, sizeof(name), "objects/%zu.o", i);
		err = link_dir_put(dir, name, in->objects[i].data, in->objects[i].size);
		snprintf(name, sizeof(name), "objects/.%zu.o.cmd", i);
		if (!err)
			err = link_dir_put(dir, name, NULL, 0);
	}
	return err;
}

static struct error *put_text(const char *dir, const char *name, FILE *file, char **text,
			      size_t *size)
{
	struct error *err;

	if (fclose(file))
		err = error_nomem();
	else
		err = link_dir_put(dir, name, *text, *size);
	free(*text);
	return err;
}

static struct error *put_kbuild(const struct link_input *in, const char *dir)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return error_nomem();
	if (in->model)
		fprintf(file, "klpkit-backend := -DKLPKIT_BACKEND_LOADER\n");
	fprintf(file, "include $(src)/glue/Kbuild\nobj-m := %s.o\n%s-y := ", in->name, in->name);
	fprintf(file, "$(addprefix glue/,$(klpkit-glue))");
	for (size_t i = 0; i < in->object_count; i++)
		fprintf(file, " objects/%zu.o", i);
	fprintf(file, "\n");
	return put_text(dir, "Kbuild", file, &text, &size);
}

/* A file's name may have anything in it. */
static void put_info(FILE *file, const char *key, const char *value)
{
	fprintf(file, "MODULE_INFO(%s, \"", key);
	for (; value && *value; value++)
		fputc(*value < ' ' || strchr("\"\\?", *value) ? '_' : *value, file);
	fprintf(file, "\");\n");
}

/* const char *const NAME[], the last NULL */
static void put_names(FILE *file, const char *name, const struct option_list *list)
{
	fprintf(file, "const char *const %s[] = { ", name);
	for (size_t i = 0; list && i < list->count; i++)
		fprintf(file, "\"%s\", ", list->items[i]);
	fprintf(file, "NULL };\n");
}

static void put_states(FILE *file, const struct option_list *list)
{
	fprintf(file, "const struct klpkit_state klpkit_states[] = { ");
	for (size_t i = 0; list && i < list->count; i++) {
		const char *colon = strchr(list->items[i], ':');

		fprintf(file, "{ %.*s, %s }, ", (int)(colon - list->items[i]), list->items[i], colon + 1);
	}
	fprintf(file, "{ } };\n");
}

static void put_replaced(FILE *file, const struct link_input *in)
{
	fprintf(file, "MODULE_INFO(klpkit_replaces, \"");
	for (size_t i = 0; in->replaced && i < in->replaced->count; i++)
		fprintf(file, "%s%s", i ? ", " : "", in->replaced->items[i]);
	if (!in->replaced || !in->replaced->count)
		fputs(in->replace ? "all before it" : "nothing", file);
	fprintf(file, "\");\n");
}

/* loader-module/glue/build.h */
static struct error *put_build(const struct link_input *in, const char *dir)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return error_nomem();
	fprintf(file, "// SPDX-License-Identifier: GPL-2.0\n#include <linux/module.h>\n\n#include \"build.h\"\n\n"
		      "const struct klpkit_build_id klpkit_build_ids[] = {\n");
	for (size_t i = 0; i < in->build_id_count; i++) {
		const struct link_build_id *id = &in->build_ids[i];

		fprintf(file, "\t{ \"%s\", %zu, {", id->object, id->size);
		for (size_t j = 0; j < id->size; j++)
			fprintf(file, " 0x%02x,", id->id[j]);
		fprintf(file, " } },\n");
	}
	fprintf(file, "\t{ }\n};\n\nconst bool klpkit_replace = %d;\n", in->replace);
	fprintf(file, "const char klpkit_model[] = \"%s\";\n", in->model ? in->model : "");
	put_names(file, "klpkit_replaced", in->replaced);
	put_names(file, "klpkit_immediate", in->immediate);
	put_states(file, in->states);
	fprintf(file, "const bool klpkit_at_once = %d;\n", in->at_once);
	fprintf(file, "const unsigned int klpkit_leave = %d, klpkit_together = %d;\n\n", in->needs.leave,
		in->needs.together);
	fprintf(file, "MODULE_INFO(klpkit_backend, \"%s\");\n", in->model ? "loader" : "livepatch");
	fprintf(file, "MODULE_INFO(klpkit_model, \"%s\");\n", in->model ? in->model : "task");
	fprintf(file, "MODULE_INFO(klpkit_minimum, \"%s\");\n", consistency_text(in->needs));
	put_replaced(file, in);
	put_info(file, "klpkit_built_from", in->built_from);
	return put_text(dir, "glue/build.c", file, &text, &size);
}

static struct error *check_name(const char *name)
{
	size_t length = strlen(name);

	if (!length || length >= 56 || !strcmp(name, "vmlinux") ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")])
		return error_create(EXIT_USAGE,
				    "'%s' cannot be the name of a module: up to 55 "
				    "letters, digits, '-' and '_'",
				    name);
	return NULL;
}

static struct error *check_build_ids(const struct link_input *in)
{
	for (size_t i = 0; i < in->build_id_count; i++)
		if (!in->build_ids[i].id || !in->build_ids[i].size || in->build_ids[i].size > 32)
			return error_create(EXIT_ERROR,
					    "%s has no build-id, so a patch for it "
					    "could not tell it from another",
					    in->build_ids[i].object);
	return NULL;
}

static struct error *populate(const struct link_input *in, const char *dir)
{
	struct error *err = make_dir(dir, "objects");

	if (!err)
		err = make_dir(dir, "glue");
	if (!err)
		err = make_dir(dir, "include/klpkit");
	if (!err)
		err = put_objects(in, dir);
	if (!err)
		err = link_glue_put(in, dir);
	if (!err)
		err = put_kbuild(in, dir);
	if (!err)
		err = put_build(in, dir);
	return err;
}

static struct error *make_place(const struct link_input *in, char **dir_ret)
{
	char *real = realpath(in->work_dir, NULL), *dir;
	struct error *err = NULL;

	if (!real)
		return error_errno(errno, "cannot use the directory %s", in->work_dir);
	if (!path_is_plain(real)) {
		err = make_temporary(dir_ret);
	} else if (asprintf(&dir, "%s/link", real) < 0) {
		err = error_nomem();
	} else {
		err = remove_tree(dir);
		if (!err)
			err = make_directories(dir);
		*dir_ret = dir;
	}
	free(real);
	return err;
}

struct error *link_dir_create(const struct link_input *in, char **dir_ret)
{
	struct error *err = check_name(in->name);

	if (!err)
		err = check_build_ids(in);
	if (!err)
		err = make_place(in, dir_ret);
	if (!err)
		err = populate(in, *dir_ret);
	return err;
}

void link_dir_destroy(const struct link_input *in, char *dir)
{
	char *real = realpath(in->work_dir, NULL);

	if (dir && (!real || strncmp(dir, real, strlen(real))))
		error_destroy(remove_tree(dir));
	free(real);
	free(dir);
}
