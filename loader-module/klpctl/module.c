// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <errno.h>
#include <libelf.h>
#include <gelf.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <klpkit/format.h>

#include "module.h"

static Elf_Data *find_section(Elf *elf, const char *wanted)
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
		if (name && !strcmp(name, wanted))
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

struct module {
	int fd;
	Elf *elf;
};

static void close_module(struct module *module)
{
	elf_end(module->elf);
	close(module->fd);
}

static struct error *open_module(const char *path, struct module *ret)
{
	ret->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (ret->fd < 0)
		return error_errno(errno, "cannot read %s", path);
	elf_version(EV_CURRENT);
	ret->elf = elf_begin(ret->fd, ELF_C_READ, NULL);
	if (ret->elf && elf_kind(ret->elf) == ELF_K_ELF && find_section(ret->elf, ".modinfo"))
		return NULL;
	close_module(ret);
	return error_create(EXIT_ERROR, "%s is not a kernel module: it has no .modinfo", path);
}

static struct error *read_values(const char *path, const char *key, bool (*fn)(const char *value, void *arg), void *arg)
{
	struct module module;
	struct error *err = open_module(path, &module);

	if (err)
		return err;
	err = each_value(path, find_section(module.elf, ".modinfo"), key, fn, arg);
	close_module(&module);
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

/* Of a list NAME,NAME... */
static bool lists_loader(const char *value, void *arg)
{
	static const char loader[] = "klp_loader";
	struct search *search = arg;

	for (const char *at = value; *at && !search->found; at += strcspn(at, ","), at += *at == ',')
		search->found = strcspn(at, ",") == strlen(loader) && !strncmp(at, loader, strlen(loader));
	return search->found;
}

struct error *module_is_for_loader(const char *path, bool *ret)
{
	struct search search = { 0 };
	struct error *err = module_says(path, "klpkit_backend", "loader", ret);

	if (err || *ret)
		return err;
	err = read_values(path, "depends", lists_loader, &search);
	*ret = search.found;
	return err;
}

struct error *module_is_patch(const char *path, bool *ret)
{
	struct error *err = module_is_for_loader(path, ret);

	return err || *ret ? err : module_says(path, "livepatch", "Y", ret);
}

/* Where the pointer at that offset of the records points into the strings; NULL: nowhere. */
static const char *string_at(const Elf_Data *relocs, const Elf_Data *strings, size_t offset)
{
	GElf_Rela rela;

	for (int i = 0; gelf_getrela((Elf_Data *)relocs, i, &rela); i++)
		if (rela.r_offset == offset && rela.r_addend >= 0 && (size_t)rela.r_addend < strings->d_size)
			return (const char *)strings->d_buf + rela.r_addend;
	return NULL;
}

struct error *module_functions(const char *path, void (*fn)(const char *object, const char *name, unsigned int position))
{
	const Elf_Data *records, *relocs, *strings;
	struct klpkit_func record;
	struct module module;
	struct error *err = open_module(path, &module);

	if (err)
		return err;
	records = find_section(module.elf, KLPKIT_SEC_FUNCS);
	relocs = find_section(module.elf, ".rela" KLPKIT_SEC_FUNCS);
	strings = find_section(module.elf, KLPKIT_SEC_STRINGS);
	for (size_t at = 0; !err && records && at + sizeof(record) <= records->d_size; at += sizeof(record)) {
		const char *name = NULL, *object = NULL;

		if (relocs && strings && strings->d_size && !((char *)strings->d_buf)[strings->d_size - 1]) {
			name = string_at(relocs, strings, at + offsetof(struct klpkit_func, name));
			object = string_at(relocs, strings, at + offsetof(struct klpkit_func, object));
		}
		memcpy(&record, (char *)records->d_buf + at, sizeof(record));
		if (name && object)
			fn(object, name, record.sympos ? record.sympos : 1);
		else
			err = error_create(EXIT_ERROR, "%s: record %zu of " KLPKIT_SEC_FUNCS " has no name", path,
					   at / sizeof(record));
	}
	close_module(&module);
	return err;
}
