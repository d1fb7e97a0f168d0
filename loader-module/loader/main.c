// SPDX-License-Identifier: GPL-2.0
/* klp_loader.ko: patches of the running kernel, by the consistency model that each asks for. */
#include <linux/module.h>

#include "anchor.h"
#include "arrivals.h"
#include "births.h"
#include "bpf.h"
#include "debugfs.h"
#include "exit-path.h"
#include "finalize.h"
#include "relocs.h"
#include "shadow.h"
#include "symbols.h"
#include "sysfs.h"
#include "tasks.h"
#include "transition.h"

module_param_named(deadline_ms, klpl_deadline_ms, uint, 0644);
MODULE_PARM_DESC(deadline_ms, "How long a transition may take before it is reversed, unless the patch says so");

static int __init loader_init(void)
{
	int err;

	if (!klpl_symbols_init())
		return -EOPNOTSUPP;
	err = klpl_exit_path_init();
	if (err)
		return err;
	err = klpl_transition_init();
	if (err)
		goto no_transition;
	err = klpl_births_init();
	if (err)
		goto no_births;
	err = klpl_relocs_init();
	if (err)
		goto no_relocs;
	err = klpl_finalize_init();
	if (err)
		goto no_finalize;
	err = klpl_sysfs_init();
	if (err)
		goto no_sysfs;
	err = klpl_arrivals_init();
	if (err)
		goto no_arrivals;
	klpl_anchor_init();
	klpl_bpf_init();
	klpl_debugfs_init();
	return 0;
no_arrivals:
	klpl_sysfs_exit();
no_sysfs:
	klpl_finalize_exit();
no_finalize:
	klpl_relocs_exit();
no_relocs:
	klpl_births_exit();
no_births:
	klpl_transition_exit();
no_transition:
	klpl_exit_path_exit();
	return err;
}

/* Patch modules use what is exported: there is none any more. */
static void __exit loader_exit(void)
{
	klpl_debugfs_exit();
	klpl_bpf_exit();
	klpl_anchor_exit();
	klpl_arrivals_exit();
	klpl_sysfs_exit();
	klpl_finalize_exit();
	klpl_relocs_exit();
	klpl_births_exit();
	klpl_transition_exit();
	klpl_tasks_exit();
	klpl_exit_path_exit();
	klpl_shadow_exit();
}

module_init(loader_init);
module_exit(loader_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Live patches by a chosen consistency model");
