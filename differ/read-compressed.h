/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wrappers around an ELF file: the boot image of x86 (Documentation/arch/x86/boot.rst) and
 * compressed files, told apart by their first bytes.
 */
#ifndef DIFFER_READ_COMPRESSED_H
#define DIFFER_READ_COMPRESSED_H

#include <stdbool.h>
#include <stddef.h>

#include <klpkit/error.h>

bool compressed_is_wrapper(const char *data, size_t size);
/* One wrapper off; *data_ret is malloc'd. */
struct error *compressed_unpack(const char *path, const char *data, size_t size, char **data_ret,
				size_t *size_ret) must_check;

#endif
