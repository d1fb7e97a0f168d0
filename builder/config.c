// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel configuration, as text. */
#include <stdio.h>
#include <string.h>

#include "config.h"

/* Behind "CONFIG_NAME="; NULL when no line starts so. */
static const char *find_value(const char *config, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = config; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (starts_with(line, "CONFIG_") && !strncmp(line + 7, name, length) &&
		    line[7 + length] == '=')
			return line + 7 + length + 1;
	}
	return NULL;
}

const char *config_value(struct text *text, const char *config, const char *name)
{
	const char *value = find_value(config, name);
	size_t length;

	if (!value)
		return NULL;
	length = strcspn(value, "\r\n");
	if (length >= 2 && value[0] == '"' && value[length - 1] == '"')
		return text_slice(text, value + 1, length - 2);
	return text_slice(text, value, length);
}

bool config_enabled(const char *config, const char *name)
{
	const char *value = find_value(config, name);

	return value && *value == 'y';
}

const char *config_version(struct text *text, const char *config, const char **arch_ret)
{
	static const char start[] = "# Linux/", end[] = " Kernel Configuration";
	const char *line = strstr(config, start), *space, *stop;

	*arch_ret = NULL;
	if (!line)
		return NULL;
	line += strlen(start);
	space = line + strcspn(line, " \n");
	stop = strstr(line, end);
	if (*space != ' ' || !stop || stop < space || memchr(line, '\n', (size_t)(stop - line)))
		return NULL;
	*arch_ret = text_slice(text, line, (size_t)(space - line));
	return text_slice(text, space + 1, (size_t)(stop - space - 1));
}

const char *config_without_keys(struct text *text, const char *config)
{
	const char *value = find_value(config, "SYSTEM_TRUSTED_KEYS");

	if (!value)
		return config;
	return text_printf(text, "%.*s\"\"%s", (int)(value - config), config,
			   value + strcspn(value, "\n"));
}
