// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>
#include <linux/errno.h>

#include "slots.h"
#include "symbols.h"

static void *owners[KLPL_SLOT_COUNT];
unsigned long klpl_slot_targets[KLPL_SLOT_COUNT];

int klpl_slot_get(void *owner)
{
	for (int slot = 0; slot < KLPL_SLOT_COUNT; slot++) {
		if (owners[slot])
			continue;
		WRITE_ONCE(owners[slot], owner);
		return slot;
	}
	return -ENOSPC;
}

void klpl_slot_put(int slot)
{
	WRITE_ONCE(owners[slot], NULL);
}

unsigned long klpl_slot_address(int slot)
{
	return (unsigned long)klpl_slots + slot * KLPL_SLOT_SIZE;
}

void klpl_slot_aim(int slot, unsigned long target)
{
	WRITE_ONCE(klpl_slot_targets[slot], target ?: klpl_slot_address(slot) + KLPL_SLOT_DECIDE);
}

void *klpl_slot_owner(int slot)
{
	return READ_ONCE(owners[slot]);
}

int klpl_slots_add_ranges(struct klpl_ranges *ranges)
{
	unsigned long start = (unsigned long)klpl_slots, decide = (unsigned long)klpl_slot_decide;

	return klpl_ranges_add(ranges, start, klpl_slots_size, "a redirected call") ?:
	       klpl_ranges_add(ranges, decide, klpl_symbol_size(decide), "a redirected call");
}
