// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the finished module. Out: the proof that it is what the patched objects are. */
#include "steps.h"

struct error *step_prove(struct build *build)
{
	const struct proof_summary *summary;
	struct error *err;
	size_t count;

	build->detail = "not asked for";
	if (!build->proof.proof)
		return NULL;
	err = proof_module(build->proof.proof, build->output.linked);
	if (err)
		return err;
	proof_complaints(build->proof.proof, &count);
	if (count)
		return proof_failed(build, "the module is not what it should be, which is a fault "
					   "of klpkit's; it is not written:");
	summary = proof_summary(build->proof.proof);
	build->proof.complete = true;
	build->detail = text_printf(&build->text, "%zu pieces, %zu references, %zu entries",
				    summary->carried, summary->references, summary->entries);
	return NULL;
}
