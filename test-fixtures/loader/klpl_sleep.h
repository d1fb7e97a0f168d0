/* SPDX-License-Identifier: GPL-2.0 */
/* How old and new code sleep: negative, without hearing signals; -1, until it is killed. */
#include <linux/delay.h>
#include <linux/sched/signal.h>

static __always_inline void klpl_sleep(int ms)
{
	if (ms > 0)
		msleep_interruptible(ms);
	else if (ms == -1)
		while (!fatal_signal_pending(current))
			schedule_timeout_killable(MAX_SCHEDULE_TIMEOUT);
	else if (ms < 0)
		msleep(-ms);
}
