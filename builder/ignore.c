// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the texts of .gitignore files, from the top down. Out: whether a path is generated. */
#include <fnmatch.h>
#include <string.h>

#include "ignore.h"

enum rule_kind {
	RULE_LITERAL,
	RULE_SUFFIX, /* "*.o": the pattern is kept without its star */
	RULE_GLOB,
	RULE_DEEP, /* with "**", which crosses directories */
};

struct rule {
	const char *pattern;
	size_t length;
	enum rule_kind kind;
	bool negated, only_dirs;
	bool anchored; /* matches the whole path below the directory, else the last component */
};

struct ignore {
	const struct ignore *parent;
	size_t prefix; /* of a path, up to what is below this directory */
	struct rule *items;
	size_t count, room;
};

static enum rule_kind rule_kind(const char *pattern)
{
	if (strstr(pattern, "**"))
		return RULE_DEEP;
	if (!strpbrk(pattern, "*?[\\"))
		return RULE_LITERAL;
	if (pattern[0] == '*' && !strpbrk(pattern + 1, "*?[\\/"))
		return RULE_SUFFIX;
	return RULE_GLOB;
}

static void add_rule(struct text *text, struct ignore *ignore, const char *line, size_t length)
{
	struct rule rule = { 0 };
	struct rule *place;

	while (length && strchr(" \t\r", line[length - 1]) &&
	       !(length > 1 && line[length - 2] == '\\'))
		length--;
	if (!length || *line == '#')
		return;
	if (*line == '!') {
		rule.negated = true;
		line++;
		length--;
	}
	if (length && line[length - 1] == '/') {
		rule.only_dirs = true;
		length--;
	}
	if (!length)
		return;
	rule.anchored = memchr(line, '/', length) != NULL;
	if (*line == '/') {
		line++;
		length--;
	}
	rule.pattern = text_slice(text, line, length);
	rule.kind = rule_kind(rule.pattern);
	if (rule.kind == RULE_SUFFIX)
		rule.pattern++;
	rule.length = strlen(rule.pattern);
	place = array_add(ignore);
	if (place)
		*place = rule;
	else
		text->failed = true;
}

const struct ignore *ignore_create(struct text *text, const struct ignore *parent,
				   const char *path, const char *rules)
{
	struct ignore *ignore;
	struct rule *kept;

	if (!rules || !*rules)
		return parent;
	ignore = arena_alloc(&text->arena, sizeof(*ignore));
	if (!ignore) {
		text->failed = true;
		return NULL;
	}
	ignore->parent = parent;
	ignore->prefix = *path ? strlen(path) + 1 : 0;
	while (*rules) {
		size_t length = strcspn(rules, "\n");

		add_rule(text, ignore, rules, length);
		rules += length + (rules[length] == '\n');
	}
	/* The rules live as long as the text. */
	kept = arena_alloc(&text->arena, ignore->count * sizeof(*kept) + 1);
	if (kept && ignore->count)
		memcpy(kept, ignore->items, ignore->count * sizeof(*kept));
	else if (!kept)
		text->failed = true;
	free(ignore->items);
	ignore->items = kept;
	ignore->count = kept ? ignore->count : 0;
	return ignore;
}

/* Component by component; "**" stands for any number of them. */
static bool match_deep(const char *pattern, const char *path)
{
	size_t length = strcspn(pattern, "/"), name = strcspn(path, "/");
	char part[256], subject[256];

	if (length == 2 && !strncmp(pattern, "**", 2)) {
		if (!pattern[2])
			return *path;
		if (match_deep(pattern + 3, path))
			return true;
		return path[name] && match_deep(pattern, path + name + 1);
	}
	if (length >= sizeof(part) || name >= sizeof(subject))
		return false;
	memcpy(part, pattern, length);
	part[length] = '\0';
	memcpy(subject, path, name);
	subject[name] = '\0';
	if (fnmatch(part, subject, 0) || !pattern[length] != !path[name])
		return false;
	return !pattern[length] || match_deep(pattern + length + 1, path + name + 1);
}

static bool match_rule(const struct rule *rule, const char *path, const char *name, size_t length)
{
	const char *subject = rule->anchored ? path : name;

	switch (rule->kind) {
	case RULE_LITERAL:
		return !strcmp(rule->pattern, subject);
	case RULE_SUFFIX:
		return !rule->anchored && length >= rule->length &&
		       !memcmp(name + length - rule->length, rule->pattern, rule->length);
	case RULE_GLOB:
		return !fnmatch(rule->pattern, subject, FNM_PATHNAME);
	case RULE_DEEP:
		return match_deep(rule->pattern, path);
	}
	return false;
}

bool ignore_match(const struct ignore *ignore, const char *path, bool is_dir)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t length = strlen(name);

	/* The deepest file, and in it the last rule, has the say. */
	for (; ignore; ignore = ignore->parent) {
		for (size_t i = ignore->count; i--;) {
			const struct rule *rule = &ignore->items[i];

			if (rule->only_dirs && !is_dir)
				continue;
			if (match_rule(rule, path + ignore->prefix, name, length))
				return !rule->negated;
		}
	}
	return false;
}

bool ignore_always(const char *path, bool is_dir)
{
	static const char *const suffixes[] = { ".o", ".a", ".ko", ".mod", ".mod.c", ".cmd", ".d" };
	static const char *const files[] = { ".config", "Module.symvers", "modules.order",
					     "vmlinux", "System.map", "modules.builtin" };
	static const char *const dirs[] = { "include/config", "include/generated", ".git",
					    "arch/x86/include/generated" };
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (is_dir) {
		for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
			if (!strcmp(path, dirs[i]))
				return true;
		return false;
	}
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (ends_with(name, suffixes[i]))
			return true;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (!strcmp(name, files[i]))
			return true;
	return false;
}
