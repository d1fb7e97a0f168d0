/* SPDX-License-Identifier: GPL-2.0 */
/* To be told when a call returns, by the kernel's rethooks, which its unwinder understands. */
#ifndef KLPL_RETURNS_H
#define KLPL_RETURNS_H

#include <linux/types.h>

/* Up to so many calls at once. returned() is called with preemption disabled, from any context. Sleeps. */
int klpl_returns_start(unsigned int most, void (*returned)(void));
/* returned() is not called any more, also for calls that are still inside. Sleeps. */
void klpl_returns_end(void);

/* The call that will return by the address there, if that is known. False: there are too many, or it cannot be now. */
bool klpl_returns_hook(unsigned long *return_address);

#endif
