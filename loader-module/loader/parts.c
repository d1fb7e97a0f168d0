// SPDX-License-Identifier: GPL-2.0
#include <linux/kallsyms.h>
#include <linux/module.h>

#include "parts.h"
#include "symbols.h"
#include "transition.h"

static int resolve_version(const struct klpl_patch *patch, const struct klpl_part *part,
			   const struct klpl_func_info *info, struct klpl_version *version)
{
	*version = (struct klpl_version){
		.name = info->name,
		.owner = patch->info->owner,
		.old = klpl_symbol_address(part->info->name, info->name, info->sympos),
		.new = (unsigned long)info->new_func,
		.immediate = info->immediate,
		.counted = patch->model->how == KLPL_SWITCH_COUNT,
		.state = "off",
	};
	if (!version->old)
		return -ENOENT;
	version->old_size = klpl_symbol_size(version->old);
	version->new_size = klpl_symbol_size(version->new);
	if (!version->old_size || !version->new_size) {
		pr_err("%s(): the size of the %s function is not known\n", info->name,
		       version->old_size ? "new" : "old");
		return -EINVAL;
	}
	return 0;
}

struct piece {
	struct klpl_part *part;
	const char *name;
};

static int add_piece(void *data, unsigned long address)
{
	struct piece *piece = data;

	return klpl_ranges_add(&piece->part->checks, address, klpl_symbol_size(address), piece->name);
}

/*
 * What the compiler has cut off the function and gets to by a jump: who is there has nothing else of the function on the
 * stack. All of that name: one more does no harm.
 */
static int add_pieces(struct klpl_part *part, const char *name)
{
	static const char *const suffixes[] = { ".cold", ".part.0", ".part.0.cold" };
	struct piece piece = { .part = part, .name = name };
	char whole[KSYM_NAME_LEN];
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(suffixes) && err >= 0; i++) {
		if (snprintf(whole, sizeof(whole), "%s%s", name, suffixes[i]) >= sizeof(whole))
			return -ENAMETOOLONG;
		err = klpl_symbol_each(part->info->name, whole, add_piece, &piece);
	}
	return err < 0 ? err : 0;
}

static int add_check(struct klpl_part *part, const struct klpl_check_info *info)
{
	unsigned long address = klpl_symbol_address(part->info->name, info->name, info->sympos);

	if (!address)
		return -ENOENT;
	return klpl_ranges_add(&part->checks, address, klpl_symbol_size(address), info->name) ?:
	       add_pieces(part, info->name);
}

void klpl_part_leave(struct klpl_part *part)
{
	if (part->there && part->info->leave)
		part->info->leave(part->info->data);
	part->there = false;
	/* what another module of that name would have is not what was applied to this one */
	part->applied = false;
	klpl_ranges_free(&part->checks);
}

int klpl_part_arrive(const struct klpl_patch *patch, struct klpl_part *part, struct module *module)
{
	int err = part->info->arrive ? part->info->arrive(part->info->data, module) : 0;

	if (err)
		return err;
	part->there = true;
	for (size_t i = 0; i < part->info->func_count && !err; i++) {
		err = resolve_version(patch, part, &part->info->funcs[i], &part->versions[i]);
		if (!err && !part->versions[i].immediate)
			err = add_pieces(part, part->info->funcs[i].name);
	}
	for (size_t i = 0; i < part->info->check_count && !err; i++)
		err = add_check(part, &part->info->checks[i]);
	if (err)
		klpl_part_leave(part);
	return err;
}

bool klpl_part_restore(struct klpl_part *part)
{
	struct klpl_version *version;
	bool all = true;

	for_each_version(part, version)
		all &= !klpl_redirect_remove(version);
	return all;
}

void klpl_part_set_moving(struct klpl_part *part, enum klpl_moves moves)
{
	struct klpl_version *version;

	for_each_version(part, version)
		klpl_redirect_mark(version, moves == KLPL_MOVES_ALL ||
					    (moves == KLPL_MOVES_COMMON && !version->immediate));
}

int klpl_part_redirect(struct klpl_part *part, bool moving)
{
	struct klpl_version *version;
	int err;

	for_each_version(part, version) {
		err = klpl_redirect_add(version, moving);
		if (err) {
			klpl_part_restore(part);
			klpl_redirect_wait();
			return err;
		}
	}
	return 0;
}

int klpl_part_pre_patch(struct klpl_part *part)
{
	int err = part->info->pre_patch ? part->info->pre_patch(part->info->data) : 0;

	part->patched = !err;
	return err;
}

void klpl_part_post_patch(struct klpl_part *part)
{
	if (part->patched && part->info->post_patch)
		part->info->post_patch(part->info->data);
}

void klpl_part_post_unpatch(struct klpl_part *part)
{
	if (part->patched && part->info->post_unpatch)
		part->info->post_unpatch(part->info->data);
	part->patched = false;
}

void klpl_part_pre_unpatch(struct klpl_part *part)
{
	if (part->patched && part->info->pre_unpatch)
		part->info->pre_unpatch(part->info->data);
}

bool klpl_part_switched(struct klpl_part *part, bool all)
{
	if (!part->patched || !part->info->switched)
		return false;
	part->info->switched(part->info->data, all);
	return true;
}

int klpl_part_switch(struct klpl_part *part, bool to)
{
	int (*call)(void *data) = to ? part->info->apply : part->info->unapply;
	int err = 0;

	if (part->patched && part->applied != to) {
		err = call ? call(part->info->data) : 0;
		if (!err)
			part->applied = to;
	}
	return err;
}
