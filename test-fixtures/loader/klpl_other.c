// SPDX-License-Identifier: GPL-2.0
/* A second module to patch: "SLEEP_MS" written to /proc/klpl_other has the writer sleep in its function. */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

#include "klpl_sleep.h"

int klpl_other(int sleep_ms);

noinline int klpl_other(int sleep_ms)
{
	klpl_sleep(sleep_ms);
	return 1;
}

/* The last one's */
static int returned;
module_param(returned, int, 0444);

static ssize_t other_write(struct file *file, const char __user *data, size_t size, loff_t *pos)
{
	int sleep_ms, err = kstrtoint_from_user(data, size, 0, &sleep_ms);

	if (err)
		return err;
	returned = klpl_other(sleep_ms);
	return size;
}

static const struct proc_ops other_ops = {
	.proc_write = other_write,
};

static int __init other_init(void)
{
	return proc_create("klpl_other", 0222, NULL, &other_ops) ? 0 : -ENOMEM;
}

static void __exit other_exit(void)
{
	remove_proc_entry("klpl_other", NULL);
}

module_init(other_init);
module_exit(other_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A function to patch");
