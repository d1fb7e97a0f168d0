// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps with their time: in place on a terminal, plain lines otherwise. */
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define TITLE_WIDTH 24

struct progress {
	FILE *stream;
	bool terminal, colour;
	/* The ticker redraws an open step's time while something else runs. */
	pthread_t ticker;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool ticking, stop;
	/* The open step, under the lock. */
	const char *title;
	struct timespec start;
	char what[160];
};

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void progress_draw(struct progress *progress)
{
	struct winsize size = { 0 };
	char line[320];
	int width = 80;

	if (!progress->terminal || !progress->title)
		return;
	if (!ioctl(fileno(progress->stream), TIOCGWINSZ, &size) && size.ws_col > 20)
		width = size.ws_col;
	snprintf(line, sizeof(line), "  %-*s %6.1f s  %s", TITLE_WIDTH, progress->title,
		 seconds_since(&progress->start), progress->what);
	fprintf(progress->stream, "\r\033[K%.*s", width - 1, line);
	fflush(progress->stream);
}

static void *progress_tick(void *data)
{
	struct progress *progress = data;

	pthread_mutex_lock(&progress->lock);
	while (!progress->stop) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 200000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&progress->wake, &progress->lock, &until);
		if (!progress->stop)
			progress_draw(progress);
	}
	pthread_mutex_unlock(&progress->lock);
	return NULL;
}

struct error *progress_create(FILE *stream, struct progress **ret)
{
	struct progress *progress = calloc(1, sizeof(*progress));
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (!progress)
		return error_nomem();
	progress->stream = stream;
	progress->terminal = isatty(fileno(stream)) && term && strcmp(term, "dumb");
	progress->colour = progress->terminal && !(no_color && *no_color);
	pthread_mutex_init(&progress->lock, NULL);
	pthread_cond_init(&progress->wake, NULL);
	if (progress->terminal)
		progress->ticking =
			!pthread_create(&progress->ticker, NULL, progress_tick, progress);
	*ret = progress;
	return NULL;
}

void progress_step(struct progress *progress, const char *title)
{
	pthread_mutex_lock(&progress->lock);
	progress->title = title;
	progress->what[0] = '\0';
	clock_gettime(CLOCK_MONOTONIC, &progress->start);
	progress_draw(progress);
	pthread_mutex_unlock(&progress->lock);
}

void progress_count(struct progress *progress, size_t done, size_t total, const char *what)
{
	pthread_mutex_lock(&progress->lock);
	if (total)
		snprintf(progress->what, sizeof(progress->what), "%zu/%zu %s", done, total, what);
	else
		snprintf(progress->what, sizeof(progress->what), "%s", what);
	progress_draw(progress);
	pthread_mutex_unlock(&progress->lock);
}

/* Under the lock. */
static void progress_close(struct progress *progress, const char *mark, const char *colour,
			   const char *detail)
{
	if (progress->terminal)
		fputs("\r\033[K", progress->stream);
	fprintf(progress->stream, "%s%s%s %-*s %6.1f s%s%s\n", progress->colour ? colour : "", mark,
		progress->colour ? "\033[0m" : "", TITLE_WIDTH, progress->title,
		seconds_since(&progress->start), detail && *detail ? "  " : "",
		detail ? detail : "");
	fflush(progress->stream);
	progress->title = NULL;
}

double progress_done(struct progress *progress, const char *detail)
{
	double took;

	pthread_mutex_lock(&progress->lock);
	took = seconds_since(&progress->start);
	if (progress->title)
		progress_close(progress, "+", "\033[32m", detail);
	pthread_mutex_unlock(&progress->lock);
	return took;
}

static void progress_say(struct progress *progress, const char *word, const char *fmt, va_list args)
{
	pthread_mutex_lock(&progress->lock);
	if (progress->terminal && progress->title)
		fputs("\r\033[K", progress->stream);
	if (word)
		fprintf(progress->stream, "%s%s:%s ", progress->colour ? "\033[33m" : "", word,
			progress->colour ? "\033[0m" : "");
	vfprintf(progress->stream, fmt, args);
	fputc('\n', progress->stream);
	fflush(progress->stream);
	progress_draw(progress);
	pthread_mutex_unlock(&progress->lock);
}

void progress_line(struct progress *progress, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	progress_say(progress, NULL, fmt, args);
	va_end(args);
}

void progress_warning(struct progress *progress, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	progress_say(progress, "warning", fmt, args);
	va_end(args);
}

void progress_destroy(struct progress *progress)
{
	if (!progress)
		return;
	pthread_mutex_lock(&progress->lock);
	if (progress->title)
		progress_close(progress, "x", "\033[31m", NULL);
	progress->stop = true;
	pthread_cond_signal(&progress->wake);
	pthread_mutex_unlock(&progress->lock);
	if (progress->ticking)
		pthread_join(progress->ticker, NULL);
	pthread_cond_destroy(&progress->wake);
	pthread_mutex_destroy(&progress->lock);
	free(progress);
}
