// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the differ's objects to one linked module.
 *
 *  1. a directory for kbuild (link-dir.c): the objects, the glue, what the glue is told
 *  2. the module (kbuild.c)
 *  3. what was said on the way (link-log.c)
 *  4. strip -g, which after the finish step would drop SHF_INFO_LINK
 *  5. what came out (link-check.c)
 */
#include <klpkit/file.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link-check.h"
#include "link-dir.h"
#include "link-glue.h"
#include "link-log.h"
#include "link.h"
#include "run.h"

static struct error *strip_debug(const struct link_input *in, const char *ko)
{
	char *const argv[] = {"strip", "-g", (char *)ko, NULL};
	const struct run_options options = {.log = in->log};

	return run_command(argv, &options);
}

/* The module from where kbuild made it to the work directory. */
static struct error *move_module(const char *built, const char *path)
{
	struct error *err;
	char *data;
	size_t size;

	if (!rename(built, path))
		return NULL;
	err = file_read(built, &data, &size);
	if (err)
		return err;
	err = file_write(path, data, size, 0644);
	free(data);
	return err;
}

static struct error *link_in(const struct link_input *in, const char *dir, const char *path)
{
	char *built = NULL, *output = NULL;
	struct error *err;

	if (asprintf(&built, "%s/%s.ko", dir, in->name) < 0)
		return error_nomem();
	err = kbuild_module(in->kbuild, dir, &output);
	if (!err)
		err = strip_debug(in, built);
	if (!err)
		err = link_check_module(in, built);
	/* Last: what it finds is often explained by the better message of the check. */
	if (!err)
		err = link_check_log(output, in->log);
	if (!err)
		err = move_module(built, path);
	if (!err)
		link_glue_keep(in, dir);
	free(output);
	free(built);
	return err;
}

struct error *link_module(const struct link_input *in, char **ko_path_ret)
{
	char *dir = NULL, *path = NULL;
	struct error *err;

	if (asprintf(&path, "%s/%s.ko", in->work_dir, in->name) < 0)
		return error_nomem();
	err = link_dir_create(in, &dir);
	if (!err)
		err = link_in(in, dir, path);
	link_dir_destroy(in, dir);
	if (err) {
		free(path);
		return error_prefix(err, "linking %s", in->name);
	}
	*ko_path_ret = path;
	return NULL;
}
