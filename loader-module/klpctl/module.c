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

/* fn gets each value of the key, until it returns true. */
static struct error *each_value(const char *path, const Elf_Data *data, const char *key,
				bool (*fn)(const char *value, void *arg), void *arg)
{
	const char *at = data->d_buf, *end = at + data->d_size;
	size_t length = strlen(key);

	if (data->d_size && end[-1])
		return error_create(EXIT_ERROR, "%s: the end of its .modinfo is missing", path);
	for (; at < end; at += strlen(at) + 1)
		if (!strncmp(at, key, length) && at[length] == '=' && fn(at + length + 1, arg))
			break;
	return NULL;
}

static struct error *read_values(const char *path, const char *key, bool (*fn)(const char *value, void *arg), void *arg)
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
	err = data ? each_value(path, data, key, fn, arg) :
		     error_create(EXIT_ERROR, "%s is not a kernel module: it has no .modinfo", path);
	elf_end(elf);
	close(fd);
	return err;
}

struct first {
	char *value;
	bool found;
};

static bool take_first(const char *value, void *arg)
{
	struct first *first = arg;

	first->found = true;
	first->value = strdup(value);
	return true;
}

struct error *module_info(const char *path, const char *key, char **ret)
{
	struct first first = { 0 };
	struct error *err = read_values(path, key, take_first, &first);

	if (!err && first.found && !first.value)
		err = error_nomem();
	*ret = first.value;
	return err;
}

struct search {
	const char *value;
	bool found;
};

static bool is_value(const char *value, void *arg)
{
	struct search *search = arg;

	search->found = !strcmp(value, search->value);
	return search->found;
}

struct error *module_says(const char *path, const char *key, const char *value, bool *ret)
{
	struct search search = { .value = value };
	struct error *err = read_values(path, key, is_value, &search);

	*ret = search.found;
	return err;
}
