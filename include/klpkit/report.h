/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints of the findings: lines for people and scripts, JSON for programs. */
#ifndef KLPKIT_REPORT_PRINT_H
#define KLPKIT_REPORT_PRINT_H

#include <jansson.h>
#include <stdio.h>

#include <klpkit/diff.h>

/* What is told without being asked for everything (--explain). */
enum report_detail { REPORT_USUAL, REPORT_ALL };

/*
 * One line a finding, "OBJECT: changed function: NAME"; a refusal has its place, reason and
 * advice. What stands in the way goes to err, the rest to out.
 */
void report_print(FILE *out, FILE *err, const char *object, const struct finding *findings,
		  size_t count, enum report_detail detail);

/* An array of all findings, or NULL without memory; the caller's reference. */
json_t *report_json(const struct finding *findings, size_t count);

#endif
