/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the user sees while it runs: steps with their time, in place on a terminal, plain lines
 * otherwise. NO_COLOR (no-color.org) and TERM=dumb are honoured.
 */
#ifndef KLPKIT_PROGRESS_H
#define KLPKIT_PROGRESS_H

#include <stdio.h>

#include <klpkit/error.h>

struct progress;

/* Messages go to this stream, which stays the caller's. */
struct error *progress_create(FILE *stream, struct progress **ret) must_check;
/* Ends an open step as one that failed. NULL is legal. */
void progress_destroy(struct progress *progress);

void progress_step(struct progress *progress, const char *title);
/* What the open step is at; total 0 when there is no count. A terminal only. */
void progress_count(struct progress *progress, size_t done, size_t total, const char *what);
/* Ends the step; detail may be NULL. Returns the seconds that it took. */
double progress_done(struct progress *progress, const char *detail);
/* A line of its own, below the steps so far. */
void progress_line(struct progress *progress, const char *fmt, ...) printf_like(2, 3);
/* The same, which starts with a coloured word. */
void progress_warning(struct progress *progress, const char *fmt, ...) printf_like(2, 3);

#endif
