/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A symbol table with its index, and the unpacked image behind it, as one file that is mapped and
 * used as it is: nothing of it is parsed, sorted or hashed again. Made by this program for itself,
 * on this machine; not a format to hand on.
 */
#ifndef DIFFER_READ_FROZEN_H
#define DIFFER_READ_FROZEN_H

#include <klpkit/image.h>

/* path is written beside and renamed. */
struct error *frozen_write(const char *path, const struct symtab *symtab,
			   const struct image *image) must_check;
/*
 * NULL error and *symtab_ret NULL: there is no such file, or none of this format. *image_ret NULL:
 * there was no image. Both hold the file on their own.
 */
struct error *frozen_read(const char *path, struct symtab **symtab_ret,
			  struct image **image_ret) must_check;

#endif
