/* SPDX-License-Identifier: GPL-2.0 */
/* How old and new code sleep: negative, without hearing signals. */
#include <linux/delay.h>

static __always_inline void klpl_sleep(int ms)
{
	if (ms > 0)
		msleep_interruptible(ms);
	else if (ms < 0)
		msleep(-ms);
}
