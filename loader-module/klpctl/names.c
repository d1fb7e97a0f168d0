// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>

#include "names.h"

static void tell(const char *command, struct error *err)
{
	if (err)
		fprintf(stderr, "klpctl %s: %s\n", command, err->message);
	error_destroy(err);
}

struct error *for_each_name(const char *command, char **names, struct error *(*fn)(const char *name, void *data),
			    void *data)
{
	struct error *nothing = NULL, *err = NULL;
	bool done = false;

	for (; *names && !err; names++) {
		err = fn(*names, data);
		done |= !err;
		if (!err || err->exit != EXIT_NOTHING)
			continue;
		tell(command, nothing);
		nothing = err;
		err = NULL;
	}
	if (!err && !done)
		return nothing;
	tell(command, nothing);
	return err;
}
