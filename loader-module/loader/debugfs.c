// SPDX-License-Identifier: GPL-2.0
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "blockers.h"
#include "debugfs.h"
#include "transition.h"

static struct dentry *directory;

static void tell(void *data, const struct klpl_task *task)
{
	char name[KLPL_COMM_SIZE];

	seq_printf(data, "%d %s %s\n", task_pid_nr(task->task), klpl_comm(task->task, name),
		   READ_ONCE(task->blocker) ?: "-");
}

static int blockers_show(struct seq_file *file, void *unused)
{
	klpl_blockers_each(tell, file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(blockers);

struct listing {
	struct seq_file *file;
	bool by_task;
};

static bool tell_state(struct klpl_task *task, void *data)
{
	const struct listing *listing = data;
	char name[KLPL_COMM_SIZE];
	bool is_new = listing->by_task ? READ_ONCE(task->is_new) : klpl_redirect_flipped();

	seq_printf(listing->file, "%d %s %s\n", task_pid_nr(task->task), klpl_comm(task->task, name),
		   is_new ? "new" : "old");
	return false;
}

static int tasks_show(struct seq_file *file, void *unused)
{
	struct listing listing = { .file = file, .by_task = klpl_transition_is_by_task() };

	klpl_tasks_each(tell_state, &listing);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tasks);

void klpl_debugfs_init(void)
{
	directory = debugfs_create_dir("klp_loader", NULL);
	debugfs_create_file("blockers", 0400, directory, NULL, &blockers_fops);
	debugfs_create_file("tasks", 0400, directory, NULL, &tasks_fops);
}

void klpl_debugfs_exit(void)
{
	debugfs_remove(directory);
}
