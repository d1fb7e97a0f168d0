// SPDX-License-Identifier: GPL-2.0-or-later
/* Two of the prints of klp-diff's record; the third is the record itself. */
#include <string.h>

#include "klp-diff.h"

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static void place_of(const json_t *change, char *buffer, size_t size)
{
	json_int_t line = json_integer_value(json_object_get(change, "line"));

	if (line && *text(change, "file"))
		snprintf(buffer, size, "%s:%lld", text(change, "file"), (long long)line);
	else
		snprintf(buffer, size, "-");
}

static void print_object(FILE *out, const json_t *object)
{
	const json_t *changes = json_object_get(object, "changes"), *change;
	int name = 0, place = 0;
	char buffer[512];
	size_t i;

	fprintf(out, "%s\n", text(object, "object"));
	if (*text(object, "only"))
		fprintf(out, "  only in the %s one\n", text(object, "only"));
	if (*text(object, "error"))
		fprintf(out, "  error: %s\n", text(object, "error"));
	json_array_foreach(changes, i, change) {
		place_of(change, buffer, sizeof(buffer));
		name = (int)strlen(text(change, "name")) > name ? (int)strlen(text(change, "name")) :
								  name;
		place = (int)strlen(buffer) > place ? (int)strlen(buffer) : place;
	}
	json_array_foreach(changes, i, change) {
		place_of(change, buffer, sizeof(buffer));
		fprintf(out, "  %-8s%-9s %-*s  %-*s  %s\n", text(change, "what"),
			text(change, "kind"), name, text(change, "name"), place, buffer,
			text(change, "why"));
	}
}

void print_table(FILE *out, const json_t *objects)
{
	const json_t *object;
	size_t i;

	json_array_foreach(objects, i, object)
		print_object(out, object);
}

/* As a string of the DOT language. */
static void print_quoted(FILE *out, const char *object, const char *name)
{
	fputc('"', out);
	for (const char *part = object; *part; part++)
		fprintf(out, *part == '"' || *part == '\\' ? "\\%c" : "%c", *part);
	fputc(':', out);
	for (; *name; name++)
		fprintf(out, *name == '"' || *name == '\\' ? "\\%c" : "%c", *name);
	fputc('"', out);
}

static void dot_object(FILE *out, const json_t *object, size_t number)
{
	static const struct {
		const char *what, *colour;
	} colours[] = { { "changed", "orange" }, { "new", "palegreen" }, { "gone", "lightgrey" } };
	const json_t *item;
	size_t i;

	fprintf(out, "\tsubgraph cluster_%zu {\n\t\tlabel=\"%s\";\n", number,
		text(object, "object"));
	json_array_foreach(json_object_get(object, "changes"), i, item) {
		fprintf(out, "\t\t");
		print_quoted(out, text(object, "object"), text(item, "name"));
		fprintf(out, " [label=\"%s\", style=filled", text(item, "name"));
		for (size_t n = 0; n < sizeof(colours) / sizeof(*colours); n++)
			if (!strcmp(text(item, "what"), colours[n].what))
				fprintf(out, ", fillcolor=%s", colours[n].colour);
		fprintf(out, "%s];\n", strcmp(text(item, "kind"), "data") ? "" : ", shape=box");
	}
	json_array_foreach(json_object_get(object, "edges"), i, item) {
		fprintf(out, "\t\t");
		print_quoted(out, text(object, "object"), text(item, "from"));
		fprintf(out, " [label=\"%s\"];\n\t\t", text(item, "from"));
		print_quoted(out, text(object, "object"), text(item, "to"));
		fprintf(out, " [label=\"%s\"];\n\t\t", text(item, "to"));
		print_quoted(out, text(object, "object"), text(item, "from"));
		fprintf(out, " -> ");
		print_quoted(out, text(object, "object"), text(item, "to"));
		fprintf(out, " [label=\"%s\"];\n", text(item, "use"));
	}
	fprintf(out, "\t}\n");
}

void print_dot(FILE *out, const json_t *objects)
{
	const json_t *object;
	size_t i;

	fprintf(out, "digraph changes {\n\trankdir=LR;\n");
	json_array_foreach(objects, i, object)
		dot_object(out, object, i);
	fprintf(out, "}\n");
}
