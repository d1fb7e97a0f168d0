// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loader tells its blockers itself. The kernel's own core tells of each task where it is, in
 * /proc/PID/task/TID/patch_state: -1 outside of a transition, 0 old, 1 new. Stacks are the kernel's, of /proc/TID/stack.
 */
#include <ctype.h>
#include <dirent.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "blockers.h"

#define SHOWN 16

static FILE *open_file(const char *directory, const char *file)
{
	char *path;
	FILE *in;

	if (asprintf(&path, "%s/%s", directory, file) < 0)
		return NULL;
	in = fopen(path, "re");
	free(path);
	return in;
}

static bool read_line(const char *directory, const char *file, char *line, int size)
{
	FILE *in = open_file(directory, file);
	bool ok;

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

static struct error *pids_of_livepatch(const char *root, const struct patch *patch, int **ret, size_t *count_ret)
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

/* All that the loader's transition waits for, malloc'd; NULL where debugfs is not to be had. */
static char *all_of_loader(const char *root)
{
	FILE *in = open_file(root, "sys/kernel/debug/klp_loader/blockers");
	char *text = NULL;
	size_t room = 0;

	if (!in)
		return NULL;
	/* one without a line is empty, and has been read */
	if (getdelim(&text, &room, '\0', in) < 0 && (ferror(in) || !text)) {
		free(text);
		text = NULL;
	}
	fclose(in);
	return text;
}

/* Of lines "PID NAME WHY"; what is about no task has no number. The patch itself tells the first few, below their number. */
static struct error *pids_of_loader(const char *root, const struct patch *patch, int **ret, size_t *count_ret)
{
	char *text = all_of_loader(root), *rest, *line;
	struct error *err = NULL;
	size_t count = 0;
	int *pids;

	if (!text) {
		err = patch_read(root, patch, "blockers", &text);
		if (err)
			return err;
		rest = text;
		strsep(&rest, "\n");
	} else {
		rest = text;
	}
	pids = calloc(strlen(text) + (rest ? strlen(rest) : 0) + 1, sizeof(*pids));
	while (pids && (line = strsep(&rest, "\n")))
		/* idle tasks have the number 0, which to kill(2) is the caller's whole process group */
		if (atoi(line) > 0)
			pids[count++] = atoi(line);
	free(text);
	if (!pids)
		return error_nomem();
	*ret = pids;
	*count_ret = count;
	return NULL;
}

struct error *blockers_pids(const char *root, const struct patch *patch, int **ret, size_t *count_ret)
{
	return patch->backend == BACKEND_LOADER ? pids_of_loader(root, patch, ret, count_ret) :
						  pids_of_livepatch(root, patch, ret, count_ret);
}

bool blockers_is_stopped(const char *root, int pid)
{
	char directory[512], line[512];
	const char *state;

	snprintf(directory, sizeof(directory), "%s/proc/%d", root, pid);
	/* "PID (NAME) STATE ...", and a name may have anything in it */
	if (!read_line(directory, "stat", line, sizeof(line)))
		return false;
	state = strrchr(line, ')');
	return state && state[1] && strchr("Tt", state[2]);
}

/* A function of the patch in a line "[<0>] FUNCTION+OFFSET/SIZE [MODULE]", or NULL. */
static const struct function *function_in(const struct patch *patch, const char *frame)
{
	const char *name = strchr(frame, ' ');

	for (size_t i = 0; name && i < patch->function_count; i++) {
		size_t length = strcspn(patch->functions[i].name, ",");

		if (!strncmp(name + 1, patch->functions[i].name, length) && name[1 + length] == '+')
			return &patch->functions[i];
	}
	return NULL;
}

/* The patched function that is on its stack, "-" when none is. */
static void print_function(const char *directory, const struct patch *patch, FILE *out)
{
	FILE *in = open_file(directory, "stack");
	const struct function *found = NULL;
	char frame[256];

	while (in && !found && fgets(frame, sizeof(frame), in))
		found = function_in(patch, frame);
	if (in)
		fclose(in);
	fprintf(out, " %.*s\n", found ? (int)strcspn(found->name, ",") : 1, found ? found->name : "-");
}

static void print_stack(const char *root, int pid, FILE *out)
{
	char directory[512], frame[256];
	FILE *in;

	snprintf(directory, sizeof(directory), "%s/proc/%d", root, pid);
	in = open_file(directory, "stack");
	while (in && fgets(frame, sizeof(frame), in))
		fprintf(out, "      %s", frame);
	if (in)
		fclose(in);
}

static struct error *print_livepatch(const char *root, const struct patch *patch, bool stacks, FILE *out)
{
	struct error *err;
	size_t count;
	int *pids;

	err = blockers_pids(root, patch, &pids, &count);
	if (err)
		return err;
	fprintf(out, "%zu tasks hold it up\n", count);
	for (size_t i = 0; i < count && i < SHOWN; i++) {
		char directory[512], name[64] = "?";

		snprintf(directory, sizeof(directory), "%s/proc/%d", root, pids[i]);
		read_line(directory, "comm", name, sizeof(name));
		fprintf(out, "  %d %s", pids[i], name);
		print_function(directory, patch, out);
		if (stacks)
			print_stack(root, pids[i], out);
	}
	free(pids);
	return NULL;
}

static struct error *print_loader(const char *root, const struct patch *patch, bool stacks, FILE *out)
{
	char *text, *rest, *line;
	struct error *err = patch_read(root, patch, "blockers", &text);

	if (err)
		return err;
	rest = text;
	line = strsep(&rest, "\n");
	fprintf(out, "%s tasks hold it up\n", line);
	while ((line = strsep(&rest, "\n"))) {
		if (*line)
			fprintf(out, "  %s\n", line);
		if (stacks && isdigit((unsigned char)*line))
			print_stack(root, atoi(line), out);
	}
	free(text);
	return NULL;
}

struct error *blockers_print(const char *root, const struct patch *patch, bool stacks, FILE *out)
{
	return patch->backend == BACKEND_LOADER ? print_loader(root, patch, stacks, out) :
						  print_livepatch(root, patch, stacks, out);
}
