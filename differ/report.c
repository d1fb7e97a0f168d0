// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints of the findings. */
#include <klpkit/report.h>

static void print_place(FILE *file, const struct finding *finding)
{
	if (finding->symbol)
		fprintf(file, " %s", finding->symbol);
	if (finding->file && finding->line)
		fprintf(file, " (%s:%u)", finding->file, finding->line);
}

static void print_finding(FILE *out, FILE *err, const char *object, const struct finding *finding,
			  enum report_detail detail)
{
	const char *kind = finding_kind_name(finding->kind);

	switch (finding->kind) {
	case FINDING_REFUSED:
	case FINDING_WARNING:
		fprintf(err, "%s: %s:", object, kind);
		print_place(err, finding);
		fprintf(err, "%s %s [%s]\n", finding->symbol ? ":" : "", finding->reason,
			finding->code);
		if (finding->detail)
			fputs(finding->detail, err);
		if (finding->advice)
			fprintf(err, "    %s\n", finding->advice);
		return;
	case FINDING_NOTE:
	case FINDING_HELD:
		fprintf(out, "%s: %s:", object, kind);
		print_place(out, finding);
		fprintf(out, "%s %s\n", finding->symbol ? ":" : "", finding->reason);
		if (finding->detail)
			fputs(finding->detail, out);
		return;
	case FINDING_FRESH_DATA:
	case FINDING_CARRIED_FUNC:
		if (detail == REPORT_USUAL)
			return;
		break;
	default:
		break;
	}
	fprintf(out, "%s: %s: %s", object, kind, finding->symbol ? finding->symbol : "");
	if (detail == REPORT_ALL) {
		if (finding->file && finding->line)
			fprintf(out, " (%s:%u%s%.0u)", finding->file, finding->line,
				finding->last_line ? "-" : "", finding->last_line);
		fprintf(out, ": %s", finding->reason);
	}
	fputc('\n', out);
}

void report_print(FILE *out, FILE *err, const char *object, const struct finding *findings,
		  size_t count, enum report_detail detail)
{
	size_t i;

	for (i = 0; i < count; i++)
		print_finding(out, err, object, &findings[i], detail);
}

static int set_string(json_t *object, const char *key, const char *value)
{
	return value ? json_object_set_new(object, key, json_string_nocheck(value)) : 0;
}

json_t *report_json(const struct finding *findings, size_t count)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; array && i < count; i++) {
		const struct finding *finding = &findings[i];
		json_t *object = json_object();
		int failed = set_string(object, "kind", finding_kind_name(finding->kind)) |
			     set_string(object, "code", finding->code) |
			     set_string(object, "symbol", finding->symbol) |
			     set_string(object, "section", finding->section) |
			     set_string(object, "file", finding->file) |
			     set_string(object, "reason", finding->reason) |
			     set_string(object, "advice", finding->advice) |
			     set_string(object, "detail", finding->detail);

		if (finding->line)
			failed |= json_object_set_new(object, "line", json_integer(finding->line));
		if (finding->last_line)
			failed |= json_object_set_new(object, "last_line",
						      json_integer(finding->last_line));
		if (failed || json_array_append_new(array, object)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}
