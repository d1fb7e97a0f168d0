/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files: read at once, and written so that they appear whole or not at all. */
#ifndef KLPKIT_FILE_H
#define KLPKIT_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include <klpkit/error.h>

/* *data_ret is malloc'd, NUL-terminated beyond *size_ret, and the caller's. */
struct error *file_read(const char *path, char **data_ret, size_t *size_ret) must_check;
/* Written beside path and renamed; what was there before stays on failure. */
struct error *file_write(const char *path, const void *data, size_t size, mode_t mode) must_check;

#endif
