// SPDX-License-Identifier: GPL-2.0-or-later
/* klp-diff: which functions and variables differ between two builds, and why. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "klp-diff.h"

struct arguments {
	const char *paths[2];
	unsigned int count, jobs;
	enum { PRINT_TABLE, PRINT_JSON, PRINT_DOT } print;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print the whole record", 0 },
	{ "dot", 'd', NULL, 0, "Print what uses what differs, for graphviz", 0 },
	{ "jobs", 'J', "N", 0, "Compare N pairs at once (one per CPU)", 0 },
	{ 0 },
};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	char *end;

	switch (key) {
	case 'j':
		arguments->print = PRINT_JSON;
		return 0;
	case 'd':
		arguments->print = PRINT_DOT;
		return 0;
	case 'J':
		arguments->jobs = (unsigned int)strtoul(value, &end, 10);
		if (*end || !arguments->jobs || arguments->jobs > 4096)
			argp_error(state, "--jobs wants a number from 1, not '%s'", value);
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->count == 2)
			argp_error(state, "too many arguments: %s", value);
		else
			arguments->paths[arguments->count++] = value;
		return 0;
	case ARGP_KEY_END:
		if (arguments->count < 2)
			argp_error(state, "too few arguments");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct error *print(const struct arguments *arguments, const json_t *objects)
{
	switch (arguments->print) {
	case PRINT_JSON:
		if (json_dumpf(objects, stdout, JSON_INDENT(1) | JSON_SORT_KEYS) < 0)
			return error_nomem();
		putchar('\n');
		break;
	case PRINT_DOT:
		print_dot(stdout, objects);
		break;
	default:
		print_table(stdout, objects);
	}
	return fflush(stdout) ? error_create(EXIT_ERROR, "cannot write the result") : NULL;
}

/* An object that could not be compared is an error, after all that could is printed. */
static struct error *find_error(const json_t *objects)
{
	const json_t *object;
	size_t i;

	json_array_foreach(objects, i, object) {
		const char *what = json_string_value(json_object_get(object, "error"));

		if (what)
			return error_create(EXIT_ERROR, "%s: %s",
					    json_string_value(json_object_get(object, "object")),
					    what);
	}
	return NULL;
}

static struct error *run(const struct arguments *arguments, enum exit_code *exit_ret)
{
	struct object_pairs pairs = { 0 };
	json_t *objects = NULL;
	bool images = is_image(arguments->paths[0]) && is_image(arguments->paths[1]);
	struct error *err = images ? images_compare(arguments->paths[0], arguments->paths[1],
						    &objects) :
				     pairs_find(arguments->paths[0], arguments->paths[1], &pairs);

	if (!err && !images)
		err = pairs_compare(&pairs, arguments->jobs, isatty(STDERR_FILENO) ? stderr : NULL,
				    &objects);
	if (!err)
		err = print(arguments, objects);
	if (!err)
		err = find_error(objects);
	if (!err && !json_array_size(objects))
		*exit_ret = EXIT_NOTHING;
	json_decref(objects);
	pairs_release(&pairs);
	return err;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.args_doc = "OLD NEW",
		.doc = "Say which functions and variables differ between two objects, two kernel "
		       "images or two build trees, and why.\vExit codes: 0 done, 1 error, 3 nothing differs, 64 "
		       "wrong usage.",
	};
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct arguments arguments = { .jobs = cpus > 0 ? (unsigned int)cpus : 1 };
	enum exit_code code = EXIT_DONE;
	struct error *err;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	err = run(&arguments, &code);
	if (err) {
		fprintf(stderr, "klp-diff: %s\n", err->message);
		code = err->exit;
		error_destroy(err);
	}
	return (int)code;
}
