// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <string.h>

#include "consistency.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct consistency_model models[] = {
	{ "immediate", { LEAVE_FUNCTION, TOGETHER_FUNCTION }, false },
	{ "task", { LEAVE_SET, TOGETHER_THREAD }, false },
	{ "lazy", { LEAVE_KERNEL, TOGETHER_THREAD }, false },
	{ "refcount", { LEAVE_SET, TOGETHER_KERNEL }, false },
	{ "kernel", { LEAVE_SET, TOGETHER_KERNEL }, true },
	{ "quiesce", { LEAVE_KERNEL, TOGETHER_KERNEL }, true },
};

static const char *const texts[3][3] = {
	{ "function:function", "function:thread", "function:kernel" },
	{ "set:function", "set:thread", "set:kernel" },
	{ "kernel:function", "kernel:thread", "kernel:kernel" },
};

const struct consistency_model *consistency_find(const char *model)
{
	for (size_t i = 0; i < COUNT(models); i++)
		if (!strcmp(models[i].name, model))
			return &models[i];
	return NULL;
}

bool consistency_parse(const char *text, struct consistency *ret)
{
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t j = 0; j < COUNT(texts[i]); j++)
			if (!strcmp(texts[i][j], text)) {
				*ret = (struct consistency){ (enum leave)i, (enum together)j };
				return true;
			}
	return false;
}

const char *consistency_text(struct consistency consistency)
{
	return texts[consistency.leave][consistency.together];
}

bool consistency_meets(struct consistency gives, struct consistency needs)
{
	return gives.leave >= needs.leave && gives.together >= needs.together;
}

struct consistency consistency_both(struct consistency a, struct consistency b)
{
	return (struct consistency){
		.leave = a.leave > b.leave ? a.leave : b.leave,
		.together = a.together > b.together ? a.together : b.together,
	};
}
