// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <errno.h>
#include <libelf.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "module.h"

static Elf_Data *find_modinfo(Elf *elf)
{
	size_t names;
	Elf_Scn *section = NULL;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *name;

		if (!gelf_getshdr(section, &header))
			continue;
		name = elf_strptr(elf, names, header.sh_name);
		if (name && !strcmp(name, ".modinfo"))
			return elf_getdata(section, NULL);
	}
	return NULL;
}

static struct error *find_value(const char *path, const Elf_Data *data, const char *key, char **ret)
{
	const char *at = data->d_buf, *end = at + data->d_size;
	size_t length = strlen(key);

	if (data->d_size && end[-1])
		return error_create(EXIT_ERROR, "%s: the end of its .modinfo is missing", path);
	*ret = NULL;
	for (; at < end; at += strlen(at) + 1)
		if (!strncmp(at, key, length) && at[length] == '=') {
			*ret = strdup(at + length + 1);
			return *ret ? NULL : error_nomem();
		}
	return NULL;
}

struct error *module_info(const char *path, const char *key, char **ret)
{
	struct error *err;
	Elf_Data *data;
	Elf *elf;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(errno, "cannot read %s", path);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	data = elf && elf_kind(elf) == ELF_K_ELF ? find_modinfo(elf) : NULL;
	err = data ? find_value(path, data, key, ret) :
		     error_create(EXIT_ERROR, "%s is not a kernel module: it has no .modinfo", path);
	elf_end(elf);
	close(fd);
	return err;
}
