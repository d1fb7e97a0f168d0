// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a linked module to a live-patch module.
 *
 *  1. find the references among the undefined symbols (ref.c)
 *  2. number the symbols anew: a used reference is renamed, several of the same become one, an
 *     unused one goes
 *  3. divide each section's relocations into ordinary ones and, by owner, those of the core
 *  4. lay out the sections: those that were there, without KLPKIT_SEC_REFS, then the core's
 *  5. write the file
 */
#include <klpkit/format.h>
#include <stdlib.h>
#include <string.h>

#include "finish-steps.h"
#include "finish.h"

bool section_is_relocs(const struct ko_section *section)
{
	return section->header.sh_type == SHT_RELA;
}

bool section_is_ours(const struct ko *ko, size_t index)
{
	const struct ko_section *section = &ko->sections[index];

	if (section_is_relocs(section))
		section = &ko->sections[section->header.sh_info];
	return section->header.sh_type == SHT_PROGBITS && !strcmp(section->name, KLPKIT_SEC_REFS);
}

const char *ref_owner(const struct ref *ref)
{
	return strcmp(ref->object, "vmlinux") ? ref->owner : "vmlinux";
}

static struct error *make_report(const struct finish *finish, struct finish_report *ret)
{
	struct finish_report report = { .symbols = finish->converted };

	report.parts = calloc(finish->part_count + 1, sizeof(*report.parts));
	if (!report.parts)
		return error_nomem();
	for (size_t i = 0; i < finish->part_count; i++) {
		const struct part *part = &finish->parts[i];
		struct finish_part *out = &report.parts[report.part_count++];

		out->owner = strdup(part->owner);
		out->section = strdup(finish->ko->sections[part->target].name);
		out->relocs = part->count;
		report.relocs += part->count;
		if (!out->owner || !out->section) {
			finish_report_release(&report);
			return error_nomem();
		}
	}
	*ret = report;
	return NULL;
}

static struct error *finish_allocate(struct finish *finish)
{
	const struct ko *ko = finish->ko;

	finish->symbol_used = calloc(ko->symbol_count, sizeof(*finish->symbol_used));
	finish->symbol_map = calloc(ko->symbol_count, sizeof(*finish->symbol_map));
	finish->symbols = calloc(ko->symbol_count, sizeof(*finish->symbols));
	finish->ordinary = calloc(ko->section_count, sizeof(*finish->ordinary));
	finish->ordinary_count = calloc(ko->section_count, sizeof(*finish->ordinary_count));
	finish->section_map = calloc(ko->section_count, sizeof(*finish->section_map));
	if (!finish->symbol_used || !finish->symbol_map || !finish->symbols || !finish->ordinary ||
	    !finish->ordinary_count || !finish->section_map)
		return error_nomem();
	return NULL;
}

static void finish_release(struct finish *finish)
{
	refs_destroy(finish->ko, finish->refs);
	free(finish->symbol_used);
	free(finish->symbol_map);
	free(finish->symbols);
	free(finish->strings);
	for (size_t i = 0; finish->ordinary && i < finish->ko->section_count; i++)
		free(finish->ordinary[i]);
	free(finish->ordinary);
	free(finish->ordinary_count);
	for (size_t i = 0; i < finish->part_count; i++) {
		free(finish->parts[i].name);
		free(finish->parts[i].relocs);
	}
	free(finish->parts);
	free(finish->section_map);
	free(finish->sections);
	free(finish->modinfo);
}

static struct error *finish_convert(struct finish *finish)
{
	const struct ko *ko = finish->ko;
	struct error *err;

	if (ko->strtab == ko->shstrtab)
		return error_create(EXIT_ERROR, "%s: symbols and sections share their names",
				    ko->path);
	err = finish_allocate(finish);
	if (!err)
		err = refs_find(ko, &finish->refs);
	if (!err)
		err = finish_symbols(finish);
	if (!err)
		err = finish_relocs(finish);
	if (!err)
		err = finish_layout(finish);
	return err;
}

struct error *finish_module(const char *in_ko, const char *out_ko, struct finish_report *ret)
{
	struct finish_report report = {0};
	struct finish finish = {0};
	struct ko *ko;
	struct error *err = ko_read(in_ko, &ko);

	if (err)
		return err;
	finish.ko = ko;
	err = finish_convert(&finish);
	if (!err && ret)
		err = make_report(&finish, &report);
	if (!err)
		err = ko_write(out_ko, &ko->header, finish.sections, finish.section_count,
			       finish.section_map[ko->shstrtab]);
	if (!err && ret)
		*ret = report;
	else
		finish_report_release(&report);
	finish_release(&finish);
	ko_destroy(ko);
	return err;
}

void finish_report_release(struct finish_report *report)
{
	for (size_t i = 0; i < report->part_count; i++) {
		free(report->parts[i].owner);
		free(report->parts[i].section);
	}
	free(report->parts);
	memset(report, 0, sizeof(*report));
}
