// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the user's source. Out: the workspace's tree follows it, and has no patch applied. */
#include <errno.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "edits.h"
#include "steps.h"
#include "workspace.h"

struct tree_files {
	const char *list;     /* what the tree has */
	const char *updating; /* is there while the tree is not what the list says */
	const char *prepared, *preparing; /* see step-prepare.c */
};

static struct error *remove_file(const char *path)
{
	return unlink(path) < 0 && errno != ENOENT ? error_errno(errno, "cannot remove %s", path) :
						     NULL;
}

/* Makes the tree follow the farm's new list. */
static struct error *update_tree(struct build *build, const struct tree_files *files,
				 const struct farm_list *old)
{
	struct build_workspace *workspace = &build->workspace;
	struct error *err;

	workspace->incomplete = true;
	err = file_write(files->updating, "", 0, 0666);
	if (!err)
		err = remove_file(files->prepared);
	if (!err)
		err = farm_update(workspace->tree, build->kernel.source, old, &workspace->farm);
	if (!err)
		err = farm_save(files->list, &workspace->farm.list);
	if (!err)
		err = remove_file(files->updating);
	workspace->incomplete = err;
	return err;
}

/* The user's tree may have changed since the list was made. */
static struct error *follow_source(struct build *build, const struct tree_files *files,
				   struct farm_list *old)
{
	struct farm *farm = &build->workspace.farm;
	struct error *err;

	err = farm_scan(build->kernel.source, &farm->list);
	if (err)
		return err;
	farm_compare(old, farm);
	/* make would not see it. */
	if (farm->backdated && old->count)
		err = workspace_reset(build);
	if (!err && (!old->count || farm->added || farm->removed || farm->changed))
		err = update_tree(build, files, old);
	return err;
}

struct error *step_tree(struct build *build)
{
	struct build_workspace *workspace = &build->workspace;
	struct tree_files files = {
		.list = text_printf(&build->text, "%s/farm", workspace->state),
		.updating = text_printf(&build->text, "%s/updating", workspace->state),
		.prepared = text_printf(&build->text, "%s/prepared", workspace->state),
		.preparing = text_printf(&build->text, "%s/preparing", workspace->state),
	};
	struct farm_list old = { 0 };
	struct error *err;

	err = text_failed(&build->text);
	/* We were killed half way, and so was make, which may have left half a file. */
	if (!err &&
	    (is_file(files.updating) || is_file(files.preparing) || !is_file(files.list)))
		err = workspace_reset(build);
	if (!err)
		err = farm_load(files.list, &old);
	if (err)
		return err;
	workspace->farm.list = old;
	err = edits_undo(build);
	if (err || (old.count && build->kernel.source_is_ours))
		return err;
	workspace->farm.list = (struct farm_list){ 0 };
	err = follow_source(build, &files, &old);
	farm_list_destroy(&old);
	build->detail = text_printf(&build->text, "%zu new, %zu gone, %zu changed",
				    workspace->farm.added, workspace->farm.removed,
				    workspace->farm.changed);
	return err;
}
