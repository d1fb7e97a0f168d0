// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <string.h>

#include "proof-names.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Behind ".123", when a dot or the end follows; else where it is. */
static const char *skip_number(const char *name)
{
	const char *at = name;

	if (*at != '.' || !is_digit(at[1]))
		return name;
	for (at++; is_digit(*at);)
		at++;
	return *at == '.' || !*at ? at : name;
}

/* Without the numbers at its end: of "__UNIQUE_ID_ddebug381.2" up to "ddebug". */
static size_t stem_length(const char *name)
{
	size_t length = strlen(name);

	while (is_digit(name[length - 1]))
		length--;
	if (name[length - 1] == '.' && name[length])
		for (length--; is_digit(name[length - 1]);)
			length--;
	return length;
}

/* "__UNIQUE_ID_name123": the number is of the compile. */
static bool unique_ids(const char *a, const char *b)
{
	static const char *const prefixes[] = { "__UNIQUE_ID_", "__BTF_ID__" };
	size_t length_a, length_b, i;

	for (i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (!strncmp(a, prefixes[i], strlen(prefixes[i])))
			break;
	if (i == sizeof(prefixes) / sizeof(*prefixes))
		return false;
	length_a = stem_length(a);
	length_b = stem_length(b);
	return length_a == length_b && !memcmp(a, b, length_a);
}

bool proof_names_same(const char *a, const char *b)
{
	if (unique_ids(a, b))
		return true;
	for (;;) {
		const char *x = skip_number(a), *y = skip_number(b);

		if ((x == a) != (y == b))
			return false;
		a = x;
		b = y;
		if (*a != *b)
			return false;
		if (!*a)
			return true;
		a++;
		b++;
	}
}

bool proof_name_is_fresh(const char *name)
{
	static const char *const names[] = {
		"__key", "__warned", "__already_done", "__func__", "__FUNCTION__",
		"__PRETTY_FUNCTION__", "_rs", "CSWTCH", "_entry", "_entry_ptr", "descriptor",
		"__already_warned", "___warned", "__msg", "___tp_str",
	};
	static const char *const starts[] = { "__UNIQUE_ID_", ".L", "__compound_literal",
					      "__bpf_trace_", "C.", "__flags" };
	size_t length = strlen(name);

	while (length && is_digit(name[length - 1]))
		length--;
	if (length && name[length - 1] == '.')
		length--;
	else
		length = strlen(name);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == length && !strncmp(name, names[i], length))
			return true;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (!strncmp(name, starts[i], strlen(starts[i])))
			return true;
	return false;
}
