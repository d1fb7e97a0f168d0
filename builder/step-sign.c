// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the finished module. Out: it bears a signature, if one was asked for. */
#include "sign.h"
#include "steps.h"

struct error *step_sign(struct build *build)
{
	const struct options *options = build->options;

	if (!options->sign_key) {
		build->detail = "not asked for";
		return NULL;
	}
	build->detail = options->sign_hash;
	return sign_module(build->output.linked, options->sign_key, options->sign_cert,
			   options->sign_hash);
}
