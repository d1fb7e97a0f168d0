/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs and headers that a build starts. */
#ifndef KLPKIT_TOOLS_H
#define KLPKIT_TOOLS_H

#include <stdbool.h>

#include <klpkit/error.h>
#include "text.h"

/* In PATH. */
bool tool_present(const char *name);

/* All the missing ones are named in one message. btf: the config wants BTF. */
struct error *tools_check(struct text *text, const char *gcc, bool btf) must_check;

/* The first line of `NAME --version`. */
struct error *tool_version(struct text *text, const char *name, const char **ret) must_check;

/*
 * What tells this compiler, its parts and the assembler from others of the same name and version: their
 * files, sizes and times. Objects that one has made are not compared with those of another.
 */
struct error *tool_identity(struct text *text, const char *gcc, const char **ret) must_check;

#endif
