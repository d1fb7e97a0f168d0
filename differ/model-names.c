// SPDX-License-Identifier: GPL-2.0-or-later
/* What a name says: of a symbol, of a section. One question a predicate. */
#include <ctype.h>
#include <string.h>

#include "model.h"

static bool starts_with(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

/* Is there a component of digits only from here: ".123" before '.' or the end? */
static size_t name_number_length(const char *name)
{
	size_t length = 1;

	if (name[0] != '.' || !isdigit((unsigned char)name[1]))
		return 0;
	while (isdigit((unsigned char)name[length]))
		length++;
	return name[length] == '.' || !name[length] ? length : 0;
}

void name_stem(const char *name, char *stem, size_t size)
{
	size_t used = 0;

	/* __UNIQUE_ID_ddebug417.2: a name and a counter of the whole file */
	if (starts_with(name, "__UNIQUE_ID_")) {
		size_t length = strcspn(name + 12, "0123456789.") + 12;

		if (length >= size)
			length = size - 1;
		memcpy(stem, name, length);
		stem[length] = '\0';
		return;
	}
	while (*name && used + 1 < size) {
		size_t number = name_number_length(name);

		if (number)
			name += number;
		else
			stem[used++] = *name++;
	}
	stem[used] = '\0';
}

bool name_is_static_local(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && dot != name && name_number_length(dot);
}

size_t name_cold_parent(const char *name)
{
	size_t length = strlen(name);

	if (length > 5 && !strcmp(name + length - 5, ".cold"))
		return length - 5;
	return 0;
}

/*
 * The names that a use makes for itself. A fresh one in the new function is right: a shared one
 * would tie a WARN_ONCE of the new code to whether the old one had fired, and these change
 * whenever a line above them does.
 */
static const struct {
	const char *stem;
	enum fresh fresh;
} fresh_names[] = {
	{ "__func__", FRESH_CONTENT },	 { "__FUNCTION__", FRESH_CONTENT },
	{ "__PRETTY_FUNCTION__", FRESH_CONTENT }, { "CSWTCH", FRESH_CONTENT },
	{ "__key", FRESH_STATE },	 { "__warned", FRESH_STATE },
	{ "__already_done", FRESH_STATE }, { "_rs", FRESH_STATE },
	{ "_entry", FRESH_RECORD },	 { "_entry_ptr", FRESH_RECORD },
	{ "descriptor", FRESH_RECORD },
	{ "__msg", FRESH_CONTENT }, /* NL_SET_ERR_MSG() */
	{ "___tp_str", FRESH_CONTENT }, /* tracepoint_string() */
};

/*
 * The macros make static locals. A variable of the file, one that is written to where the macro's
 * is constant, and one that is not among pr_debug's is only named like theirs, and has a value
 * that counts.
 */
static bool unit_may_be_fresh(const struct model *model, const struct unit *unit,
			      const char *stem, enum fresh fresh)
{
	if (!name_is_static_local(unit->name))
		return false;
	if (!strcmp(stem, "descriptor"))
		return !strcmp(unit_section(model, unit)->name, "__dyndbg");
	if (!strcmp(stem, "___tp_str"))
		return !strcmp(unit_section(model, unit)->name, "__tracepoint_str");
	return fresh == FRESH_STATE || model->classes[unit->section] != CLASS_DATA;
}

enum fresh unit_fresh(const struct model *model, const struct unit *unit)
{
	const char *section = unit_section(model, unit)->name;
	char stem[256];
	size_t i;

	if (unit->kind != UNIT_DATA || !unit->name)
		return FRESH_NO;
	if (!strcmp(section, ".data.once") || !strcmp(section, ".data..once"))
		return FRESH_STATE;
	/* pr_debug's descriptor, in 6.1 and later a __UNIQUE_ID_ddebug */
	if (starts_with(unit->name, "__UNIQUE_ID_"))
		return FRESH_RECORD;
	if (model->object->symbols[unit->symbol].bind != STB_LOCAL)
		return FRESH_NO;
	/* UBSAN's and ASAN's data are local labels; their names reach the table with some flags. */
	if (starts_with(unit->name, ".Lubsan_") || starts_with(unit->name, "__ubsan_"))
		return FRESH_RECORD;
	name_stem(unit->name, stem, sizeof(stem));
	for (i = 0; i < sizeof(fresh_names) / sizeof(*fresh_names); i++)
		if (!strcmp(stem, fresh_names[i].stem) &&
		    unit_may_be_fresh(model, unit, stem, fresh_names[i].fresh))
			return fresh_names[i].fresh;
	return FRESH_NO;
}

/* .meminit stays where memory can be hotplugged; where it does not, the symbol table tells. */
bool section_is_init(const char *name)
{
	return starts_with(name, ".init.") || starts_with(name, ".exit.") ||
	       starts_with(name, ".devinit.") || starts_with(name, ".head.text") ||
	       !strcmp(name, ".init") || !strcmp(name, ".con_initcall.init") ||
	       starts_with(name, ".initcall") || starts_with(name, ".exitcall") || starts_with(name, ".x86_cpu_dev.init");
}

bool section_is_noinstr(const char *name)
{
	static const char *const sections[] = { ".noinstr.text", ".entry.text", ".cpuidle.text" };
	size_t i;

	for (i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (starts_with(name, sections[i]))
			return true;
	return false;
}
