/* SPDX-License-Identifier: GPL-2.0 */
/* What the models that switch task by task share. With klpl_mutex held, in a transition. */
#ifndef KLPL_THREADS_H
#define KLPL_THREADS_H

#include "transition.h"

/* Tries before those who sleep are woken, so that they get on. */
#define KLPL_PATIENCE 20

/* Moves the task if it is in none of the code that it has to leave, whoever it is; else notes why not. */
void klpl_thread_look_at(struct klpl_task *task);
/*
 * Notes where each is, and moves nobody: does one sleep in the code that has to be left? Those who run are not known
 * to.
 */
bool klpl_threads_sleep_inside(struct klpl_transition *transition);
/* Is nobody in that code, whatever has become of the switch? Stops all CPUs to see it, if nobody sleeps there. */
bool klpl_threads_have_left(struct klpl_transition *transition);
/* With all CPUs stopped: it has been outside when that was noted, and has not run since. */
bool klpl_thread_is_outside(const struct klpl_task *task);
/* klpl_thread_look_at(), by the task itself, as a model's crossed(). */
void klpl_thread_crossed(struct klpl_task *task);
/* klpl_tasks_each(), while no CPU comes or goes. */
void klpl_threads_each(bool (*fn)(struct klpl_task *task, void *data), struct klpl_transition *transition);
/* Moves it if it is stopped, by a signal or a debugger, with nothing but the way to user space below that. */
void klpl_thread_look_if_stopped(struct klpl_task *task);
/* The idle tasks, while their CPUs run something else. Sleeps. */
void klpl_threads_idle(const struct klpl_transition *transition);
/* Is nobody left behind? Takes in those that were born without memory for them. Sleeps. */
bool klpl_threads_done(const struct klpl_transition *transition);

#endif
