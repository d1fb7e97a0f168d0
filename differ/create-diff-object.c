// SPDX-License-Identifier: GPL-2.0-or-later
/* create-diff-object: what changed between two builds of one object, as an object. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include <klpkit/diff.h>
#include <klpkit/file.h>
#include <klpkit/report.h>

enum { ARG_ORIG, ARG_PATCHED, ARG_PARENT, ARG_SYMTAB, ARG_SYMVERS, ARG_PATCH, ARG_OUT, ARG_COUNT };

struct arguments {
	const char *positional[ARG_COUNT];
	const char *json, *vmlinux;
	const char **allowed; /* as many as there are arguments */
	size_t allowed_count;
	unsigned int count;
	bool explain, layouts, apply_data, for_loader, at_once;
};

enum { KEY_ALLOW_LAYOUT = 256, KEY_DATA, KEY_BACKEND, KEY_AT_ONCE };

static const struct argp_option options[] = {
	{ "json", 'j', "FILE", 0, "Write every finding to FILE", 0 },
	{ "vmlinux", 'v', "FILE", 0, "The kernel's symbols, when the parent is a module", 0 },
	{ "explain", 'e', NULL, 0, "Say of everything carried why", 0 },
	{ "layout", 'l', NULL, 0,
	  "Refuse when a type that the functions touch is laid out otherwise (as klp-build does)",
	  0 },
	{ "allow-layout", KEY_ALLOW_LAYOUT, "TYPE", 0,
	  "Likewise, but for this structure, union or enum; more than once", 0 },
	{ "data", KEY_DATA, "apply|refuse", 0,
	  "Put changed initial contents into the live variables, where that is safe", 0 },
	{ "backend", KEY_BACKEND, "NAME", 0, "What the patch is for: livepatch (the default) or loader", 0 },
	{ "at-once", KEY_AT_ONCE, NULL, 0,
	  "And for a model of the loader that switches everything in one moment (kernel, quiesce)", 0 },
	{ 0 },
};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'j':
		arguments->json = value;
		return 0;
	case 'v':
		arguments->vmlinux = value;
		return 0;
	case 'e':
		arguments->explain = true;
		return 0;
	case KEY_ALLOW_LAYOUT:
		arguments->allowed[arguments->allowed_count++] = value;
		/* fall through */
	case 'l':
		arguments->layouts = true;
		return 0;
	case KEY_DATA:
		if (strcmp(value, "apply") && strcmp(value, "refuse"))
			argp_error(state, "--data is apply or refuse, not '%s'", value);
		arguments->apply_data = !strcmp(value, "apply");
		return 0;
	case KEY_BACKEND:
		if (strcmp(value, "livepatch") && strcmp(value, "loader"))
			argp_error(state, "--backend is livepatch or loader, not '%s'", value);
		arguments->for_loader = !strcmp(value, "loader");
		return 0;
	case KEY_AT_ONCE:
		arguments->at_once = true;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->count == ARG_COUNT)
			argp_error(state, "too many arguments: %s", value);
		else
			arguments->positional[arguments->count++] = value;
		return 0;
	case ARGP_KEY_END:
		if (arguments->at_once && !arguments->for_loader)
			argp_error(state, "--at-once needs --backend loader: livepatch has no such model");
		if (arguments->count < ARG_COUNT)
			argp_error(state, "too few arguments");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct error *write_json(const struct arguments *arguments, const struct diff_result *result)
{
	static const char *const outcomes[] = { "changed", "unchanged", "refused" };
	size_t count;
	const struct finding *findings = diff_findings(result, &count);
	json_t *array = report_json(findings, count), *root;
	struct error *err;
	char *text = NULL;

	root = array ? json_pack("{s:s, s:s, s:s, s:o}", "object",
				 arguments->positional[ARG_ORIG], "parent",
				 arguments->positional[ARG_PARENT], "outcome",
				 outcomes[diff_outcome(result)], "findings", array) :
		       NULL;
	if (root)
		text = json_dumps(root, JSON_INDENT(1) | JSON_SORT_KEYS);
	err = text ? file_write(arguments->json, text, strlen(text), 0666) : error_nomem();
	free(text);
	json_decref(root);
	return err;
}

static struct error *report(const struct arguments *arguments, const struct diff_result *result)
{
	size_t count, size;
	const struct finding *findings = diff_findings(result, &count);
	const void *object;
	struct error *err = NULL;

	report_print(stdout, stderr, arguments->positional[ARG_ORIG], findings, count,
		     arguments->explain ? REPORT_ALL : REPORT_USUAL);
	if (diff_outcome(result) == DIFF_UNCHANGED)
		printf("%s: no functional change\n", arguments->positional[ARG_ORIG]);
	if (arguments->json)
		err = write_json(arguments, result);
	if (err || diff_outcome(result) != DIFF_CHANGED)
		return err;
	object = diff_object(result, &size);
	return file_write(arguments->positional[ARG_OUT], object, size, 0666);
}

struct inputs {
	struct symtab *parent, *vmlinux;
	struct image *image, *vmlinux_image;
	struct symvers *symvers;
};

static struct error *open_inputs(const struct arguments *arguments, struct inputs *inputs)
{
	struct error *err;

	err = symvers_open_cached(arguments->positional[ARG_SYMVERS], &inputs->symvers);
	if (!err)
		err = symtab_open_cached(arguments->positional[ARG_SYMTAB], &inputs->parent,
				  &inputs->image);
	if (!err && arguments->vmlinux)
		err = symtab_open_cached(arguments->vmlinux, &inputs->vmlinux, &inputs->vmlinux_image);
	return err;
}

static void close_inputs(struct inputs *inputs)
{
	symtab_destroy(inputs->parent);
	symtab_destroy(inputs->vmlinux);
	image_destroy(inputs->image);
	image_destroy(inputs->vmlinux_image);
	symvers_destroy(inputs->symvers);
}

static struct error *run(const struct arguments *arguments, enum exit_code *exit_ret)
{
	static const enum exit_code exits[] = { EXIT_DONE, EXIT_NOTHING, EXIT_REFUSED };
	struct inputs inputs = { 0 };
	struct diff_result *result = NULL;
	struct error *err = open_inputs(arguments, &inputs);

	if (!err) {
		struct diff_input input = {
			.orig_path = arguments->positional[ARG_ORIG],
			.patched_path = arguments->positional[ARG_PATCHED],
			.parent_name = arguments->positional[ARG_PARENT],
			.parent = inputs.parent,
			.image = inputs.image,
			.vmlinux = inputs.vmlinux,
			.vmlinux_image = inputs.vmlinux_image,
			.symvers = inputs.symvers,
			.layouts = arguments->layouts,
			.apply_data = arguments->apply_data,
			.for_loader = arguments->for_loader,
			.at_once = arguments->at_once,
			.allowed = arguments->allowed,
			.allowed_count = arguments->allowed_count,
			.all_places = arguments->json || arguments->explain,
		};

		err = diff_run(&input, &result);
	}
	if (!err)
		err = report(arguments, result);
	if (!err)
		*exit_ret = exits[diff_outcome(result)];
	diff_result_destroy(result);
	close_inputs(&inputs);
	return err;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.args_doc = "ORIG.o PATCHED.o PARENT-NAME PARENT-SYMTAB MODULE.SYMVERS PATCH-NAME OUT.o",
		.doc = "Find what changed between two builds of one object, and write an object that "
		       "carries it.\vPARENT-SYMTAB is an ELF file (vmlinux, a module, a debug file), "
		       "a vmlinuz, a System.map, or the text of readelf -s --wide. MODULE.SYMVERS may "
		       "be /dev/null.\n\nExit codes: 0 done, 1 error, 2 refused, 3 no functional "
		       "change, 64 wrong usage.",
	};
	struct arguments arguments = { 0 };
	enum exit_code code = EXIT_DONE;
	struct error *err;

	argp_err_exit_status = EXIT_USAGE;
	arguments.allowed = calloc((size_t)argc + 1, sizeof(*arguments.allowed));
	if (!arguments.allowed) {
		err = error_nomem();
	} else {
		argp_parse(&argp, argc, argv, 0, NULL, &arguments);
		err = run(&arguments, &code);
	}
	free(arguments.allowed);
	if (err) {
		fprintf(stderr, "create-diff-object: %s\n", err->message);
		code = err->exit;
		error_destroy(err);
	}
	return (int)code;
}
