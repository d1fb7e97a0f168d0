/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIFFER_READ_IMAGE_FILE_H
#define DIFFER_READ_IMAGE_FILE_H

#include <stddef.h>

#include <klpkit/error.h>

/*
 * As file_read(), but the contents of a large ELF file's .debug* sections stay zero: they are nine
 * tenths of a vmlinux with debug information.
 */
struct error *image_file_read(const char *path, char **data_ret, size_t *size_ret) must_check;

#endif
