// SPDX-License-Identifier: GPL-2.0-or-later
/* klp-build's command line. */
#include <argp.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <klpkit/error.h>
#include "options.h"

#ifndef KLPKIT_VERSION
#define KLPKIT_VERSION "0.1"
#endif

enum {
	KEY_KERNEL = 256,
	KEY_SOURCE,
	KEY_CONFIG,
	KEY_VMLINUX,
	KEY_VMLINUZ,
	KEY_SYMVERS,
	KEY_MODULES,
	KEY_REPORT,
	KEY_BACKEND,
	KEY_MODEL,
	KEY_MINIMUM,
	KEY_NO_REPLACE,
	KEY_REPLACE_ONLY,
	KEY_IMMEDIATE,
	KEY_STATE,
	KEY_NO_CACHE,
	KEY_NO_PROOF,
	KEY_TOUCHED_ONLY,
	KEY_ALLOW_LAYOUT,
	KEY_DATA,
	KEY_KEEP,
	KEY_EXPLAIN,
	KEY_SIGN_KEY,
	KEY_SIGN_CERT,
	KEY_SIGN_HASH,
};

static const struct argp_option option_table[] = {
	{ NULL, 0, NULL, 0, "Which kernel:", 1 },
	{ "kernel", KEY_KERNEL, "RELEASE", 0,
	  "A distribution's kernel, as uname -r names it; its packages are found, or downloaded",
	  1 },
	{ "sourcedir", KEY_SOURCE, "DIR", 0, "Its source, which is never written to", 1 },
	{ "config", KEY_CONFIG, "FILE", 0, "Its configuration", 1 },
	{ "vmlinux", KEY_VMLINUX, "FILE", 0, "Its image", 1 },
	{ "vmlinuz", KEY_VMLINUZ, "FILE", 0, "Its image, as it is booted", 1 },
	{ "symvers", KEY_SYMVERS, "FILE", 0, "Its Module.symvers", 1 },
	{ "modules", KEY_MODULES, "DIR", 0, "Its modules (lib/modules/RELEASE)", 1 },
	{ NULL, 0, NULL, 0, "What is made:", 2 },
	{ "name", 'n', "NAME", 0, "The module's name (klp_ and the first patch's name)", 2 },
	{ "output", 'o', "DIR", 0, "Where the module goes (the current directory)", 2 },
	{ "report", KEY_REPORT, "FILE", 0, "Write inputs, steps and decisions as JSON", 2 },
	{ "backend", KEY_BACKEND, "NAME", 0, "livepatch (the kernel's own, the default), or loader (klp_loader.ko)", 2 },
	{ "model", KEY_MODEL, "NAME", 0, "The consistency model: task, or with the loader kernel, lazy, quiesce, refcount or immediate too", 2 },
	{ "minimum", KEY_MINIMUM, "LEAVE:TOGETHER", 0, "The least that a model must give, when that is more than what changes asks for", 2 },
	{ "no-replace", KEY_NO_REPLACE, NULL, 0, "Stack on earlier patches instead of replacing",
	  2 },
	{ "replace-only", KEY_REPLACE_ONLY, "MODULE", 0,
	  "Replace this patch of the loader's and no others; more than once", 2 },
	{ "immediate", KEY_IMMEDIATE, "FUNCTION", 0,
	  "The loader lets callers have this function at once, and nobody has to leave the old one; more than once", 2 },
	{ "state", KEY_STATE, "ID:VERSION", 0,
	  "What the patch makes of data, for those after it to know; more than once", 2 },
	{ "allow-layout", KEY_ALLOW_LAYOUT, "TYPE", 0,
	  "Accept that this structure, union or enum is laid out otherwise; more than once", 2 },
	{ "data", KEY_DATA, "apply|refuse", 0,
	  "Put changed initial contents into the live variables, where that is safe (refuse)", 2 },
	{ "sign-key", KEY_SIGN_KEY, "FILE|URI", 0, "Sign with this key (PEM, or pkcs11:)", 2 },
	{ "sign-cert", KEY_SIGN_CERT, "FILE", 0, "The key's certificate", 2 },
	{ "sign-hash", KEY_SIGN_HASH, "HASH", 0,
	  "The digest to sign with (the kernel's own: sha256)", 2 },
	{ NULL, 0, NULL, 0, "How:", 3 },
	{ "jobs", 'j', "N", 0, "Compile N files at once (one per CPU)", 3 },
	{ "no-cache", KEY_NO_CACHE, NULL, 0, "Prepare the kernel anew; downloads are kept", 3 },
	{ "touched-only", KEY_TOUCHED_ONLY, NULL, 0,
	  "Take only the sources that the patches touch, not others that see a changed header", 3 },
	{ "no-proof", KEY_NO_PROOF, NULL, 0,
	  "Do not prove that the originals are what runs, and that the module is right", 3 },
	{ "keep", KEY_KEEP, NULL, 0, "Keep the objects and logs beside the module", 3 },
	{ "explain", KEY_EXPLAIN, NULL, 0, "Print every decision and its reason", 3 },
	{ "help", '?', NULL, 0, "Print this list", -1 },
	{ "usage", 'U', NULL, 0, "Print a short usage message", -1 },
	{ "version", 'V', NULL, 0, "Print the version", -1 },
	{ 0 },
};

static const char options_doc[] =
	"Build a live patch for a Linux kernel out of source patches.\v"
	"The kernel is named by --kernel, or by --sourcedir, --config, --vmlinux (or --vmlinuz) "
	"and "
	"--symvers. Exit codes: 0 done, 1 error, 2 the change cannot be live patched safely, 3 no "
	"functional change, 64 wrong usage.";

/* argp's convention, with its ways to exit turned off: 0 goes on, ECANCELED ends well. */
static error_t printf_like(2, 3) usage_error(struct argp_state *state, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\nTry '%s --help' for more information.\n", program_invocation_short_name);
	return EINVAL;
}

static error_t parse_jobs(struct argp_state *state, const char *arg, unsigned int *ret)
{
	char *end;
	unsigned long value = strtoul(arg, &end, 10);

	if (!isdigit((unsigned char)*arg) || *end || !value || value > 4096)
		return usage_error(state, "-j wants a number from 1, not '%s'", arg);
	*ret = (unsigned int)value;
	return 0;
}

static error_t parse_backend(struct argp_state *state, const char *arg, struct options *options)
{
	options->loader = !strcmp(arg, "loader");
	if (options->loader || !strcmp(arg, "livepatch"))
		return 0;
	return usage_error(state, "there is no backend '%s'; livepatch and loader are", arg);
}

static error_t parse_model(struct argp_state *state, const char *arg, struct options *options)
{
	if (!consistency_find(arg))
		return usage_error(state, "there is no model '%s'; immediate, kernel, lazy, quiesce, refcount and task are",
				   arg);
	options->model = arg;
	return 0;
}

static error_t parse_minimum(struct argp_state *state, const char *arg, struct options *options)
{
	if (consistency_parse(arg, &options->minimum))
		return 0;
	return usage_error(state, "--minimum is what must be left (function, set, kernel) and what switches together "
				  "(function, thread, kernel), as set:thread, not '%s'",
			   arg);
}

static error_t parse_state(struct argp_state *state, const char *arg, struct option_list *list)
{
	unsigned long long id, version;
	char *end = NULL, *last = NULL;

	id = isdigit((unsigned char)*arg) ? strtoull(arg, &end, 0) : 0;
	version = end && *end == ':' && isdigit((unsigned char)end[1]) ? strtoull(end + 1, &last, 0) : 0;
	if (!last || *last || !id || id == ULLONG_MAX || version > UINT_MAX)
		return usage_error(state, "--state is two numbers, ID:VERSION, the first not 0, not '%s'", arg);
	list->items[list->count++] = arg;
	return 0;
}

/* What only the loader can do */
static error_t check_loader_only(struct argp_state *state, const struct options *options)
{
	if (options->loader)
		return 0;
	if (options->immediate.count)
		return usage_error(state, "the kernel's own live patching has no %s: --backend loader does",
				   "--immediate");
	if (options->replaced.count)
		return usage_error(state, "the kernel's own live patching replaces all or nothing: %s is for "
				   "--backend loader",
				   "--replace-only");
	return 0;
}

/* The kernel's own has one model. */
static error_t check_backend(struct argp_state *state, struct options *options)
{
	if (!options->loader) {
		if (options->model && strcmp(options->model, "task"))
			return usage_error(state, "the kernel's own live patching has the model task only: "
						  "--backend loader has %s",
					   options->model);
		return 0;
	}
	if (!options->model)
		options->model = "task";
	options->at_once = consistency_find(options->model)->at_once;
	return 0;
}

static error_t parse_name(struct argp_state *state, const char *arg)
{
	/* MODULE_NAME_LEN is 64 - sizeof(unsigned long) in both target kernels. */
	if (!*arg ||
	    strspn(arg, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
		    strlen(arg))
		return usage_error(state, "'%s' is no module name: letters, digits and _ are", arg);
	if (strlen(arg) > 55)
		return usage_error(state, "the module name %s is longer than 55 letters", arg);
	return 0;
}

static error_t check_options(struct argp_state *state, const struct options *options)
{
	if (!options->patch_count)
		return usage_error(state, "which %s? Name one or several", "patch");
	if (options->kernel) {
		const char *both = options->source	  ? "--sourcedir" :
				   options->config	  ? "--config" :
				   options->vmlinux	  ? "--vmlinux" :
				   options->vmlinuz	  ? "--vmlinuz" :
				   options->symvers	  ? "--symvers" :
				   options->modules	  ? "--modules" :
							    NULL;

		return both ? usage_error(state, "--kernel finds everything, %s cannot be added",
					  both) :
			      0;
	}
	if (!options->source)
		return usage_error(state, "which kernel? Name it with %s or --sourcedir",
				   "--kernel");
	if (!options->config)
		return usage_error(state, "--sourcedir needs %s, too", "--config");
	if (!options->vmlinux && !options->vmlinuz)
		return usage_error(state, "--sourcedir needs %s or --vmlinuz, too", "--vmlinux");
	if (options->vmlinux && options->vmlinuz)
		return usage_error(state, "%s and --vmlinuz are two images; name one", "--vmlinux");
	if (!options->symvers)
		return usage_error(state, "--sourcedir needs %s, too", "--symvers");
	return 0;
}

static error_t check_signing(struct argp_state *state, const struct options *options)
{
	if (!options->sign_key != !options->sign_cert)
		return usage_error(state, "%s belong together", "--sign-key and --sign-cert");
	if (options->sign_hash && !options->sign_key)
		return usage_error(state, "--sign-hash needs %s", "--sign-key and --sign-cert");
	return 0;
}

static error_t parse_path(int key, const char *arg, struct options *options)
{
	const char **place = key == KEY_KERNEL	  ? &options->kernel :
			     key == KEY_SOURCE	  ? &options->source :
			     key == KEY_CONFIG	  ? &options->config :
			     key == KEY_VMLINUX	  ? &options->vmlinux :
			     key == KEY_VMLINUZ	  ? &options->vmlinuz :
			     key == KEY_SYMVERS	  ? &options->symvers :
			     key == KEY_MODULES	  ? &options->modules :
			     key == KEY_REPORT	  ? &options->report :
			     key == KEY_SIGN_KEY  ? &options->sign_key :
			     key == KEY_SIGN_CERT ? &options->sign_cert :
			     key == KEY_SIGN_HASH ? &options->sign_hash :
			     key == 'o'		  ? &options->output :
						    NULL;

	if (!place)
		return ARGP_ERR_UNKNOWN;
	*place = arg;
	return 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	error_t failed;

	switch (key) {
	case 'n':
		options->name = arg;
		return parse_name(state, arg);
	case 'j':
		return parse_jobs(state, arg, &options->jobs);
	case KEY_BACKEND:
		return parse_backend(state, arg, options);
	case KEY_MODEL:
		return parse_model(state, arg, options);
	case KEY_MINIMUM:
		return parse_minimum(state, arg, options);
	case KEY_NO_REPLACE:
		options->no_replace = true;
		return 0;
	case KEY_TOUCHED_ONLY:
		options->touched_only = true;
		return 0;
	case KEY_REPLACE_ONLY:
		options->replaced.items[options->replaced.count++] = arg;
		return parse_name(state, arg);
	case KEY_IMMEDIATE:
		options->immediate.items[options->immediate.count++] = arg;
		return 0;
	case KEY_STATE:
		return parse_state(state, arg, &options->states);
	case KEY_ALLOW_LAYOUT:
		options->allowed.items[options->allowed.count++] = arg;
		return 0;
	case KEY_DATA:
		options->apply_data = !strcmp(arg, "apply");
		if (!options->apply_data && strcmp(arg, "refuse"))
			return usage_error(state, "--data is apply or refuse, not '%s'", arg);
		return 0;
	case KEY_NO_PROOF:
		options->no_proof = true;
		return 0;
	case KEY_NO_CACHE:
		options->no_cache = true;
		return 0;
	case KEY_KEEP:
		options->keep = true;
		return 0;
	case KEY_EXPLAIN:
		options->explain = true;
		return 0;
	case '?':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK);
		return ECANCELED;
	case 'U':
		argp_state_help(state, stdout, ARGP_HELP_USAGE);
		return ECANCELED;
	case 'V':
		printf("klp-build (klpkit) %s\n", KLPKIT_VERSION);
		return ECANCELED;
	case ARGP_KEY_ARGS:
		options->patches = state->argv + state->next;
		options->patch_count = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_END:
		failed = check_options(state, options);
		if (!failed)
			failed = check_backend(state, options);
		if (!failed)
			failed = check_loader_only(state, options);
		return failed ? failed : check_signing(state, options);
	default:
		return parse_path(key, arg, options);
	}
}

static const struct argp option_parser = {
	.options = option_table,
	.parser = parse_option,
	.args_doc = "PATCH...",
	.doc = options_doc,
};

bool options_parse(int argc, char **argv, struct options *ret, int *status_ret)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct options options = {
		.output = ".",
		.sign_hash = NULL,
		.jobs = cpus > 0 ? (unsigned int)cpus : 1,
	};
	error_t failed;
	bool memory;

	options.allowed.items = calloc((size_t)argc + 1, sizeof(*options.allowed.items));
	options.immediate.items = calloc((size_t)argc + 1, sizeof(*options.immediate.items));
	options.replaced.items = calloc((size_t)argc + 1, sizeof(*options.replaced.items));
	options.states.items = calloc((size_t)argc + 1, sizeof(*options.states.items));
	memory = options.allowed.items && options.immediate.items && options.replaced.items && options.states.items;
	failed = memory ? argp_parse(&option_parser, argc, argv,
					      ARGP_NO_EXIT | ARGP_NO_HELP, NULL, &options) :
				   ENOMEM;
	*ret = options;
	if (failed)
		*status_ret = failed == ECANCELED ? EXIT_DONE :
			      failed == ENOMEM	  ? EXIT_ERROR :
						    EXIT_USAGE;
	return !failed;
}

void options_destroy(struct options *options)
{
	free(options->allowed.items);
	free(options->immediate.items);
	free(options->replaced.items);
	free(options->states.items);
	memset(options, 0, sizeof(*options));
}
