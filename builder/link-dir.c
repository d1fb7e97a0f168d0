// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The directory in which kbuild makes a patch module:
 *
 *   Kbuild            the module and its parts
 *   objects/N.o       the differ's objects, and the .N.o.cmd without which modpost stops
 *   glue/             loader-module/glue, and build.c with what it is told
 *   include/klpkit/   what the glue includes
 *
 * kbuild cannot have spaces in M=, nor what make or a shell would read in it. If there are some
 * in the work directory's path, it is a temporary directory.
 */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <klpkit/file.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "link-dir.h"

/* Where include/ and loader-module/ are. */
#ifndef KLPKIT_DATADIR
#error "KLPKIT_DATADIR is not set"
#endif

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

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void remove_tree(const char *dir)
{
	nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static struct error *make_dir(const char *dir, const char *name)
{
	struct error *err = NULL;
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return error_nomem();
	if (mkdir(path, 0777) && errno != EEXIST)
		err = error_errno(errno, "cannot make the directory %s", path);
	free(path);
	return err;
}

/* Not synced and renamed as file_write() does: nothing here outlives the run. */
static struct error *put(const char *dir, const char *name, const void *data, size_t size)
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

static struct error *copy_file(const char *from, const char *dir, const char *name)
{
	struct error *err;
	char *data;
	size_t size;

	err = file_read(from, &data, &size);
	if (err)
		return err;
	err = put(dir, name, data, size);
	free(data);
	return err;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The files of a directory, not what is below it. */
static struct error *copy_dir(const char *from, const char *dir, const char *below)
{
	struct dirent **entries;
	struct error *err = NULL;
	int count = scandir(from, &entries, is_visible, alphasort);

	if (count < 0)
		return error_errno(errno, "cannot read %s", from);
	for (int i = 0; i < count; i++) {
		char *source = NULL, *name = NULL;
		struct stat st;

		if (!err && (asprintf(&source, "%s/%s", from, entries[i]->d_name) < 0 ||
			     asprintf(&name, "%s/%s", below, entries[i]->d_name) < 0))
			err = error_nomem();
		if (!err && !stat(source, &st) && S_ISREG(st.st_mode))
			err = copy_file(source, dir, name);
		free(source);
		free(name);
		free(entries[i]);
	}
	free(entries);
	return err;
}

static struct error *put_objects(const struct link_input *in, const char *dir)
{
	struct error *err = make_dir(dir, "objects");

	for (size_t i = 0; i < in->object_count && !err; i++) {
		char name[64];

		snprintf(name, sizeof(name), "objects/%zu.o", i);
		err = put(dir, name, in->objects[i].data, in->objects[i].size);
		snprintf(name, sizeof(name), "objects/.%zu.o.cmd", i);
		if (!err)
			err = put(dir, name, NULL, 0);
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
		err = put(dir, name, *text, *size);
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
	fprintf(file, "include $(src)/glue/Kbuild\nobj-m := %s.o\n%s-y := ", in->name, in->name);
	fprintf(file, "$(addprefix glue/,$(klpkit-glue))");
	for (size_t i = 0; i < in->object_count; i++)
		fprintf(file, " objects/%zu.o", i);
	fprintf(file, "\n");
	return put_text(dir, "Kbuild", file, &text, &size);
}

/* loader-module/glue/build.h */
static struct error *put_build(const struct link_input *in, const char *dir)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return error_nomem();
	fprintf(file, "// SPDX-License-Identifier: GPL-2.0\n#include \"build.h\"\n\n"
		      "const struct klpkit_build_id klpkit_build_ids[] = {\n");
	for (size_t i = 0; i < in->build_id_count; i++) {
		const struct link_build_id *id = &in->build_ids[i];

		fprintf(file, "\t{ \"%s\", %zu, {", id->object, id->size);
		for (size_t j = 0; j < id->size; j++)
			fprintf(file, " 0x%02x,", id->id[j]);
		fprintf(file, " } },\n");
	}
	fprintf(file, "\t{ }\n};\n\nconst bool klpkit_replace = %d;\n", in->replace);
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
	struct error *err = put_objects(in, dir);

	if (!err)
		err = make_dir(dir, "glue");
	if (!err)
		err = copy_dir(KLPKIT_DATADIR "/loader-module/glue", dir, "glue");
	if (!err)
		err = make_dir(dir, "include");
	if (!err)
		err = make_dir(dir, "include/klpkit");
	if (!err)
		err = copy_file(KLPKIT_DATADIR "/include/klpkit/format.h", dir,
				"include/klpkit/format.h");
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
		remove_tree(dir);
		if (mkdir(dir, 0777))
			err = error_errno(errno, "cannot make the directory %s", dir);
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
		remove_tree(dir);
	free(real);
	free(dir);
}
