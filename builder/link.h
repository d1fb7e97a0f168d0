/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the differ's objects to one linked module, with the glue, by the kernel's own kbuild.
 * What comes out still has references that finish.h converts.
 */
#ifndef KLPKIT_LINK_H
#define KLPKIT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <klpkit/error.h>
#include "consistency.h"
#include "kbuild.h"
#include "options.h"

struct link_object {
	const void *data; /* an object as the differ emits it */
	size_t size;
};

/* Who has which build-id; one for vmlinux and one for each patched module. */
struct link_build_id {
	const char *object; /* "vmlinux" or a module's name */
	const uint8_t *id;
	size_t size;
};

struct link_input {
	const struct kbuild *kbuild; /* of a prepared tree */
	const char *work_dir; /* an existing directory of ours; spaces are fine */
	const char *name;     /* of the module */
	const struct link_object *objects; /* linked in this order */
	size_t object_count;
	const struct link_build_id *build_ids;
	size_t build_id_count;
	const char *model;	  /* of the loader backend; NULL: for the kernel's own live patching */
	struct consistency needs; /* of a model */
	const char *built_from;	  /* one line for people */
	bool at_once;		  /* that model switches all in one moment */
	bool replace;		  /* an atomic replace of all patches before it, or of these modules: */
	const struct option_list *replaced, *immediate, *states; /* as in options.h */
	const char *release;	  /* the version magic has to begin with it */
	const char *stock_module; /* a module of the target kernel to compare with, or NULL */
	const char *log;	  /* or NULL */
	const char *glue_cache;	  /* where compiled glue is kept for the next run, or NULL; made
				   * when it does not exist; what is in it names what it is of */
};

/*
 * *ko_path_ret is malloc'd: NAME.ko in work_dir, without debug information. A warning of objtool
 * or modpost that is not understood is an error, and so is a symbol that nobody would resolve.
 */
struct error *link_module(const struct link_input *in, char **ko_path_ret) must_check;

#endif
