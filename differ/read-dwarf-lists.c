// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Are the range and location lists of an object's debug information whole (DWARF 5, 7.28 and 7.29)? libdwarf reads the
 * headers of all of them at once, and frees one twice when one is corrupt.
 */
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "read-dwarf.h"

/* One header and what it is for; how long both are, or 0. */
static uint64_t list_length(const uint8_t *data, uint64_t room)
{
	uint32_t length, offsets;
	uint16_t version;

	if (room < 12)
		return 0;
	memcpy(&length, data, sizeof(length));
	memcpy(&version, data + 4, sizeof(version));
	memcpy(&offsets, data + 8, sizeof(offsets));
	/* 64-bit DWARF has another length; no compiler of the kernel makes it */
	if (length < 8 || length > room - 4 || version != 5 || data[6] != 8 || data[7] ||
	    offsets > (length - 8) / 4)
		return 0;
	return length + 4ULL;
}

/* Does each relocation fill in something behind a header, and before the next one? They are in order. */
static bool keep_headers(Elf_Scn *scn, const uint8_t *lists, uint64_t size)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	uint64_t start = 0, length = list_length(lists, size);
	GElf_Rela rela;

	for (int i = 0; data && gelf_getrela(data, i, &rela); i++) {
		uint32_t offsets;

		if (rela.r_offset < start)
			start = 0, length = list_length(lists, size);
		while (length && rela.r_offset >= start + length) {
			start += length;
			length = list_length(lists + start, size - start);
		}
		if (!length)
			return false;
		memcpy(&offsets, lists + start + 8, sizeof(offsets));
		if (rela.r_offset < start + 12 + 4ULL * offsets || rela.r_offset + 8 > start + length)
			return false;
	}
	return true;
}

static Elf_Scn *relas_of(Elf *elf, Elf_Scn *target)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &header) && header.sh_type == SHT_RELA && header.sh_info == elf_ndxscn(target))
			return scn;
	return NULL;
}

static bool is_whole(Elf *elf, Elf_Scn *scn, const GElf_Shdr *header)
{
	Elf_Scn *relas = relas_of(elf, scn);
	Elf_Data *data;

	if (header->sh_flags & SHF_COMPRESSED && elf_compress(scn, 0, 0) < 0)
		return false;
	data = elf_getdata(scn, NULL);
	if (!data || !data->d_buf)
		return true;
	for (uint64_t at = 0, length; at < data->d_size; at += length) {
		length = list_length((const uint8_t *)data->d_buf + at, data->d_size - at);
		if (!length)
			return false;
	}
	return !relas || keep_headers(relas, data->d_buf, data->d_size);
}

static bool are_whole(Elf *elf)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return true; /* libdwarf says what is wrong */
	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(scn, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;

		if (name && (!strcmp(name, ".debug_rnglists") || !strcmp(name, ".debug_loclists")) &&
		    !is_whole(elf, scn, &header))
			return false;
	}
	return true;
}

bool debug_lists_are_whole(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool whole = true;
	Elf *elf;

	if (fd < 0)
		return true;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		whole = are_whole(elf);
	elf_end(elf);
	close(fd);
	return whole;
}
