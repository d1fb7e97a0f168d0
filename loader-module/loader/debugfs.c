// SPDX-License-Identifier: GPL-2.0
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "debugfs.h"
#include "transition.h"

static struct dentry *directory;

static void tell(void *data, const struct klpl_task *task)
{
	seq_printf(data, "%d %s %s\n", task_pid_nr(task->task), task->task->comm, READ_ONCE(task->blocker) ?: "-");
}

static int blockers_show(struct seq_file *file, void *unused)
{
	klpl_transition_blockers(tell, file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(blockers);

void klpl_debugfs_init(void)
{
	directory = debugfs_create_dir("klp_loader", NULL);
	debugfs_create_file("blockers", 0400, directory, NULL, &blockers_fops);
}

void klpl_debugfs_exit(void)
{
	debugfs_remove(directory);
}
