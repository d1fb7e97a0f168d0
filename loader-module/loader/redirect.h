/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The redirection of functions by ftrace. For each replaced function there is one ftrace_ops, and a
 * stack of the patches' versions of it: the top one wins, but while a transition runs a caller that
 * has not switched gets the one below, or the function itself. Between transitions nothing is decided: ftrace
 * calls a slot (slots.h) that goes on in the top one. Where another has that place, its handler does it.
 */
#ifndef KLPL_REDIRECT_H
#define KLPL_REDIRECT_H

#include <linux/list.h>
#include <linux/types.h>

struct module;

/* A patch's version of a function. */
struct klpl_version {
	struct list_head stacked; /* in the redirect's stack, if it has one */
	struct klpl_redirect *redirect;
	unsigned long old, new; /* new is 0: the function itself */
	unsigned long old_size, new_size;
	const struct module *owner; /* of the new function */
	bool moving; /* the running transition's switch says whether a caller gets it */
	bool immediate; /* it does not, but before the beginning and behind the end: see klpkit/loader.h */
	bool counted; /* its model counts calls, which ftrace's handler cannot */
	const char *name;
	/*
	 * "off": nobody is redirected to it; "moving": some are; "hidden": another patch's is on top; "direct",
	 * "handler": all are, in this way. Read at any time.
	 */
	const char *state;
};

/* What decides, during a transition, which version a caller gets. */
enum klpl_switch {
	KLPL_SWITCH_THREAD, /* by the task */
	KLPL_SWITCH_KERNEL, /* by one word for all */
	KLPL_SWITCH_COUNT,  /* by the word that counts who is inside (count.h) */
};

/* Both with klpl_mutex held. 0 or a negative error, with the reason in the log. Sleeps. */
int klpl_redirect_add(struct klpl_version *version, bool moving);
/* Does it take part in the transition? */
void klpl_redirect_mark(struct klpl_version *version, bool moving);
/*
 * Nobody is in the version any more, and it goes. An error: ftrace may call us for the function as long as the machine
 * runs. Who has come to it on the stack may still look at it: before it is freed or added anew, klpl_redirect_wait(), once
 * for all that were removed.
 */
int klpl_redirect_remove(struct klpl_version *version);
void klpl_redirect_wait(void);

/* The version that the function's callers got before this one; 0 for the function itself. */
const struct klpl_version *klpl_redirect_below(const struct klpl_version *version);
const struct klpl_version *klpl_redirect_above(const struct klpl_version *version);
/* The one on top of a function's; NULL: there is none. */
const struct klpl_version *klpl_redirect_top(unsigned long old);
/* Is it the one that wins? */
bool klpl_redirect_on_top(const struct klpl_version *version);
/* Without klpl_mutex: has the function our direct call? Then the name of the patch on top is put there. */
bool klpl_redirect_has_direct(unsigned long old, char *patch, size_t room);
/*
 * Of the running transition. Before versions are marked as moving; by themselves they mean nothing.
 * klpl_redirect_flip() may be called while all CPUs are stopped.
 */
void klpl_redirect_set_switch(enum klpl_switch how, bool flipped);
void klpl_redirect_flip(bool flipped);
bool klpl_redirect_flipped(void);

#endif
