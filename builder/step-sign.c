// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the finished module. Out: it bears a signature, if one was asked for. */
#include "config.h"
#include "sign.h"
#include "steps.h"

struct error *step_sign(struct build *build)
{
	const struct options *options = build->options;
	const char *hash = options->sign_hash;

	if (!options->sign_key) {
		build->detail = "not asked for";
		return NULL;
	}
	/* Unless told otherwise, as the kernel's own modules are. */
	if (!hash)
		hash = config_value(&build->text, build->kernel.config_data, "MODULE_SIG_HASH");
	build->detail = hash = hash ?: "sha256";
	return sign_module(build->output.linked, options->sign_key, options->sign_cert, hash);
}
