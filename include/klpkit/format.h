/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The section format between the differ, the builder and the loader side of a patch module.
 * Version 1. Read by user space and by the kernel: no includes beyond <linux/types.h>.
 *
 * The differ emits one relocatable object per patched pair. Its relocations are ordinary ones.
 * A symbol it refers to and does not define is one of
 *
 *   NAME                              an export of vmlinux, or a global that another object of
 *                                     the same patch defines
 *   .klp.ref.OWNER.OBJ.NAME,POS       a symbol NAME of the object OBJ ("vmlinux" or a module)
 *                                     that is resolved when the patch is loaded. OWNER is the
 *                                     patched object whose code refers to it: its arrival is
 *                                     the moment of the relocation. POS is 0 for a name that
 *                                     is unique in OBJ, else 1, 2, ... in OBJ's order.
 *
 * Some names have to stay plain until the module is linked because objtool goes by name
 * (__SCT__*, __SCK__*, functions that do not return): these are listed in KLPKIT_SEC_REFS.
 *
 * The finish step turns every relocation against such a symbol into the kernel's live-patch
 * form: symbol .klp.sym.OBJ.NAME,POS with st_shndx SHN_LIVEPATCH, relocation in
 * .klp.rela.OWNER.SECTION (Documentation/livepatch/module-elf-format.rst).
 */
#ifndef KLPKIT_FORMAT_H
#define KLPKIT_FORMAT_H

#include <linux/types.h>

#define KLPKIT_FORMAT_VERSION 1

#define KLPKIT_REF_PREFIX ".klp.ref."

/* Sections that stay in the module (SHF_ALLOC); the glue reads them between the start and stop
 * symbols that klpkit.lds gives to each: __start_klpkit_funcs and so on. Every pointer field is
 * an R_X86_64_64 relocation. */
#define KLPKIT_SEC_FUNCS ".klpkit.funcs"
#define KLPKIT_SEC_HELD ".klpkit.held"
#define KLPKIT_SEC_CHECKS ".klpkit.checks"
#define KLPKIT_SEC_CALLBACKS ".klpkit.callbacks"
#define KLPKIT_SEC_DATA ".klpkit.data"
#define KLPKIT_SEC_STRINGS ".klpkit.strings"
/*
 * A struct static_key of the glue's that is never on: for the jump labels of tracepoints that belong
 * to a module, which the patch's code does not fire.
 */
#define KLPKIT_NEVER "klpkit_never"
/* A function of the glue's that authors may call: see klpkit/patch.h. */
#define KLPKIT_STATE_BEFORE "klpkit_state_before"
/*
 * Of klp_loader.ko. Where the kernel has no CONFIG_LIVEPATCH a patch refers to it, so that it is not loaded without the
 * loader, which has to apply its relocations before anything reads its code.
 */
#define KLPKIT_LOADER_SYMBOL "klpl_patch_load"
/* The finish step reads and removes it: never loaded. */
#define KLPKIT_SEC_REFS ".klpkit.refs"

/* What an author's macros leave in the patched object; the differ turns these into the above. */
#define KLPKIT_SEC_AUTHOR_CALLBACKS ".klpkit.author.callbacks"
#define KLPKIT_SEC_AUTHOR_DRAINS ".klpkit.author.drains"

/* One replaced function. */
struct klpkit_func {
	__u64 name;	/* const char *: the name in the patched object's symbol table */
	__u64 object;	/* const char *: "vmlinux" or a module's name */
	__u64 new_func; /* void *: its entry (after the call padding) */
	__u64 old_size;	/* bytes of the function that is replaced */
	__u32 sympos;	/* as POS above */
	__u32 flags;	/* 0 */
};

/*
 * A carried function that no stack check looks for once it runs (its address was stored, or it
 * was reached by a sibling call; the loader looks for all of the patch's code, so for its patches only the
 * former). Without a drain the patch is permanent.
 */
struct klpkit_held {
	__u64 name;   /* const char * */
	__u64 object; /* const char * */
	__u64 reason; /* const char *, one line */
	__u64 drain;  /* void (*)(void), or 0: after it returns, nobody is or gets inside */
};

/*
 * A function of the original that is not redirected, and that a task must not be in to use new code: its
 * callers are replaced, and one of them had reached it by a sibling call, which left no trace of the
 * caller. Only for the loader backend; the kernel's own live patching has no place for it.
 */
struct klpkit_check {
	__u64 name;	/* const char * */
	__u64 object;	/* const char * */
	__u64 old_size; /* bytes */
	__u32 sympos;	/* as POS above */
	__u32 flags;	/* 0 */
};

enum klpkit_callback_kind {
	KLPKIT_PRE_PATCH = 0,	 /* int (*)(struct klp_object *) */
	KLPKIT_POST_PATCH = 1,	 /* void (*)(struct klp_object *) */
	KLPKIT_PRE_UNPATCH = 2,	 /* void (*)(struct klp_object *) */
	KLPKIT_POST_UNPATCH = 3, /* void (*)(struct klp_object *) */
	KLPKIT_APPLY = 4,	 /* int (*)(struct klp_object *): while everything is stopped */
	KLPKIT_UNAPPLY = 5,	 /* int (*)(struct klp_object *): likewise */
	KLPKIT_SWITCH = 6,	 /* void (*)(bool): whether all tasks run the new code */
};

struct klpkit_callback {
	__u64 object; /* const char * */
	__u64 func;   /* the function */
	__u32 kind;   /* enum klpkit_callback_kind */
	__u32 pad;
};

/*
 * One word of a live variable whose initial contents changed (--data=apply). It is put in when all
 * tasks run new code, and taken back before the first one leaves it; or, with a model that switches all
 * at once, in the moment of the switch. A patch whose words do not hold their old contents is not enabled.
 */
struct klpkit_data {
	__u64 object; /* const char * */
	__u64 name;   /* const char *: the variable's */
	__u64 where;  /* the word's address, a multiple of size */
	__u64 old;    /* what it held: a number, or a relocation */
	__u64 new;    /* what it becomes: likewise */
	__u32 size;   /* 1, 2, 4 or 8 bytes */
	__u32 offset; /* of the word in the variable */
};

/* A symbol that kept its plain name for objtool's sake. */
struct klpkit_ref {
	__u64 symbol; /* relocation against the undefined symbol */
	__u64 name;   /* relocation to its KLPKIT_REF_PREFIX name in KLPKIT_SEC_STRINGS */
};

/* The author's records. */
struct klpkit_author_callback {
	__u64 func;
	__u32 kind;
	__u32 pad;
};

struct klpkit_author_drain {
	__u64 func;  /* the held function */
	__u64 drain; /* void (*)(void) */
};

_Static_assert(sizeof(struct klpkit_func) == 40, "format version 1");
_Static_assert(sizeof(struct klpkit_held) == 32, "format version 1");
_Static_assert(sizeof(struct klpkit_check) == 32, "format version 1");
_Static_assert(sizeof(struct klpkit_callback) == 24, "format version 1");
_Static_assert(sizeof(struct klpkit_data) == 48, "format version 1");
_Static_assert(sizeof(struct klpkit_ref) == 16, "format version 1");
_Static_assert(sizeof(struct klpkit_author_callback) == 16, "format version 1");
_Static_assert(sizeof(struct klpkit_author_drain) == 16, "format version 1");

#endif
