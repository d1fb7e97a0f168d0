/* SPDX-License-Identifier: GPL-2.0-or-later */
/* klp-build's command line. */
#ifndef KLPKIT_OPTIONS_H
#define KLPKIT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "consistency.h"

/* Options that are given more than once; the array is owned. */
struct option_list {
	const char **items;
	size_t count;
};

struct options {
	char **patches; /* of argv */
	size_t patch_count;
	const char *kernel; /* a release, or NULL: then the paths below */
	const char *source, *config, *vmlinux, *vmlinuz, *symvers, *modules;
	const char *name;   /* of the module, or NULL: from the first patch */
	const char *output; /* a directory */
	const char *report; /* a file, or NULL */
	const char *model; /* of the loader backend; NULL: the kernel's own live patching */
	struct consistency minimum; /* that the author asks for */
	bool at_once;	   /* that model switches all in one moment */
	const char *sign_key, *sign_cert, *sign_hash;
	struct option_list allowed;   /* types whose layout may change */
	struct option_list immediate; /* functions that do not wait for the others */
	struct option_list replaced;  /* modules that it takes the place of, when not of all */
	struct option_list states;    /* "ID:VERSION", as the kernel's struct klp_state has them */
	unsigned int jobs;
	bool loader; /* the backend */
	bool no_replace, no_cache, no_proof, touched_only, apply_data, keep, explain;
};

/*
 * Prints usage errors and --help itself. True: go on; false: exit with *status_ret. ret is the
 * caller's to destroy either way.
 */
bool options_parse(int argc, char **argv, struct options *ret, int *status_ret);
void options_destroy(struct options *options);

#endif
