/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files: read at once, and written so that they appear whole or not at all. */
#ifndef KLPKIT_FILE_H
#define KLPKIT_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include <klpkit/error.h>

/* *data_ret is malloc'd, NUL-terminated beyond *size_ret, and the caller's. */
struct error *file_read(const char *path, char **data_ret, size_t *size_ret) must_check;
/*
 * The same without reading what nobody looks at: pages come from the file, and are the caller's own
 * once written to. Not terminated; released with file_unmap(). A regular file that stays as it is
 * while it is mapped.
 */
struct error *file_map(const char *path, char **data_ret, size_t *size_ret) must_check;
void file_unmap(char *data, size_t size);
/* Written beside path and renamed; what was there before stays on failure. */
struct error *file_write(const char *path, const void *data, size_t size, mode_t mode) must_check;

#endif
