/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kbuild said while it linked a module, and succeeded. */
#ifndef KLPKIT_LINK_LOG_H
#define KLPKIT_LINK_LOG_H

#include <klpkit/error.h>

/* An error that shows every warning that is not understood. log: where all of it is, or NULL. */
struct error *link_check_log(const char *output, const char *log) must_check;

#endif
