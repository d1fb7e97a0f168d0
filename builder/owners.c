// SPDX-License-Identifier: GPL-2.0-or-later
/* In: a prepared tree, and an object. Out: the directory and the module that it belongs to. */
#include <stdio.h>
#include <string.h>

#include <klpkit/file.h>
#include "owners.h"

/*
 * Makefile.build reads the directory's makefile and Makefile.lib and works the lists out; asked
 * for a target of its own, it makes nothing.
 */
static const char question[] =
	"PHONY := klpkit-nothing\n"
	"klpkit-nothing:\n"
	"\t@:\n"
	"need-builtin := 1\n"
	"need-modorder := 1\n"
	"include scripts/Makefile.build\n"
	"$(foreach o,$(real-obj-y),$(info y $(o)))\n"
	"$(foreach o,$(real-obj-m),$(info m $(o)))\n"
	"$(foreach o,$(lib-y),$(info l $(o)))\n"
	"$(foreach d,$(subdir-ym),$(info d $(d)))\n"
	"$(foreach c,$(multi-obj-m),$(info c $(c) $(addprefix $(obj)/,"
	"$(call suffix-search,$(patsubst $(obj)/%,%,$(c)),.o,-objs -y -m))))\n"
	"$(info C $(KBUILD_CFLAGS))\n"
	"$(info A $(KBUILD_AFLAGS))\n"
	"$(info F $(KBUILD_CPPFLAGS)|$(ccflags-y)|$(asflags-y)|$(cppflags-y)|$(ccflags-remove-y)|"
	"$(foreach v,$(sort $(filter CFLAGS_%.o CFLAGS_REMOVE_%.o AFLAGS_%.o OBJECT_FILES_% "
	"UACCESS_% KCOV_% KASAN_% KCSAN_%,$(.VARIABLES))),$(v)=$($(v));))\n";

struct error *owners_create(const struct kbuild *kbuild, const char *state, struct owners *ret)
{
	struct owners owners = { .kbuild = kbuild };
	struct error *err;

	owners.makefile = text_printf(&owners.text, "%s/question.mk", state);
	err = text_failed(&owners.text);
	if (!err)
		err = file_write(owners.makefile, question, strlen(question), 0666);
	if (err) {
		owners_destroy(&owners);
		return err;
	}
	*ret = owners;
	return NULL;
}

void owners_destroy(struct owners *owners)
{
	for (size_t i = 0; i < owners->count; i++) {
		struct owner_dir *dir = owners->items[i];

		list_destroy(&dir->real_y);
		list_destroy(&dir->real_m);
		list_destroy(&dir->lib);
		list_destroy(&dir->subdirs);
		list_destroy(&dir->multi);
	}
	free(owners->items);
	text_destroy(&owners->text);
	*owners = (struct owners){ 0 };
}

/* "a/b/../c/./d" is "a/c/d". */
static const char *normal_path(struct text *text, const char *path)
{
	char *copy = (char *)text_copy(text, path), *to = copy;

	while (*path) {
		size_t length = strcspn(path, "/");

		if (length == 2 && !strncmp(path, "..", 2) && to > copy) {
			while (--to > copy && to[-1] != '/')
				;
		} else if (length && !(length == 1 && *path == '.')) {
			memmove(to, path, length);
			to += length;
			*to++ = '/';
		}
		path += length + (path[length] == '/');
	}
	if (to > copy)
		to[-1] = '\0';
	return copy;
}

static void read_answer_line(struct owners *owners, struct owner_dir *dir, const char *line)
{
	struct text *text = &owners->text;
	const char *value = line + 2;

	if (!line[0] || line[1] != ' ')
		return;
	switch (line[0]) {
	case 'y':
		list_add(text, &dir->real_y, normal_path(text, value));
		break;
	case 'm':
		list_add(text, &dir->real_m, normal_path(text, value));
		break;
	case 'l':
		list_add(text, &dir->lib, normal_path(text, value));
		break;
	case 'd':
		list_add(text, &dir->subdirs, normal_path(text, value));
		break;
	case 'c':
		list_add(text, &dir->multi, text_copy(text, value));
		break;
	case 'C':
		dir->cflags = text_copy(text, value);
		break;
	case 'A':
		dir->aflags = text_copy(text, value);
		break;
	case 'F':
		dir->own_flags = text_copy(text, value);
		break;
	}
}

static struct error *ask(struct owners *owners, const char *path, const struct owner_dir *above,
			 struct owner_dir **ret)
{
	struct owner_dir *dir = arena_alloc(&owners->text.arena, sizeof(*dir)), **place;
	const struct kbuild_flags flags = {
		.cflags = above ? above->cflags : NULL,
		.aflags = above ? above->aflags : NULL,
	};
	auto_free char *answer = NULL;
	char *line, *next = NULL;
	struct error *err;

	place = dir ? array_add(owners) : NULL;
	if (!place)
		return error_nomem();
	*place = dir;
	dir->path = path;
	dir->above = above;
	err = kbuild_ask(owners->kbuild, owners->makefile, path, &flags, &answer);
	if (err)
		return error_prefix(err, "kbuild does not read the makefile in %s", path);
	for (line = strtok_r(answer, "\n", &next); line; line = strtok_r(NULL, "\n", &next))
		read_answer_line(owners, dir, line);
	if (!dir->cflags || !dir->aflags || !dir->own_flags)
		return error_create(EXIT_ERROR, "kbuild has not told the flags of %s", path);
	*ret = dir;
	return text_failed(&owners->text);
}

static bool lists(struct text *text, const struct list *list, const char *dir, const char *file)
{
	return list_has(list, text_printf(text, "%s/%s", dir, file));
}

/*
 * Is it descended into? A directory that is not may have a makefile that this configuration cannot
 * even read (fs/hostfs).
 */
static bool descends(struct owners *owners, const struct owner_dir *dir, const char *path)
{
	return (dir->builtin && lists(&owners->text, &dir->real_y, path, "built-in.a")) ||
	       (dir->modular && lists(&owners->text, &dir->real_m, path, "modules.order"));
}

/* The directory, asked once. above: the one that descends into it. */
static struct error *find_dir(struct owners *owners, const char *path,
			      const struct owner_dir *above, struct owner_dir **ret)
{
	struct error *err;

	for (size_t i = 0; i < owners->count; i++) {
		if (!strcmp(owners->items[i]->path, path)) {
			*ret = owners->items[i];
			return NULL;
		}
	}
	err = ask(owners, path, above, ret);
	if (err)
		return err;
	(*ret)->builtin = !above || (above->builtin && lists(&owners->text, &above->real_y, path,
							      "built-in.a"));
	(*ret)->modular = !above || (above->modular && lists(&owners->text, &above->real_m, path,
							      "modules.order"));
	return NULL;
}

/* A word of the line, apart from the first. */
static bool has_word(struct text *text, const char *line, const char *object)
{
	const char *at = line + strcspn(line, " ");

	while (*at) {
		size_t length;

		at += strspn(at, " ");
		length = strcspn(at, " ");
		if (length && !strcmp(normal_path(text, text_slice(text, at, length)), object))
			return true;
		at += length;
	}
	return false;
}

/* The module that is linked of this and other objects, or of this one alone. */
static void find_module(struct owners *owners, const struct owner_dir *dir, const char *object,
			struct owner *owner)
{
	const char *module = object;

	for (size_t i = 0; i < dir->multi.count; i++) {
		const char *line = dir->multi.items[i];

		if (!has_word(&owners->text, line, object))
			continue;
		owner->shared = module != object;
		module = text_slice(&owners->text, line, strcspn(line, " "));
	}
	owner->module = text_slice(&owners->text, module, strlen(module) - strlen(".o"));
}

static bool owns(struct owners *owners, const struct owner_dir *dir, const char *object,
		 struct owner *owner)
{
	if ((dir->builtin && list_has(&dir->real_y, object)) || list_has(&dir->lib, object)) {
		owner->dir = dir;
		return true;
	}
	if (dir->modular && list_has(&dir->real_m, object)) {
		owner->dir = dir;
		find_module(owners, dir, object, owner);
		return true;
	}
	return false;
}

static bool is_above(const char *dir, const char *object)
{
	size_t length = strlen(dir);

	return !strncmp(dir, object, length) && object[length] == '/';
}

static struct error *descend(struct owners *owners, const struct owner_dir *dir,
			     const char *object, struct owner *owner)
{
	struct error *err = NULL;

	if (owns(owners, dir, object, owner))
		return NULL;
	for (size_t i = 0; !err && !owner->dir && i < dir->subdirs.count; i++) {
		const char *path = dir->subdirs.items[i];
		struct owner_dir *below;

		if (!is_above(path, object) || !descends(owners, dir, path))
			continue;
		err = find_dir(owners, path, dir, &below);
		if (!err)
			err = descend(owners, below, object, owner);
	}
	return err;
}

/* drivers/gpu/drm/amd/amdgpu/Makefile: objects of sibling directories, by way of "../". */
static struct error *search_siblings(struct owners *owners, const char *object,
				     struct owner *owner)
{
	struct error *err = NULL;

	for (size_t n = 0; !err && n < owners->count; n++) {
		const struct owner_dir *dir = owners->items[n];

		if (!strcmp(dir->path, ".") || !is_above(dir->path, object))
			continue;
		for (size_t i = 0; !err && !owner->dir && i < dir->subdirs.count; i++) {
			struct owner_dir *below;

			if (!descends(owners, dir, dir->subdirs.items[i]))
				continue;
			err = find_dir(owners, dir->subdirs.items[i], dir, &below);
			if (!err)
				owns(owners, below, object, owner);
		}
	}
	return err;
}

struct error *owners_find(struct owners *owners, const char *object, struct owner *ret)
{
	struct owner owner = { 0 };
	struct owner_dir *top;
	struct error *err;

	err = find_dir(owners, ".", NULL, &top);
	if (!err)
		err = descend(owners, top, object, &owner);
	if (!err && !owner.dir)
		err = search_siblings(owners, object, &owner);
	if (!err)
		*ret = owner;
	return err;
}

struct error *owners_directory(struct owners *owners, const char *path,
			       const struct owner_dir **ret)
{
	struct owner nobody = { 0 };
	struct owner_dir *top;
	struct error *err;

	*ret = NULL;
	err = find_dir(owners, ".", NULL, &top);
	/* On the way to an object that is not there, all that lies above it is asked. */
	if (!err)
		err = descend(owners, top, text_printf(&owners->text, "%s/klpkit-nobody.o", path),
			      &nobody);
	for (size_t i = 0; !err && i < owners->count; i++)
		if (!strcmp(owners->items[i]->path, path))
			*ret = owners->items[i];
	return err;
}
