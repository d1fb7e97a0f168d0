/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many targets of many directories: grouped, run at once, and counted. */
#ifndef KLPKIT_KBUILD_JOBS_H
#define KLPKIT_KBUILD_JOBS_H

#include "kbuild.h"
#include "owners.h"
#include "progress.h"

/* { 0 } is empty. */
struct kbuild_jobs {
	struct kbuild_job *items;
	size_t count, room;
	size_t targets;
	bool keep_going; /* a target that fails is not there, and no error */
};

/* A target of the directory whose makefile has it. */
void kbuild_jobs_add(struct text *text, struct kbuild_jobs *jobs, const struct owner_dir *dir,
		     const char *target);
/* Stops at the first failure. what is for the progress count. */
struct error *kbuild_jobs_run(const struct kbuild *kbuild, const struct kbuild_jobs *jobs,
			      struct progress *progress, const char *what) must_check;
void kbuild_jobs_destroy(struct kbuild_jobs *jobs);

#endif
