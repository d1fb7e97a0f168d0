/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every task that is born, whoever makes it: fork's, kernel threads, and workers of io_uring and vhost, for which
 * there is no tracepoint. Told to klpl_tasks_born() as long as the loader is there, which also keeps ftrace from being
 * turned off.
 */
#ifndef KLPL_BIRTHS_H
#define KLPL_BIRTHS_H

/* 0, or an error with the reason in the log. */
int klpl_births_init(void);
/* Nobody is in klpl_tasks_born() after this. */
void klpl_births_exit(void);

#endif
