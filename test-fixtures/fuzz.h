/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For libFuzzer targets of readers that take a path: the input as a file in memory. libFuzzer calls
 * LLVMFuzzerTestOneInput(); fuzz-replay.c does, too, without it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <klpkit/error.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The descriptor is the caller's to close; path has room for 64. */
static inline int fuzz_file(const uint8_t *data, size_t size, char *path)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

/* An error is a good answer; it has to have a message. */
static inline void fuzz_error(struct error *err)
{
	if (err && !*err->message)
		abort();
	error_destroy(err);
}

#endif
