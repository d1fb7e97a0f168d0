/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Test Anything Protocol, for tests in C: ok() lines, a plan at the end, for prove. */
#ifndef TAP_H
#define TAP_H

#include <stdio.h>
#include <string.h>

static int tap_count;
static int tap_failed;

__attribute__((format(printf, 4, 5), unused)) static int tap_ok(int passed, const char *file,
								 int line, const char *fmt, ...)
{
	__builtin_va_list args;

	tap_count++;
	printf("%sok %d - ", passed ? "" : "not ", tap_count);
	__builtin_va_start(args, fmt);
	vprintf(fmt, args);
	__builtin_va_end(args);
	putchar('\n');
	if (!passed) {
		tap_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	fflush(stdout);
	return passed;
}

#define ok(cond, ...) tap_ok(!!(cond), __FILE__, __LINE__, __VA_ARGS__)
#define is_str(got, want, ...)                                                            \
	do {                                                                              \
		const char *got_ = (got), *want_ = (want);                                \
		if (!ok(got_ && want_ && !strcmp(got_, want_), __VA_ARGS__))              \
			printf("#   got '%s', want '%s'\n", got_ ? got_ : "(null)",       \
			       want_ ? want_ : "(null)");                                 \
	} while (0)
#define tap_skip(why, ...)                                                                \
	do {                                                                              \
		tap_count++;                                                              \
		printf("ok %d - ", tap_count);                                            \
		printf(__VA_ARGS__);                                                      \
		printf(" # SKIP %s\n", why);                                              \
	} while (0)

__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif
