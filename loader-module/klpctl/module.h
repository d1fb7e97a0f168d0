/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a module's file says of itself, in .modinfo: KEY=VALUE strings, each ended by a zero. */
#ifndef KLPCTL_MODULE_H
#define KLPCTL_MODULE_H

#include <stdbool.h>

#include <klpkit/error.h>

/* The first value of the key, malloc'd; NULL when there is none. */
struct error *module_info(const char *path, const char *key, char **ret) must_check;

/* Is that one of the key's values? */
struct error *module_says(const char *path, const char *key, const char *value, bool *ret) must_check;

/* Is it for the bundled loader? Those of klp-build say so; others depend on it. */
struct error *module_is_for_loader(const char *path, bool *ret) must_check;

/* Is it a live patch, for one or the other? */
struct error *module_is_patch(const char *path, bool *ret) must_check;

/* Each function that a patch of klp-build replaces; position as sysfs has it. Other modules have none. */
struct error *module_functions(const char *path,
			       void (*fn)(const char *object, const char *name, unsigned int position)) must_check;

#endif
