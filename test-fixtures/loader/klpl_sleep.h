/* SPDX-License-Identifier: GPL-2.0 */
/* How old and new code sleep: negative, without hearing signals; -1, until it is killed; -2, the same in a cold piece. */
#include <linux/delay.h>
#include <linux/sched/signal.h>

static __always_inline void klpl_sleep_till_killed(void)
{
	while (!fatal_signal_pending(current))
		schedule_timeout_killable(MAX_SCHEDULE_TIMEOUT);
}

/* __cold is nothing where functions are aligned */
static noinline __attribute__((__cold__)) void klpl_sleep_cold(void)
{
	klpl_sleep_till_killed();
}

static __always_inline void klpl_sleep(int ms)
{
	if (ms > 0)
		msleep_interruptible(ms);
	else if (ms == -1)
		klpl_sleep_till_killed();
	else if (ms == -2)
		klpl_sleep_cold();
	else if (ms < 0)
		msleep(-ms);
}
