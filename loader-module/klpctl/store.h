/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is installed for a kernel: /var/lib/klpkit/RELEASE/NAME.ko, and beside it NAME.loading, with the id of the boot
 * that began to load it, until that has come to an end.
 */
#ifndef KLPCTL_STORE_H
#define KLPCTL_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include <klpkit/error.h>

#define STORE_LOADER "klp_loader"

struct store {
	char *release;
	char *directory;
	char *boot_id;
};

/* root is "" but for tests; release NULL: the running kernel's. The directory need not be there. */
struct error *store_open(const char *root, const char *release, struct store *ret) must_check;
void store_close(struct store *store);

/* Names in the order in which they were put there; the strings and *ret are malloc'd. The loader itself is not among them. */
struct error *store_list(const struct store *store, char ***ret, size_t *count_ret) must_check;
void store_list_free(char **names, size_t count);
/* malloc'd; NULL without memory. */
char *store_path(const struct store *store, const char *name);
bool store_has(const struct store *store, const char *name);

/* A copy of the file, whole or not at all; what was tried before is forgotten. */
struct error *store_put(const struct store *store, const char *name, const char *file) must_check;
struct error *store_drop(const struct store *store, const char *name) must_check;

/* On the disk before it returns. */
struct error *store_begin_loading(const struct store *store, const char *name) must_check;
struct error *store_end_loading(const struct store *store, const char *name) must_check;
/* The machine went down in between. */
bool store_is_suspect(const struct store *store, const char *name);

#endif
