// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: the image and Module.symvers. Out: every export of the kernel has in the one the checksum
 * that the other says (include/linux/export-internal.h: parallel tables of struct kernel_symbol
 * and of checksums). Another config, and most other sources, make other checksums; where the kernel has none, only the
 * names are compared.
 */
#include <inttypes.h>
#include <string.h>

#include <klpkit/file.h>
#include "check-exports.h"
#include "config.h"

/* struct kernel_symbol with CONFIG_HAVE_ARCH_PREL32_RELOCATIONS: three int */
#define KSYMTAB_ENTRY 12

struct export_table {
	uint64_t symbols, end, checksums;
};

static uint64_t address_of(const struct symtab *symbols, const char *name)
{
	const uint32_t *found;

	return symtab_find(symbols, name, &found) == 1 ? symtab_at(symbols, found[0])->address : 0;
}

static bool find_table(const struct symtab *symbols, const char *kind, struct export_table *ret)
{
	char start[48], stop[48], crc[48];

	snprintf(start, sizeof(start), "__start___ksymtab%s", kind);
	snprintf(stop, sizeof(stop), "__stop___ksymtab%s", kind);
	snprintf(crc, sizeof(crc), "__start___kcrctab%s", kind);
	ret->symbols = address_of(symbols, start);
	ret->end = address_of(symbols, stop);
	ret->checksums = address_of(symbols, crc);
	return ret->symbols && ret->end && ret->checksums;
}

/* The checksum in the image; false: it is not there. */
static bool checksum_of(const struct build_kernel *kernel, const struct export_table *tables,
			const char *name, uint32_t *ret)
{
	char entry[600];
	uint64_t address;

	snprintf(entry, sizeof(entry), "__ksymtab_%s", name);
	address = address_of(kernel->symbols, entry);
	for (size_t i = 0; address && i < 2; i++) {
		uint64_t index = (address - tables[i].symbols) / KSYMTAB_ENTRY;
		const void *place;

		if (address < tables[i].symbols || address >= tables[i].end)
			continue;
		place = image_at(kernel->vmlinux, tables[i].checksums + 4 * index, 4);
		if (!place)
			return false;
		memcpy(ret, place, sizeof(*ret));
		return true;
	}
	return false;
}

static struct error *check_line(const struct build_kernel *kernel,
				const struct export_table *tables, const char *line)
{
	uint32_t listed, built;
	char name[512], owner[64];

	if (sscanf(line, "0x%" SCNx32 " %511s %63s", &listed, name, owner) != 3 ||
	    strcmp(owner, "vmlinux"))
		return NULL;
	if (!checksum_of(kernel, tables, name, &built))
		return error_create(EXIT_ERROR,
				    "%s and %s are not of one build: the former exports "
				    "%s, the latter does not",
				    kernel->symvers, kernel->image, name);
	/* without CONFIG_MODVERSIONS nobody fills in any, and what lies there is something else */
	if (listed != built && config_enabled(kernel->config_data, "MODVERSIONS"))
		return error_create(
			EXIT_ERROR,
			"%s and %s are not of one build: the checksum of %s is 0x%08" PRIx32
			" in the former, 0x%08" PRIx32 " in the latter",
			kernel->symvers, kernel->image, name, listed, built);
	return NULL;
}

struct error *check_exports(const struct build_kernel *kernel)
{
	struct export_table tables[2];
	auto_free char *data = NULL;
	char *line, *next = NULL;
	struct error *err;
	size_t size;

	if (!find_table(kernel->symbols, "", &tables[0]) ||
	    !find_table(kernel->symbols, "_gpl", &tables[1]))
		return NULL;
	err = file_read(kernel->symvers, &data, &size);
	if (err)
		return err;
	for (line = strtok_r(data, "\n", &next); !err && line; line = strtok_r(NULL, "\n", &next))
		err = check_line(kernel, tables, line);
	return err;
}
