/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of the whole system from a patch's old versions to its new ones, or back. There is one at a
 * time. How it goes is the patch's model's; when it has to be over, what happens then, and what is put
 * in order before and after, is the same for all and is here.
 */
#ifndef KLPL_TRANSITION_H
#define KLPL_TRANSITION_H

#include <linux/types.h>

#include "patches.h"
#include "tasks.h"

/* All of it is written with klpl_mutex held. */
struct klpl_transition {
	struct klpl_patch *patch; /* NULL: none runs */
	bool from, to;		  /* false: the old versions, true: the new ones */
	bool reversed;
	/*
	 * The old versions have it, also of the immediate ones, and nobody gets into the new ones any more: it is over
	 * when nobody is in their code. There is no way back from here.
	 */
	bool emptying;
	unsigned long started;	  /* jiffies */
	bool told;		  /* what blocks it, when it was late */
	unsigned int tries;
	unsigned int rest_ms;	  /* before the next try, for the sake of those whom the last one held up */
	u64 stopped_ns;		  /* for how long everything was, the last time */
	unsigned int walked;	  /* stacks then */
	int error;		  /* of what is done in the moment in which all switch: it will not be */
	bool live;		  /* may be looked at under RCU */
	struct klpl_ranges old, new;
};

/* A consistency model. */
struct klpl_model {
	const char *name;
	enum klpl_switch how;
	enum klpl_leave leave; /* what it gives */
	enum klpl_together together;
	bool at_once;	/* nothing else runs in the moment in which all switch */
	/* Before anything moves, and after all of it has; begin() sleeps, and returns 0 or an error; may be NULL. */
	int (*begin)(void);
	void (*end)(void);
	bool by_worker; /* also the first try: who loads the patch is a task like others */
	/*
	 * One try to get on. True: the whole system uses what transition->to says, and has left the
	 * rest. Has klpl_mutex. May sleep.
	 */
	bool (*try)(struct klpl_transition *transition);
	bool tasks; /* keeps something of each task (tasks.h) */
	/* Of one that does: a task has been asked, and is here by itself. It may sleep. */
	void (*crossed)(struct klpl_task *task);
};

extern const struct klpl_model klpl_model_immediate, klpl_model_kernel, klpl_model_task,
	klpl_model_lazy, klpl_model_quiesce, klpl_model_refcount;
/* NULL when there is none of that name. */
const struct klpl_model *klpl_model_find(const char *name);

extern struct klpl_transition klpl_transition;

/* Of the running transition, what a task must not be in. */
const struct klpl_ranges *klpl_transition_ranges(const struct klpl_transition *transition);

int klpl_transition_start(struct klpl_patch *patch, bool to);
/* An object of the running one has come or gone: what has to be left is another. 0 or -ENOMEM. Sleeps. */
int klpl_transition_objects_changed(void);
/* Only of the running one. -EBUSY, with the reason in the log: it is too late for that. */
int klpl_transition_reverse(void);
/* Says that all have switched, whatever they are in. The error of what is done in that moment, or 0. */
int klpl_transition_force(void);
/* Under rcu_read_lock(): what it says stays until that ends. */
bool klpl_transition_is_live(void);
/* Any time. */
bool klpl_transition_is_of(const struct klpl_patch *patch);

/*
 * A task that is found in none of the code that it has to leave is moved on: the state of the
 * transition when it was looked at is round; it does not count when that has changed since.
 */
unsigned int klpl_transition_round(void);
void klpl_transition_move(struct klpl_task *task, unsigned int round);
/* It has begun, been reversed, or ended. */
void klpl_transition_next_round(void);

/* Does each task have a state of its own in the running one? Any time. */
bool klpl_transition_is_by_task(void);

int klpl_transition_init(void);
void klpl_transition_exit(void);

extern unsigned int klpl_deadline_ms; /* a patch's that says none */

#endif
