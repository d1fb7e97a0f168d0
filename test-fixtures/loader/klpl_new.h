/* SPDX-License-Identifier: GPL-2.0 */
/* The functions of klpl_target.c in another VERSION. */
#include <linux/completion.h>
#include <linux/kthread.h>

#include "klpl_sleep.h"

struct klpl_seen {
	int first, second;
};

int klpl_first(void);
int klpl_second(void);

static noinline int new_first(void)
{
	barrier();
	return VERSION;
}

static noinline int new_second(void)
{
	barrier();
	return VERSION;
}

/* As the old one: redirected functions are called by their own names. */
static noinline void new_both(struct klpl_seen *seen, int sleep_ms)
{
	seen->first = klpl_first();
	klpl_sleep(sleep_ms);
	seen->second = klpl_second();
}

int klpl_recurse(unsigned int depth, int sleep_ms);

static noinline int new_recurse(unsigned int depth, int sleep_ms)
{
	int below = 0;

	if (depth)
		below = klpl_recurse(depth - 1, sleep_ms);
	else
		klpl_sleep(sleep_ms);
	barrier();
	return below + VERSION;
}

static noinline void new_gone(struct completion *done)
{
	kthread_complete_and_exit(done, 0);
}
