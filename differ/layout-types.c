// SPDX-License-Identifier: GPL-2.0-or-later
/* Types by themselves: what they stand for, and how the source writes them. */
#include <stdio.h>
#include <string.h>

#include "read-layouts.h"

/* Deeper than any declaration; broken debug information can go in circles. */
#define DEPTH_LIMIT 32

uint32_t type_bare(const struct layouts *layouts, uint32_t type)
{
	for (int depth = 0; depth < DEPTH_LIMIT; depth++) {
		const struct type *found = type_get(layouts, type);

		if (!found || found->kind != TYPE_ALIAS)
			return type;
		type = found->target;
	}
	return TYPE_NONE;
}

uint32_t type_pointee(const struct layouts *layouts, uint32_t type)
{
	for (int depth = 0; depth < DEPTH_LIMIT; depth++) {
		const struct type *found = type_get(layouts, type);

		if (!found || (found->kind != TYPE_ALIAS && found->kind != TYPE_POINTER &&
			       found->kind != TYPE_ARRAY))
			return type;
		type = found->target;
	}
	return TYPE_NONE;
}

bool type_is_inside(const struct layouts *layouts, uint32_t number)
{
	for (size_t i = 0; i < layouts->types.count; i++) {
		const struct type *type = &layouts->types.items[i];

		for (size_t j = 0; type_is_composite(type) && j < type->member_count; j++) {
			uint32_t member = type_bare(layouts, type->members[j].type);
			const struct type *array = type_get(layouts, member);

			for (int depth = 0; depth < DEPTH_LIMIT && array && array->kind == TYPE_ARRAY; depth++) {
				member = type_bare(layouts, array->target);
				array = type_get(layouts, member);
			}
			if (member == number)
				return true;
		}
	}
	return false;
}

static void spell(const struct layouts *layouts, uint32_t number, char *text, size_t size, int depth)
{
	const struct type *type = type_get(layouts, number);
	char inner[160];

	if (!type || depth > DEPTH_LIMIT) {
		snprintf(text, size, "void");
		return;
	}
	switch (type->kind) {
	case TYPE_STRUCT:
	case TYPE_UNION:
	case TYPE_ENUM:
		snprintf(text, size, "%s%s",
			 type->anonymous ? "" : type->kind == TYPE_STRUCT ? "struct " :
			 type->kind == TYPE_UNION ? "union " : "enum ",
			 type->name ?: "{...}");
		break;
	case TYPE_ALIAS:
		if (type->name)
			snprintf(text, size, "%s", type->name);
		else
			spell(layouts, type->target, text, size, depth + 1);
		break;
	case TYPE_POINTER:
		spell(layouts, type->target, inner, sizeof(inner), depth + 1);
		snprintf(text, size, "%s%s", inner,
			 inner[0] && inner[strlen(inner) - 1] == '*' ? "*" : " *");
		break;
	case TYPE_ARRAY:
		spell(layouts, type->target, inner, sizeof(inner), depth + 1);
		if (type->elements == ELEMENTS_OPEN)
			snprintf(text, size, "%s[]", inner);
		else
			snprintf(text, size, "%s[%llu]", inner, (unsigned long long)type->elements);
		break;
	case TYPE_FUNCTION:
		spell(layouts, type->target, inner, sizeof(inner), depth + 1);
		snprintf(text, size, "%s (...)", inner);
		break;
	default:
		snprintf(text, size, "%s", type->name ?: "?");
	}
}

void type_spell(const struct layouts *layouts, uint32_t type, char *text, size_t size)
{
	spell(layouts, type, text, size, 0);
}
