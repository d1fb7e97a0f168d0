// SPDX-License-Identifier: GPL-2.0-or-later
/* Many targets of many directories: grouped, run at once, and counted. */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kbuild-jobs.h"

#define WORKERS_MOST 256

void kbuild_jobs_add(struct text *text, struct kbuild_jobs *jobs, const struct owner_dir *dir,
		     const char *target)
{
	struct kbuild_job *job = NULL;

	for (size_t i = 0; i < jobs->count && !job; i++)
		if (!strcmp(jobs->items[i].dir, dir->path))
			job = &jobs->items[i];
	if (!job) {
		job = array_add(jobs);
		if (!job) {
			text->failed = true;
			return;
		}
		job->dir = dir->path;
		job->keep_going = jobs->keep_going;
		job->flags.cflags = dir->above ? dir->above->cflags : NULL;
		job->flags.aflags = dir->above ? dir->above->aflags : NULL;
	}
	list_add(text, &job->targets, target);
	jobs->targets++;
}

void kbuild_jobs_destroy(struct kbuild_jobs *jobs)
{
	for (size_t i = 0; i < jobs->count; i++)
		list_destroy(&jobs->items[i].targets);
	free(jobs->items);
	*jobs = (struct kbuild_jobs){ 0 };
}

/* What the workers share. */
struct crew {
	const struct kbuild *kbuild;
	const struct kbuild_jobs *jobs;
	unsigned int each; /* -j of one make */
	pthread_mutex_t lock;
	pthread_cond_t done;
	size_t next, working;
	struct error *err;
};

static void *work(void *data)
{
	struct crew *crew = data;

	pthread_mutex_lock(&crew->lock);
	while (!crew->err && crew->next < crew->jobs->count) {
		const struct kbuild_job *job = &crew->jobs->items[crew->next++];
		struct error *err;

		pthread_mutex_unlock(&crew->lock);
		err = kbuild_run(crew->kbuild, job, crew->each);
		pthread_mutex_lock(&crew->lock);
		if (crew->err || crew->jobs->keep_going)
			error_destroy(err);
		else
			crew->err = err;
	}
	crew->working--;
	pthread_cond_signal(&crew->done);
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

static size_t count_made(const struct kbuild *kbuild, const struct kbuild_jobs *jobs)
{
	char path[PATH_MAX];
	size_t made = 0;

	for (size_t i = 0; i < jobs->count; i++) {
		const struct list *targets = &jobs->items[i].targets;

		for (size_t k = 0; k < targets->count; k++) {
			snprintf(path, sizeof(path), "%s/%s", kbuild->tree, targets->items[k]);
			made += !access(path, F_OK);
		}
	}
	return made;
}

/* Until the last worker is done. Under the lock. */
static void watch(struct crew *crew, struct progress *progress, const char *what)
{
	while (crew->working) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 250000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		progress_count(progress, count_made(crew->kbuild, crew->jobs), crew->jobs->targets,
			       what);
		pthread_cond_timedwait(&crew->done, &crew->lock, &until);
	}
}

struct error *kbuild_jobs_run(const struct kbuild *kbuild, const struct kbuild_jobs *jobs,
			      struct progress *progress, const char *what)
{
	size_t workers = jobs->count < kbuild->jobs ? jobs->count : kbuild->jobs;
	struct crew crew = { .kbuild = kbuild, .jobs = jobs };
	pthread_t threads[WORKERS_MOST];
	size_t started = 0;

	if (!workers)
		return NULL;
	if (workers > WORKERS_MOST)
		workers = WORKERS_MOST;
	crew.each = kbuild->jobs / (unsigned int)workers;
	pthread_mutex_init(&crew.lock, NULL);
	pthread_cond_init(&crew.done, NULL);
	pthread_mutex_lock(&crew.lock);
	while (started < workers && !pthread_create(&threads[started], NULL, work, &crew)) {
		crew.working++;
		started++;
	}
	if (!started)
		crew.err = error_create(EXIT_ERROR, "cannot start a thread");
	watch(&crew, progress, what);
	pthread_mutex_unlock(&crew.lock);
	while (started--)
		pthread_join(threads[started], NULL);
	pthread_cond_destroy(&crew.done);
	pthread_mutex_destroy(&crew.lock);
	return crew.err;
}
