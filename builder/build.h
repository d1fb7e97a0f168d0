/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of klp-build: what each step leaves for those after it. A step writes the struct that
 * has its name, and reads those of earlier steps only.
 */
#ifndef KLPKIT_BUILD_H
#define KLPKIT_BUILD_H

#include <stdbool.h>
#include <stddef.h>

#include <klpkit/diff.h>
#include <klpkit/error.h>
#include <klpkit/image.h>
#include "consistency.h"
#include "farm.h"
#include "kbuild.h"
#include "options.h"
#include "owners.h"
#include "patch-file.h"
#include "paths.h"
#include "progress.h"
#include "proof.h"
#include "text.h"

struct build_input { /* for the report */
	const char *role, *path;
	char sha256[SHA256_TEXT];
};

struct build_patches {
	struct patch {
		const char *path;
		char *data;
		size_t size;
		struct patch_file file;
	} *items;
	size_t count;
	struct list touched; /* all the paths, sorted */
};

struct build_kernel {
	const char *source;  /* the user's: read only, absolute */
	const char *config, *image, *symvers;
	const char *modules; /* the directory with kernel/, or NULL */
	const char *package; /* the package's version, or NULL */
	const char *built_as; /* the version of a Debian package that the image says, or NULL */
	bool source_is_ours; /* unpacked by us, and never changed since */
	const char *release;
	const char *version; /* VERSION.PATCHLEVEL.SUBLEVEL of the source */
	char *config_data;
	size_t config_size;
	struct image *vmlinux;
	struct symtab *symbols;
	struct symvers *exports;
};

struct build_tools {
	const char *gcc;     /* the name under which it is started */
	const char *version; /* its first line of --version */
	const char *identity; /* tool_identity() */
};

struct build_workspace {
	const char *dir; /* no spaces */
	const char *tree, *state, *scratch, *log;
	int lock; /* or -1 */
	bool prepared;
	bool incomplete; /* of no use to a later build */
	struct farm farm;
};

/* A file that the patches change, and what becomes of it. */
struct change {
	const char *path;
	enum patch_touch touch;
	const char *patched; /* the new contents; NULL: deleted */
	const char *inert;   /* why it cannot matter to the kernel, or NULL; not applied then */
};

struct build_changes {
	struct change *items;
	size_t count, room;
	bool makefiles; /* a Makefile or Kbuild is among them */
};

/* An object to compile before and after. */
struct unit {
	const char *source;  /* mm/mlock.c */
	const char *object;  /* mm/mlock.o */
	const char *module;  /* "vmlinux", or the module's name as the kernel says it */
	const char *modfile; /* its path without .ko; NULL: built in */
	bool touched;	     /* by the patch itself, not through a header */
	bool is_new;	     /* the original does not exist */
	const struct owner_dir *before, *after; /* whose makefiles have it */
	const char *original, *patched; /* where the compiled ones are */
	const char *command;	/* kbuild's record of how the original was */
};

struct build_plan {
	struct unit *items;
	size_t count, room;
	struct list left_out;	/* one line each: what was not considered and why */
	struct list refused;	/* one line each */
	size_t reached, built;	/* a header's: sources that include it; of these, built */
	size_t preprocessed, kept;
	struct owners owners;	/* as the makefiles are, */
	struct owners patched;	/* and as they are with the patch, when it touches them */
};

struct part { /* what the differ said of a unit */
	const struct unit *unit;
	struct diff_result *result;
};

struct parent {
	const char *module;
	const char *path;
	struct image *image;
	struct symtab *symbols;
};

struct build_parents {
	struct parent *items;
	size_t count, room;
};

struct build_proof {
	struct proof_unit *units; /* of the planned objects */
	struct proof *proof;	  /* NULL: not asked for */
	bool complete;		  /* of the module, too */
};

struct build_diff {
	struct part *items;
	size_t count, room;
	size_t changed; /* units with an object to link */
	bool permanent;
};

struct build_model {
	struct consistency needs;
	const char *why;
};

struct build_output {
	const char *name;    /* of the module */
	const char *linked;  /* the file that the remaining steps work on, in scratch */
	const char *module;  /* where it is in the end */
};

struct step_time {
	const char *name;
	double seconds;
};

struct build {
	const struct options *options;
	struct text text;
	struct progress *progress;
	struct build_input *inputs;
	size_t input_count, input_room;
	struct step_time times[19];
	size_t time_count;
	const char *detail; /* what the running step has to say when it is done, or NULL */

	struct build_patches patches;
	struct build_kernel kernel;
	struct build_tools tools;
	struct build_workspace workspace;
	struct build_changes changes;
	struct kbuild kbuild;
	struct build_plan plan;
	struct build_parents parents;
	struct build_proof proof;
	struct build_diff diff;
	struct build_model model;
	struct build_output output;
};

/* Records an input for the report. */
struct error *build_input(struct build *build, const char *role, const char *path) must_check;

/* All steps; whatever the outcome, nothing is left behind. */
struct error *build_run(const struct options *options, FILE *messages) must_check;

#endif
