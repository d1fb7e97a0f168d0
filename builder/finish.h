/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a linked module to a live-patch module: references become what the kernel's core resolves
 * (Documentation/livepatch/module-elf-format.rst). All else stays as it was.
 */
#ifndef KLPKIT_FINISH_H
#define KLPKIT_FINISH_H

#include <stddef.h>

#include <klpkit/error.h>

/* The relocations of one .klp.rela.OWNER.SECTION. */
struct finish_part {
	char *owner;
	char *section;
	size_t relocs;
};

struct finish_report {
	struct finish_part *parts; /* in the file's order */
	size_t part_count;
	size_t symbols; /* distinct symbols that are resolved at load */
	size_t relocs;	/* in all the parts */
};

/*
 * Reads in_ko, writes out_ko (which may be the same) whole or not at all. The same input gives
 * the same bytes. ret may be NULL; else it is the caller's to release. What the kernel would
 * refuse later is an EXIT_ERROR here.
 */
struct error *finish_module(const char *in_ko, const char *out_ko,
			    struct finish_report *ret) must_check;
void finish_report_release(struct finish_report *report);

#endif
