// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>

#include "count.h"
#include "returns.h"

/* Two for each call, and one when all have switched. */
static atomic_long_t word;
#define SWITCHED 1
#define CALL 2

static unsigned int max_inside = 1024;
module_param(max_inside, uint, 0644);
MODULE_PARM_DESC(max_inside, "How many returns the model refcount can wait for at once; more calls than that keep it busy");

static notrace void returned(void)
{
	atomic_long_sub(CALL, &word);
}

int klpl_count_start(void)
{
	atomic_long_set(&word, 0);
	return klpl_returns_start(max_inside, returned);
}

void klpl_count_end(void)
{
	klpl_returns_end();
}

notrace bool klpl_count_enter(unsigned long *return_address)
{
	long now = atomic_long_read(&word);

	do {
		if (now & SWITCHED)
			return true;
	} while (!atomic_long_try_cmpxchg(&word, &now, now + CALL));
	/* one that is not hooked is never taken off: busy, not zero */
	klpl_returns_hook(return_address);
	return false;
}

bool klpl_count_try_switch(void)
{
	return !atomic_long_cmpxchg(&word, 0, SWITCHED);
}

void klpl_count_switch(void)
{
	atomic_long_or(SWITCHED, &word);
}

unsigned long klpl_count_inside(void)
{
	return (unsigned long)atomic_long_read(&word) / CALL;
}
