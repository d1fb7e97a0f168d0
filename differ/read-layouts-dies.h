/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The types and functions of an object as its DIEs tell them: they refer to each other by their
 * offsets in .debug_info.
 */
#ifndef DIFFER_READ_LAYOUTS_DIES_H
#define DIFFER_READ_LAYOUTS_DIES_H

#include "read-dwarf.h"
#include "read-layouts.h"

#define NO_DIE UINT64_MAX

struct raw_member {
	struct type_member member;
	uint64_t type; /* DIE */
};

struct raw_type {
	uint64_t die, target;
	struct type type;
	struct {
		struct raw_member *items;
		size_t count, room;
	} members;
};

struct raw_use {
	uint64_t die;	 /* of the type; or of the function that is inlined */
	bool is_inlined;
	bool variable, parameter; /* parameter: of the function itself */
	const char *name;
};

/* A variable that a function declares as static. */
struct raw_local {
	const char *name;
	uint64_t type; /* DIE */
};

struct raw_user {
	uint64_t die, origin; /* the function that this is an instance of */
	uint64_t result;
	struct type_user user;
	struct {
		struct raw_use *items;
		size_t count, room;
	} uses;
};

struct reading {
	struct layouts *layouts;
	Dwarf_Debug debug;
	char **files;
	uint64_t file_count, file_base;
	struct {
		struct raw_type *items;
		size_t count, room;
	} types; /* by DIE, as they are read */
	struct {
		struct raw_user *items;
		size_t count, room;
	} users; /* likewise */
	struct {
		struct raw_local *items;
		size_t count, room;
	} locals;
	bool out_of_memory;
};

/* Of all units, into reading->types and reading->users. */
void reading_units(struct reading *reading);
void reading_end(struct reading *reading);

#endif
