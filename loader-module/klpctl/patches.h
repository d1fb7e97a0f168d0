/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The patches that are loaded, as sysfs tells of them: /sys/kernel/livepatch of the kernel's own core
 * (Documentation/ABI/testing/sysfs-kernel-livepatch) and /sys/kernel/klp_loader.
 */
#ifndef KLPCTL_PATCHES_H
#define KLPCTL_PATCHES_H

#include <stdbool.h>
#include <stddef.h>

#include <klpkit/error.h>

enum backend { BACKEND_LIVEPATCH, BACKEND_LOADER };

struct function {
	char *object, *name; /* "FUNCTION,POSITION" */
	char *state;	     /* the loader's: see its sysfs.h; of the kernel's own see live-states.h; or NULL */
	const char *winner;  /* whose one its callers get: see winners.h; a patch's name, or NULL */
};

struct patch {
	char *name;
	enum backend backend;
	bool enabled, transition;
	char *model;   /* "task" of the kernel's own */
	struct function *functions;
	size_t function_count;
};

struct patches {
	struct patch *items; /* by name */
	size_t count;
};

/* What sysfs has at this moment; root is "" but for tests. */
struct error *patches_read(const char *root, struct patches *ret) must_check;
void patches_free(struct patches *patches);
/* NULL: none of that name. */
const struct patch *patches_find(const struct patches *patches, const char *name);

const char *backend_name(enum backend backend);
/* The root that KLPCTL_ROOT names, else "". */
const char *patches_root(void);

/* A patch's file. */
struct error *patch_write(const char *root, const struct patch *patch, const char *file,
			  const char *text) must_check;
/* *text_ret is malloc'd. */
struct error *patch_read(const char *root, const struct patch *patch, const char *file,
			 char **text_ret) must_check;
/* '0' or '1'; neither when it cannot be read: the patch may go while we look. */
bool patch_flag_is(const char *root, const struct patch *patch, const char *file, char value);

#endif
