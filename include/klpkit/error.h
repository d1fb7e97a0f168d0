/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Failures as values.
 *
 * A function that can fail returns a struct error pointer: NULL is success. The caller owns the
 * error and either returns it to its own caller or destroys it. Only main() turns one into an
 * exit code. Results come last in the argument list, as *_ret, and are untouched on failure.
 */
#ifndef KLPKIT_ERROR_H
#define KLPKIT_ERROR_H

/* The exit codes of every program of the kit. */
enum exit_code {
	EXIT_DONE = 0,	   /* done */
	EXIT_ERROR = 1,	   /* bad input, a missing file, a command that failed */
	EXIT_REFUSED = 2,  /* the change cannot be live patched safely */
	EXIT_NOTHING = 3,  /* no functional change */
	EXIT_USAGE = 64,   /* wrong usage */
};

struct error {
	enum exit_code exit;
	char *message; /* no trailing newline; may have several lines */
};

#define must_check __attribute__((warn_unused_result))
#define printf_like(fmt, first) __attribute__((format(printf, fmt, first)))

/* Never return NULL: when memory is short, a static error that says so is returned. */
struct error *error_create(enum exit_code exit, const char *fmt, ...) must_check printf_like(2, 3);
/* "...: strerror(errnum)" */
struct error *error_errno(int errnum, const char *fmt, ...) must_check printf_like(2, 3);
/* "...: " and libelf's last error of this thread */
struct error *error_libelf(const char *fmt, ...) must_check printf_like(1, 2);
/* "...: " and the oldest error in OpenSSL's queue, which is emptied */
struct error *error_libcrypto(const char *fmt, ...) must_check printf_like(1, 2);
struct error *error_nomem(void) must_check;

/* Put "prefix: " before the message; takes err over and returns what replaces it. NULL stays NULL. */
struct error *error_prefix(struct error *err, const char *fmt, ...) must_check printf_like(2, 3);

/* NULL is legal. */
void error_destroy(struct error *err);

#endif
