// SPDX-License-Identifier: GPL-2.0
#include "transition.h"

/*
 * Counts the beginnings, reversals and ends. It is under the lock together with the tasks' states, so
 * that what a task found out about itself is not put down in another transition, or for the other
 * direction.
 */
static DEFINE_RAW_SPINLOCK(round_lock);
static unsigned int round;

void klpl_transition_next_round(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&round_lock, flags);
	WRITE_ONCE(round, round + 1);
	raw_spin_unlock_irqrestore(&round_lock, flags);
}

unsigned int klpl_transition_round(void)
{
	/* what is read of the transition after this is of this round, or a later one */
	return smp_load_acquire(&round);
}

void klpl_transition_move(struct klpl_task *task, unsigned int seen)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&round_lock, flags);
	if (round == seen) {
		WRITE_ONCE(task->is_new, klpl_transition.to);
		WRITE_ONCE(task->blocker, NULL);
	}
	raw_spin_unlock_irqrestore(&round_lock, flags);
}
