// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "insert.h"
#include "klpctl.h"
#include "module.h"
#include "store.h"
#include "transition.h"

/* 0, or errno. */
static int insert_module(int fd, const char *parameters)
{
	return syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
}

static struct error *open_module(const char *path, int *fd_ret)
{
	*fd_ret = open(path, O_RDONLY | O_CLOEXEC);
	return *fd_ret < 0 ? error_errno(errno, "cannot read %s", path) : NULL;
}

/*
 * A patch for the loader finds it by name; when it is installed, it comes first. *inserted_ret: it was not there
 * before.
 */
static struct error *insert_loader(const char *patch, bool *inserted_ret)
{
	struct store store;
	bool needed;
	struct error *err = module_is_for_loader(patch, &needed);
	char *path;
	int fd;

	*inserted_ret = false;
	if (err || !needed || !access("/sys/module/" STORE_LOADER, F_OK))
		return err;
	err = store_open(patches_root(), NULL, &store);
	if (err)
		return err;
	path = store_path(&store, STORE_LOADER);
	if (!path) {
		err = error_nomem();
	} else if (!access(path, R_OK)) {
		err = open_module(path, &fd);
		if (!err) {
			int failed = insert_module(fd, "");

			if (failed && failed != EEXIST)
				err = error_errno(failed, "the kernel does not take %s (its log says why)", path);
			*inserted_ret = !failed;
			close(fd);
		}
	}
	free(path);
	store_close(&store);
	return err;
}

/* Nobody uses it but what a look left behind for a moment. */
static void remove_loader(void)
{
	const struct timespec moment = { .tv_nsec = 10000000 };

	for (int tries = 100; tries && syscall(SYS_delete_module, STORE_LOADER, O_NONBLOCK); tries--) {
		if (errno != EAGAIN && errno != EBUSY)
			break;
		nanosleep(&moment, NULL);
	}
}

/* What did not converge is not left behind. */
static struct error *settle(const char *name)
{
	struct outcome outcome = { 0 };
	struct error *err = transition_wait(patches_root(), name, 0, &outcome);
	char *argv[] = { "unload", (char *)name, NULL };

	if (!err && !outcome.enabled && outcome.failed)
		err = error_create(EXIT_REFUSED, "%s was reversed: what it does while everything is stopped failed (%d)", name,
				   outcome.failed);
	else if (!err && !outcome.enabled)
		err = error_create(EXIT_REFUSED, "%s was reversed: %s", name,
				   outcome.blockers ? outcome.blockers : "the kernel's log names what blocked it");
	outcome_free(&outcome);
	if (!err)
		return NULL;
	error_destroy(cmd_unload(2, argv));
	return err;
}

static struct error *set_deadline(const char *name, unsigned int deadline_ms)
{
	const struct patch *patch;
	struct patches patches;
	struct error *err;
	char text[16];

	err = transition_patch(patches_root(), name, &patches, &patch);
	if (err)
		return err;
	snprintf(text, sizeof(text), "%u", deadline_ms);
	err = patch_write(patches_root(), patch, "deadline_ms", text);
	patches_free(&patches);
	return err;
}

/* "NAME MODEL", "TASKS COULD", and those who could not, as the loader tells. */
static struct error *print_check(const char *name)
{
	char text[4097], model[32];
	unsigned int tasks, could;
	int fd = open("/sys/kernel/klp_loader/checked", O_RDONLY | O_CLOEXEC), offset = 0;
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (size < 0)
		return error_errno(errno, "cannot read /sys/kernel/klp_loader/checked");
	text[size] = '\0';
	if (strncmp(text, name, strlen(name)) ||
	    sscanf(text + strlen(name), " %31s %u %u\n%n", model, &tasks, &could, &offset) != 3)
		return error_create(EXIT_ERROR, "the loader did not look at %s: the kernel's log says why", name);
	printf("%s: %u of %u tasks could switch now by the model %s\n", name, could, tasks, model);
	for (char *rest = text + strlen(name) + offset, *line; (line = strsep(&rest, "\n"));)
		if (*line)
			printf("  %s\n", line);
	return NULL;
}

static struct error *insert_file(const char *path, const char *name, const struct insert_options *options)
{
	char parameters[128];
	struct error *err;
	int fd, failed;

	snprintf(parameters, sizeof(parameters), "%s%s%s", options->model ? "model=" : "",
		 options->model ? options->model : "", options->check ? " check=1" : "");
	err = open_module(path, &fd);
	if (err)
		return err;
	failed = insert_module(fd, parameters);
	close(fd);
	if (failed == EEXIST)
		return error_create(EXIT_NOTHING, "%s is loaded already", path);
	if (options->check && failed == ECANCELED)
		return print_check(name);
	if (failed)
		return error_errno(failed, "the kernel does not take %s (its log says why)", path);
	return NULL;
}

/* The kernel's own live patching has one model, no deadline and no look beforehand: the module would be loaded all the same. */
static struct error *check_options(const char *path, const struct insert_options *options)
{
	struct error *err;
	bool loader = true;

	if (options->deadline_ms) {
		err = module_is_for_loader(path, &loader);
		if (!err && !loader)
			err = error_create(EXIT_ERROR, "%s is not built for the loader: --deadline is for its patches", path);
		if (err)
			return err;
	}
	if (!options->model && !options->check)
		return NULL;
	err = module_says(path, "parmtype", options->check ? "check:bool" : "model:charp", &loader);
	if (!err && !loader)
		err = error_create(EXIT_ERROR, "%s is not built for the loader: --model and --check are for its patches",
				   path);
	return err;
}

static struct error *check_is_patch(const char *path)
{
	bool is;
	struct error *err = module_is_patch(path, &is);

	if (!err && !is)
		err = error_create(EXIT_ERROR, "%s is no live patch, neither for the kernel's own core nor for klp_loader", path);
	return err;
}

struct error *insert_patch(const char *path, const struct insert_options *options)
{
	bool inserted = false;
	struct error *err;
	char *name = NULL;

	err = module_info(path, "name", &name);
	if (!err && !name)
		err = error_create(EXIT_ERROR, "%s is not a kernel module: it does not say its name", path);
	if (!err)
		err = check_is_patch(path);
	if (!err)
		err = check_options(path, options);
	if (!err)
		err = insert_loader(path, &inserted);
	if (!err)
		err = insert_file(path, name, options);
	if (!err && options->deadline_ms && !options->check)
		err = set_deadline(name, options->deadline_ms);
	if (!err && !options->check)
		err = settle(name);
	if (!err && !options->check)
		printf("%s: enabled\n", name);
	/* without a patch it is no use */
	if (inserted && (options->check || err))
		remove_loader();
	free(name);
	return err;
}
