// SPDX-License-Identifier: GPL-2.0-or-later
/* klp-build: from a source patch and a distribution's kernel to a live-patch module. */
#include <errno.h>
#include <stdio.h>

#include "build.h"
#include "options.h"

int main(int argc, char **argv)
{
	struct options options;
	struct error *err;
	int status;

	if (!options_parse(argc, argv, &options, &status)) {
		options_destroy(&options);
		return status;
	}
	err = build_run(&options, stderr);
	options_destroy(&options);
	if (!err)
		return EXIT_DONE;
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, err->message);
	status = err->exit;
	error_destroy(err);
	return status;
}
