/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types of an object and who uses them, from DWARF. */
#ifndef DIFFER_READ_LAYOUTS_H
#define DIFFER_READ_LAYOUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

#define TYPE_NONE UINT32_MAX /* void */
#define ELEMENTS_OPEN UINT64_MAX

enum type_kind {
	TYPE_OTHER,
	TYPE_BASE,
	TYPE_POINTER,
	TYPE_ALIAS, /* typedef, const, volatile, ... */
	TYPE_STRUCT,
	TYPE_UNION,
	TYPE_ENUM,
	TYPE_ARRAY,
	TYPE_FUNCTION,
};

/* A member of a structure or union, a parameter of a function's type, a value of an enum. */
struct type_member {
	const char *name; /* NULL: an anonymous structure or union, a parameter */
	uint64_t bit;	  /* from the structure's start */
	uint64_t bits;	  /* of a bit field, else 0 */
	int64_t value;	  /* of an enum */
	uint32_t type;
};

struct type {
	enum type_kind kind;
	const char *name; /* the tag, or the name of a typedef of what has no tag; or NULL */
	const char *file; /* where it is declared, or NULL */
	unsigned int line;
	bool anonymous;	  /* the name is a typedef's */
	bool constant;	  /* an alias that says const */
	bool declaration; /* its members are not known here */
	uint64_t size;	  /* bytes */
	uint64_t elements; /* of an array; ELEMENTS_OPEN: no bound */
	uint32_t encoding; /* DW_ATE_*, of TYPE_BASE */
	uint32_t target;   /* of a pointer, alias, array or function: type, or TYPE_NONE */
	struct type_member *members;
	size_t member_count;
};

/* A type that a function has a variable or parameter of, returns, or that its inlined code has. */
struct type_use {
	uint32_t type;
	bool variable; /* a variable of its own, so on the stack when it is no pointer */
	const char *name;    /* of the variable or parameter, or NULL */
	const char *inlined; /* the inlined function whose it is, or NULL */
};

struct type_user {
	const char *name; /* the function's, or the variable's outside of functions */
	bool function;
	bool defined; /* else only declared */
	const char *file;
	unsigned int line;
	uint32_t result; /* type: what a function returns, what a variable is */
	struct type_member *parameters; /* a function's own: only their types */
	size_t parameter_count;
	struct type_use *uses; /* one of each type, and of a variable of it */
	size_t use_count;
};

/* A variable that a function declares as static. */
struct type_local {
	const char *name; /* in the source */
	uint32_t type;
};

struct layouts {
	struct arena arena;
	const char *unit_file; /* the source that was compiled (the first one), or NULL */
	struct {
		struct type *items;
		size_t count, room;
	} types;
	struct {
		struct type_user *items; /* by name */
		size_t count, room;
	} users;
	struct {
		struct type_local *items;
		size_t count, room;
	} locals;
	bool known; /* there was debug information */
	bool broken; /* some of it could not be read */
};

/* The file's debug information. The caller's to destroy. */
struct error *layouts_read(const char *object_path, struct layouts **ret) must_check;
void layouts_destroy(struct layouts *layouts);

/* The first user of this name that is defined here, else declared; a clone's without its suffix. */
const struct type_user *layouts_user(const struct layouts *layouts, const char *name);

/*
 * What a variable is of: one outside of functions, or by a name with the compiler's number (NAME.12) one that a
 * function declares as static. TYPE_NONE: it is not known, or several of that name are of different types.
 */
uint32_t layouts_variable(const struct layouts *layouts, const char *name);

/* Without typedefs and qualifiers. */
uint32_t type_bare(const struct layouts *layouts, uint32_t type);
/* What it points to, is an array of or another name for, down to what is none of that. */
uint32_t type_pointee(const struct layouts *layouts, uint32_t type);
/* Does any structure or union have one by value? */
bool type_is_inside(const struct layouts *layouts, uint32_t type);
/* As the source would have it: "struct list_head *", "char[16]". Truncated to size. */
void type_spell(const struct layouts *layouts, uint32_t type, char *text, size_t size);

static inline const struct type *type_get(const struct layouts *layouts, uint32_t type)
{
	return type == TYPE_NONE ? NULL : &layouts->types.items[type];
}

static inline bool type_is_composite(const struct type *type)
{
	return type && (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION);
}

#endif
