/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own build, run in a tree of ours, with nothing of the user's environment in it.
 *
 * make's start-up in a kernel tree checks all that is prepared, and may make it anew: that costs
 * most of a second, and must not happen while patched headers are in the tree. So what the top
 * makefile exports is recorded once, after the preparing, and scripts/Makefile.build is then run
 * with it directly, as the top makefile would; and so are the makefiles behind it that make a module.
 */
#ifndef KLPKIT_KBUILD_H
#define KLPKIT_KBUILD_H

#include <stdbool.h>

#include <klpkit/error.h>
#include "text.h"

struct kbuild {
	const char *tree;    /* no spaces */
	const char *state;   /* a directory of ours, neither */
	const char *gcc;
	const char *release; /* of the kernel that the modules are for */
	const char *log;
	unsigned int jobs;
	struct list exported; /* NAME=VALUE, ends with NULL; kbuild_load() fills it */
	char *exported_data;
};

/* Objects are compiled with a section for each function and variable. */
#define KBUILD_SPLIT "-ffunction-sections -fdata-sections"

/* What a directory gets from those above it; NULL: what the top makefile exports. */
struct kbuild_flags {
	const char *cflags, *aflags;
};

/* The environment that every command of a build gets, for struct run_options. */
const char *const *kbuild_environment(void);

/* The top makefile, with one target. */
struct error *kbuild_make(const struct kbuild *kbuild, const char *target) must_check;

/* Writes down what the prepared tree's top makefile exports, and reads it back. */
struct error *kbuild_record(const struct kbuild *kbuild) must_check;
bool kbuild_is_recorded(const struct kbuild *kbuild);
struct error *kbuild_load(struct kbuild *kbuild) must_check;
void kbuild_unload(struct kbuild *kbuild);

/* What a makefile that only prints prints of a directory. malloc'd, the caller's. */
struct error *kbuild_ask(const struct kbuild *kbuild, const char *makefile, const char *dir,
			 const struct kbuild_flags *flags, char **answer_ret) must_check;

/* Objects, or .i files, of one directory's makefile. */
struct kbuild_job {
	const char *dir;
	struct kbuild_flags flags;
	struct list targets;
	bool keep_going; /* make what can be made */
};

/* One make; jobs of different directories may run at once (kbuild-jobs.h). */
struct error *kbuild_run(const struct kbuild *kbuild, const struct kbuild_job *job,
			 unsigned int jobs) must_check;

/*
 * The module of a directory with a Kbuild file, as "make M=dir modules" makes it, but without debug
 * information, and unresolved symbols only warned of. dir has no spaces. *output_ret: what kbuild
 * and its tools printed; malloc'd, the caller's.
 */
struct error *kbuild_module(const struct kbuild *kbuild, const char *dir, char **output_ret) must_check;

#endif
