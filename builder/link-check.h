/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a linked module what the target kernel will take? */
#ifndef KLPKIT_LINK_CHECK_H
#define KLPKIT_LINK_CHECK_H

#include "link.h"

/*
 * Symbols that nobody resolves, a version magic for another release, a struct module that is laid
 * out differently, dependencies: an error that says what is wrong.
 */
struct error *link_check_module(const struct link_input *in, const char *ko) must_check;

#endif
