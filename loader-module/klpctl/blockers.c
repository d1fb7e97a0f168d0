// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loader tells its blockers itself. The kernel's own core tells of each task where it is, in
 * /proc/PID/task/TID/patch_state: -1 outside of a transition, 0 old, 1 new.
 */
#include <dirent.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "blockers.h"

#define SHOWN 16

static bool read_line(const char *directory, const char *file, char *line, int size)
{
	char *path;
	FILE *in;
	bool ok;

	if (asprintf(&path, "%s/%s", directory, file) < 0)
		return false;
	in = fopen(path, "re");
	free(path);
	if (!in)
		return false;
	ok = fgets(line, size, in) != NULL;
	fclose(in);
	if (ok)
		line[strcspn(line, "\n")] = '\0';
	return ok;
}

/* Has the task not got where the patch goes? */
static bool is_behind(const char *task, const struct patch *patch)
{
	char state[16];

	if (!read_line(task, "patch_state", state, sizeof(state)))
		return false;
	return strcmp(state, "-1") && strcmp(state, patch->enabled ? "1" : "0");
}

static struct error *find_tasks(const char *root, glob_t *found)
{
	char *pattern;
	int failed;

	if (asprintf(&pattern, "%s/proc/[0-9]*/task/[0-9]*", root) < 0)
		return error_nomem();
	failed = glob(pattern, GLOB_NOSORT, NULL, found);
	free(pattern);
	return failed == GLOB_NOSPACE ? error_nomem() : NULL;
}

struct error *blockers_pids(const char *root, const struct patch *patch, int **ret, size_t *count_ret)
{
	glob_t found = { 0 };
	struct error *err = find_tasks(root, &found);
	size_t count = 0;
	int *pids = err ? NULL : calloc(found.gl_pathc + 1, sizeof(*pids));

	if (!err && !pids)
		err = error_nomem();
	for (size_t i = 0; !err && i < found.gl_pathc; i++)
		if (is_behind(found.gl_pathv[i], patch))
			pids[count++] = atoi(strrchr(found.gl_pathv[i], '/') + 1);
	globfree(&found);
	if (err)
		return err;
	*ret = pids;
	*count_ret = count;
	return NULL;
}

static void print_task(const char *root, int pid, FILE *out)
{
	char directory[512], name[64] = "?", top[256] = "?";

	snprintf(directory, sizeof(directory), "%s/proc/%d", root, pid);
	read_line(directory, "comm", name, sizeof(name));
	read_line(directory, "stack", top, sizeof(top));
	fprintf(out, "  %d %s %s\n", pid, name, top);
}

static struct error *print_livepatch(const char *root, const struct patch *patch, FILE *out)
{
	struct error *err;
	size_t count;
	int *pids;

	err = blockers_pids(root, patch, &pids, &count);
	if (err)
		return err;
	fprintf(out, "%zu tasks hold it up\n", count);
	for (size_t i = 0; i < count && i < SHOWN; i++)
		print_task(root, pids[i], out);
	free(pids);
	return NULL;
}

static struct error *print_loader(const char *root, const struct patch *patch, FILE *out)
{
	char *text, *rest, *line;
	struct error *err = patch_read(root, patch, "blockers", &text);

	if (err)
		return err;
	rest = text;
	line = strsep(&rest, "\n");
	fprintf(out, "%s tasks hold it up\n", line);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			fprintf(out, "  %s\n", line);
	free(text);
	return NULL;
}

struct error *blockers_print(const char *root, const struct patch *patch, FILE *out)
{
	return patch->backend == BACKEND_LOADER ? print_loader(root, patch, out) :
						  print_livepatch(root, patch, out);
}
