// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the linked module. Out: the live-patch module. */
#include "finish.h"
#include "steps.h"

struct error *step_finish(struct build *build)
{
	const char *finished =
		text_printf(&build->text, "%s/finished.ko", build->workspace.scratch);
	struct finish_report report = { 0 };
	struct error *err = text_failed(&build->text);

	err = err ?: finish_module(build->output.linked, finished, &report);
	if (err)
		return err;
	build->output.linked = finished;
	build->detail = text_printf(&build->text, "%zu symbols to resolve at load", report.symbols);
	finish_report_release(&report);
	return NULL;
}
