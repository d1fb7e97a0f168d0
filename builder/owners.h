/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who owns an object: kbuild's own makefiles are asked, directory by directory from the top, as
 * kbuild itself descends (Documentation/kbuild/makefiles.rst). What the flags of a directory are
 * is told on the way, so that one object can be compiled without make's whole start-up.
 */
#ifndef KLPKIT_OWNERS_H
#define KLPKIT_OWNERS_H

#include <stdbool.h>
#include <stddef.h>

#include <klpkit/error.h>
#include "kbuild.h"
#include "text.h"

/* What the makefile of one directory says. */
struct owner_dir {
	const char *path;      /* "." for the top */
	bool builtin, modular; /* is descended into for the one, for the other */
	const char *cflags, *aflags; /* KBUILD_CFLAGS, KBUILD_AFLAGS for what is below it */
	const char *own_flags;	     /* all that goes into the directory's own commands */
	struct list real_y, real_m, lib;
	struct list subdirs;	     /* with their path from the top */
	struct list multi;	     /* a module and its objects: "a/m.o a/x.o a/y.o" */
	const struct owner_dir *above;
};

struct owners {
	const struct kbuild *kbuild;
	const char *makefile; /* the one that asks */
	struct text text;
	struct owner_dir **items;
	size_t count, room;
};

struct owner {
	const struct owner_dir *dir; /* whose makefile has it; NULL: nobody builds it */
	const char *module;	     /* NULL: vmlinux; else the modules's path without .ko */
	bool shared;		     /* it is linked into several modules */
};

/* state is a directory of ours without blanks in its path. */
struct error *owners_create(const struct kbuild *kbuild, const char *state,
			    struct owners *ret) must_check;
void owners_destroy(struct owners *owners);

/* object: "mm/mlock.o". Lives as long as the owners. */
struct error *owners_find(struct owners *owners, const char *object, struct owner *ret) must_check;
/* What the makefile of a directory says; *ret is NULL when kbuild does not descend there. */
struct error *owners_directory(struct owners *owners, const char *path,
			       const struct owner_dir **ret) must_check;

#endif
