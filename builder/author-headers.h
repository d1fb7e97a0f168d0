/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers that authors include: <klpkit/patch.h>, and what that includes. */
#ifndef KLPKIT_AUTHOR_HEADERS_H
#define KLPKIT_AUTHOR_HEADERS_H

#include <klpkit/error.h>

/* Into DIR/klpkit, which is made when it is not there; those that are there already are left alone. */
struct error *author_headers_put(const char *dir) must_check;

#endif
