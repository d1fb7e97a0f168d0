// SPDX-License-Identifier: GPL-2.0
/*
 * What a call costs: reading /proc/klpl_bench gives a thousandth of the ticks of a thousand calls of klpl_first(), with
 * interrupts off; under -icount these are instructions.
 */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/timex.h>

int klpl_first(void);

#define CALLS 1000

static int bench_show(struct seq_file *m, void *v)
{
	unsigned long flags;
	cycles_t start, ticks;

	local_irq_save(flags);
	start = get_cycles();
	for (int i = 0; i < CALLS; i++)
		klpl_first();
	ticks = get_cycles() - start;
	local_irq_restore(flags);
	seq_printf(m, "%llu\n", (u64)ticks);
	return 0;
}

static int __init bench_init(void)
{
	return proc_create_single("klpl_bench", 0444, NULL, bench_show) ? 0 : -ENOMEM;
}

static void __exit bench_exit(void)
{
	remove_proc_entry("klpl_bench", NULL);
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A caller whose calls are counted");
