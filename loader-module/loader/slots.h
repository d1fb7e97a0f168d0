/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a redirected function's fentry call goes when ftrace calls it directly: a slot is a few instructions that
 * drop the return address into the function and go on at the slot's target, one word. The target is a version's
 * first instruction, or the slot's other half, which has klpl_slot_decide() say for each call where it goes on.
 */
#ifndef KLPL_SLOTS_H
#define KLPL_SLOTS_H

/* Each is in one line of the cache, with room for what mitigations add. */
#define KLPL_SLOT_SIZE 64
#define KLPL_SLOT_DECIDE 32
#define KLPL_SLOT_COUNT 1024

#ifndef __ASSEMBLY__
#include "stacks.h"

/* A slot for owner; -ENOSPC when all are taken. klpl_mutex is held for these. */
int klpl_slot_get(void *owner);
/* When nobody is in it any more: after a grace period of RCU-tasks since ftrace has left it. */
void klpl_slot_put(int slot);
/* What ftrace is to call. */
unsigned long klpl_slot_address(int slot);
/* Where it goes on from now on; 0: klpl_slot_decide() says. One store. */
void klpl_slot_aim(int slot, unsigned long target);

/* Of slots-code.S; its words are klpl_slot_aim()'s. */
extern const char klpl_slots[];
extern const unsigned long klpl_slots_size;
extern unsigned long klpl_slot_targets[KLPL_SLOT_COUNT];

/* For klpl_slot_decide(). */
void *klpl_slot_owner(int slot);
/*
 * Called in a slot's other half. Returns where the caller goes on. return_address is where the function, or what it
 * goes on in, will return to.
 */
unsigned long klpl_slot_decide(int slot, unsigned long *return_address);

/*
 * All that a task may be in that has been told where to go on, and is not there yet: it may be preempted there. On its
 * stack there is nothing else of it.
 */
int klpl_slots_add_ranges(struct klpl_ranges *ranges);
#endif

#endif
