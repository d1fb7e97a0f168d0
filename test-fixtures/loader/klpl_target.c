// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions that must never be seen mixed, and one that calls both. "CALLS SLEEP_MS" written to
 * /proc/klpl_target has the writer call that often, and sleep so long in between, without hearing signals when that is
 * negative; what was seen can be read: "old new mixed back late across".
 *
 *   mixed  one call saw two versions
 *   back   a task saw an older version than it had seen before in the same write
 *   late   an older version was seen by a call that began after somebody had seen a newer one
 *   across a task saw a newer version than it had seen before in the same write
 *
 * all of it since the last "reset".
 *
 * Other things to write: "recurse DEPTH SLEEP_MS", for a function that calls itself and sleeps at the end;
 * "tell", which has it say in the log what the two return; "gone", for a thread of the kernel that calls a function that
 * does not return; "nmi COUNT", for calls in NMIs; "others 1", for a thread of the kernel and a timer's interrupts that call
 * again and again, till "others 0"; "part", which sleeps in a piece that the compiler might have cut off; "linger WRITE_MS RELEASE_MS", which sleeps so long in the write, and so long again when
 * the file is let go of.
 */
#include <asm/apic.h>
#include <asm/nmi.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "klpl_sleep.h"

struct klpl_seen {
	int first, second;
};

int klpl_first(void);
int klpl_second(void);
void klpl_both(struct klpl_seen *seen, int sleep_ms);
int klpl_recurse(unsigned int depth, int sleep_ms);
void klpl_gone(struct completion *done);

noinline int klpl_first(void)
{
	barrier();
	return 1;
}
EXPORT_SYMBOL_GPL(klpl_first);

noinline int klpl_second(void)
{
	barrier();
	return 1;
}
EXPORT_SYMBOL_GPL(klpl_second);

noinline void klpl_both(struct klpl_seen *seen, int sleep_ms)
{
	seen->first = klpl_first();
	klpl_sleep(sleep_ms);
	seen->second = klpl_second();
}

/* As if the function before it had jumped there */
void klpl_part(void) asm("klpl_both.part.0");

noinline void klpl_part(void)
{
	/* or the compiler makes one of it and klpl_sleep_cold() */
	barrier();
	klpl_sleep_till_killed();
}

/* Each level counts for as much as its version; what is behind the call keeps it one. */
noinline int klpl_recurse(unsigned int depth, int sleep_ms)
{
	int below = 0;

	if (depth)
		below = klpl_recurse(depth - 1, sleep_ms);
	else
		klpl_sleep(sleep_ms);
	barrier();
	return below + 1;
}
EXPORT_SYMBOL_GPL(klpl_recurse);

noinline void klpl_gone(struct completion *done)
{
	kthread_complete_and_exit(done, 0);
}

static atomic_t old, new, mixed, back, late, across, newest = ATOMIC_INIT(1);
/* Odd in the middle of a reset */
static atomic_t resets;

/* One who calls, and what he has seen since the last reset */
struct caller {
	int last, newest_before, resets;
};

static void begin(struct caller *caller)
{
	int now = atomic_read(&resets);

	if (now != caller->resets)
		caller->last = 0;
	caller->resets = now;
	smp_mb();
	caller->newest_before = atomic_read(&newest);
	smp_mb();
}

static void count(const struct klpl_seen *seen, struct caller *caller)
{
	if (seen->first != seen->second) {
		atomic_inc(&mixed);
		return;
	}
	atomic_inc(seen->first == 1 ? &old : &new);
	/* to compare what was seen before a reset with what is seen after it is to compare nothing */
	if (caller->resets & 1 || caller->resets != atomic_read(&resets))
		return;
	if (seen->first < caller->last)
		atomic_inc(&back);
	if (caller->last && seen->first > caller->last)
		atomic_inc(&across);
	if (seen->first < caller->newest_before)
		atomic_inc(&late);
	caller->last = seen->first;
	/* lowered by "reset" only */
	if (seen->first > atomic_read(&newest))
		atomic_set(&newest, seen->first);
}

static void call(unsigned int calls, int sleep_ms)
{
	struct caller caller = { };

	while (calls--) {
		struct klpl_seen seen;

		begin(&caller);
		klpl_both(&seen, sleep_ms);
		count(&seen, &caller);
		if (signal_pending(current))
			break;
		/* else a grace period of those would wait until a tick meets it in user space */
		cond_resched_tasks_rcu_qs();
	}
}

/* Every level has to be of one version. */
static void recurse(unsigned int depth, int sleep_ms)
{
	int sum = klpl_recurse(depth, sleep_ms), levels = depth + 1;

	atomic_inc(sum % levels ? &mixed : sum == levels ? &old : &new);
}

static int leave_for_good(void *done)
{
	klpl_gone(done);
	return 0;
}

static int gone(void)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *task = kthread_run(leave_for_good, &done, "klpl_gone");

	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&done);
	return 0;
}

static atomic_t nmis_wanted;

static int in_nmi_call(unsigned int type, struct pt_regs *regs)
{
	struct caller caller = { };
	struct klpl_seen seen;

	if (atomic_dec_if_positive(&nmis_wanted) < 0)
		return NMI_DONE;
	begin(&caller);
	klpl_both(&seen, 0);
	count(&seen, &caller);
	return NMI_HANDLED;
}

static int nmi(unsigned int calls)
{
	int err = register_nmi_handler(NMI_LOCAL, in_nmi_call, 0, "klpl_target");

	if (err)
		return err;
	while (calls-- && !signal_pending(current)) {
		atomic_set(&nmis_wanted, 1);
		apic->send_IPI(raw_smp_processor_id(), NMI_VECTOR);
		while (atomic_read(&nmis_wanted) > 0 && !signal_pending(current))
			cond_resched();
	}
	unregister_nmi_handler(NMI_LOCAL, "klpl_target");
	return 0;
}

static struct task_struct *thread;
static struct hrtimer timer;
static atomic_t by_thread, by_interrupts;

/* What one of the kernel's threads has seen is not told of a write. */
static int call_as_thread(void *unused)
{
	while (!kthread_should_stop()) {
		struct caller caller = { };
		struct klpl_seen seen;

		begin(&caller);
		klpl_both(&seen, 1);
		count(&seen, &caller);
		atomic_inc(&by_thread);
		msleep(20);
	}
	return 0;
}

static enum hrtimer_restart call_in_interrupt(struct hrtimer *hrtimer)
{
	struct caller caller = { };
	struct klpl_seen seen;

	begin(&caller);
	klpl_both(&seen, 0);
	count(&seen, &caller);
	atomic_inc(&by_interrupts);
	hrtimer_forward_now(hrtimer, ms_to_ktime(3));
	return HRTIMER_RESTART;
}

static void stop_others(void)
{
	if (!thread)
		return;
	kthread_stop(thread);
	thread = NULL;
	hrtimer_cancel(&timer);
	pr_info("klpl_target: others called %d and %d times\n", atomic_read(&by_thread), atomic_read(&by_interrupts));
}

static int start_others(void)
{
	struct task_struct *started;

	if (thread)
		return -EBUSY;
	atomic_set(&by_thread, 0);
	atomic_set(&by_interrupts, 0);
	started = kthread_run(call_as_thread, NULL, "klpl_thread");
	if (IS_ERR(started))
		return PTR_ERR(started);
	thread = started;
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	timer.function = call_in_interrupt;
	hrtimer_start(&timer, ms_to_ktime(3), HRTIMER_MODE_REL_HARD);
	return 0;
}

static void reset(void)
{
	atomic_inc(&resets);
	smp_mb();
	atomic_set(&old, 0);
	atomic_set(&new, 0);
	atomic_set(&mixed, 0);
	atomic_set(&back, 0);
	atomic_set(&late, 0);
	atomic_set(&across, 0);
	atomic_set(&newest, 1);
	smp_mb();
	atomic_inc(&resets);
}

static int command(const char *text)
{
	unsigned int calls;
	int sleep_ms, err = 0;

	if (!strncmp(text, "reset", 5))
		reset();
	else if (!strncmp(text, "tell", 4))
		pr_info("klpl_target: %d and %d\n", klpl_first(), klpl_second());
	else if (!strncmp(text, "gone", 4))
		err = gone();
	else if (!strncmp(text, "others 1", 8))
		err = start_others();
	else if (!strncmp(text, "others 0", 8))
		stop_others();
	else if (!strncmp(text, "part", 4))
		klpl_part();
	else if (sscanf(text, "recurse %u %d", &calls, &sleep_ms) == 2)
		recurse(calls, sleep_ms);
	else if (sscanf(text, "nmi %u", &calls) == 1)
		err = nmi(calls);
	else if (sscanf(text, "%u %d", &calls, &sleep_ms) == 2)
		call(calls, sleep_ms);
	else
		err = -EINVAL;
	return err;
}

static const struct file *lingering;
static int lingering_ms;

static ssize_t target_write(struct file *file, const char __user *data, size_t size, loff_t *pos)
{
	char text[64];
	int write_ms;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = 0;
	if (sscanf(text, "linger %d %d", &write_ms, &lingering_ms) == 2) {
		lingering = file;
		klpl_sleep(write_ms);
		return size;
	}
	return command(text) ?: size;
}

static int target_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d %d %d %d %d %d\n", atomic_read(&old), atomic_read(&new), atomic_read(&mixed),
		   atomic_read(&back), atomic_read(&late), atomic_read(&across));
	return 0;
}

static int target_open(struct inode *inode, struct file *file)
{
	return single_open(file, target_show, NULL);
}

static int target_release(struct inode *inode, struct file *file)
{
	if (file == lingering) {
		lingering = NULL;
		klpl_sleep(lingering_ms);
	}
	return single_release(inode, file);
}

static const struct proc_ops target_ops = {
	.proc_open = target_open,
	.proc_read = seq_read,
	.proc_write = target_write,
	.proc_lseek = seq_lseek,
	.proc_release = target_release,
};

/* What the first call at all of a function said: a patch must be there before a module's init. */
static int at_init;
module_param(at_init, int, 0444);

/* The same of a call when its parameter is set, which is earlier still */
static int at_parameter;

static int set_at_parameter(const char *value, const struct kernel_param *param)
{
	at_parameter = klpl_first();
	return 0;
}

static const struct kernel_param_ops at_parameter_ops = {
	.set = set_at_parameter,
	.get = param_get_int,
};
module_param_cb(at_parameter, &at_parameter_ops, &at_parameter, 0444);

/* Has it fail when it has been entered already. */
static bool fail;
module_param(fail, bool, 0);

/* How long it takes */
static unsigned int init_ms;
module_param(init_ms, uint, 0);

static int __init target_init(void)
{
	at_init = klpl_first();
	msleep(init_ms);
	if (fail)
		return -EINVAL;
	return proc_create("klpl_target", 0666, NULL, &target_ops) ? 0 : -ENOMEM;
}

static void __exit target_exit(void)
{
	remove_proc_entry("klpl_target", NULL);
	stop_others();
}

module_init(target_init);
module_exit(target_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Functions to patch");
