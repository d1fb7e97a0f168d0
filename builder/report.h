/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came out: for people on a terminal or a pipe, and as JSON. */
#ifndef KLPKIT_REPORT_H
#define KLPKIT_REPORT_H

#include "build.h"

/*
 * err is how the steps ended, and is handed on; or it is replaced by what kept the report from
 * being written.
 */
struct error *report_result(struct build *build, struct error *err) must_check;

#endif
