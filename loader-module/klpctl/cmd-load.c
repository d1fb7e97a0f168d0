// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "klpctl.h"
#include "module.h"
#include "transition.h"

static struct error *insert(const char *path)
{
	struct error *err = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(errno, "cannot read %s", path);
	if (syscall(SYS_finit_module, fd, "", 0))
		err = errno == EEXIST ? error_create(EXIT_NOTHING, "%s is loaded already", path) :
					error_errno(errno, "the kernel does not take %s (its log says why)",
						    path);
	close(fd);
	return err;
}

/* What did not converge is not left behind. */
static struct error *settle(const char *name)
{
	bool enabled = false;
	struct error *err = transition_wait(patches_root(), name, TRANSITION_TIMEOUT_MS, &enabled);
	char *argv[] = { "unload", (char *)name, NULL };

	if (!err && enabled)
		return NULL;
	if (!err)
		err = error_create(EXIT_REFUSED, "%s was reversed: the kernel's log names what blocked it", name);
	error_destroy(cmd_unload(2, argv));
	return err;
}

static struct error *set_deadline(const char *name, unsigned int deadline)
{
	const struct patch *patch;
	struct patches patches;
	struct error *err;
	char text[16];

	err = transition_patch(patches_root(), name, &patches, &patch);
	if (err)
		return err;
	snprintf(text, sizeof(text), "%u", deadline);
	if (patch->backend == BACKEND_LOADER)
		err = patch_write(patches_root(), patch, "deadline_ms", text);
	else
		err = error_create(EXIT_ERROR, "%s is of the kernel's own live patching, which has no deadline",
				   name);
	patches_free(&patches);
	return err;
}

static struct error *load(const char *path, unsigned int deadline)
{
	struct error *err;
	char *name;

	err = module_info(path, "name", &name);
	if (err)
		return err;
	if (!name)
		return error_create(EXIT_ERROR, "%s is not a kernel module: it does not say its name", path);
	err = insert(path);
	if (!err && deadline)
		err = set_deadline(name, deadline);
	if (!err)
		err = settle(name);
	if (!err)
		printf("%s: enabled\n", name);
	free(name);
	return err;
}

struct error *cmd_load(int argc, char **argv)
{
	unsigned int deadline = 0;
	struct error *err = NULL;

	if (argc > 1 && !strcmp(argv[1], "--deadline")) {
		err = parse_ms("--deadline", argc > 2 ? argv[2] : NULL, &deadline);
		argc -= 2;
		argv += 2;
	}
	if (!err && argc < 2)
		err = error_create(EXIT_USAGE, "which module?");
	for (int i = 1; i < argc && !err; i++)
		err = load(argv[i], deadline);
	return err;
}
