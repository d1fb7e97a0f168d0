/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files and directories: made, copied, removed, measured. */
#ifndef KLPKIT_PATHS_H
#define KLPKIT_PATHS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include <klpkit/error.h>

/* The directory and those above it. */
struct error *make_directories(const char *path) must_check;
/* The directories above the file. */
struct error *make_parents(const char *path) must_check;
/* A whole tree, or one file; a path that does not exist is fine. Follows no symbolic link. */
struct error *remove_tree(const char *path) must_check;
/* Contents and permission bits; the destination is created or replaced as a real file. */
struct error *copy_file(const char *from, const char *to) must_check;

bool is_file(const char *path);
bool is_directory(const char *path);

/* What a file was when we looked; a change of its contents changes one of these. */
struct file_stamp {
	uint64_t size, inode;
	int64_t mtime, ctime; /* nanoseconds */
};

struct file_stamp file_stamp_of(const struct stat *st);
bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b);

/* 64 hexadecimal digits and a NUL. */
#define SHA256_TEXT 65
void sha256_text(const void *data, size_t size, char text[SHA256_TEXT]);
struct error *sha256_file(const char *path, char text[SHA256_TEXT]) must_check;

#endif
