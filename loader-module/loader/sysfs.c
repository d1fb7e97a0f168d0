// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "blockers.h"
#include "check.h"
#include "count.h"
#include "sysfs.h"
#include "transition.h"

static struct kobject *root;

static struct klpl_patch *patch_of(struct kobject *kobj)
{
	return container_of(kobj, struct klpl_patch, kobj);
}

/*
 * Those who only look take no lock: with the model quiesce somebody who waits for it would not get to the
 * border to user space. A patch's files go before it is taken apart, and those in one are waited for.
 */
static ssize_t enabled_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct klpl_patch *patch = patch_of(kobj);

	/* what it is, or is on the way to be */
	return sysfs_emit(buf, "%d\n", klpl_transition_is_of(patch) ? READ_ONCE(klpl_transition.to) :
								      READ_ONCE(patch->enabled));
}

static ssize_t enabled_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			     size_t size)
{
	bool enabled;
	int err = kstrtobool(buf, &enabled);

	if (err)
		return err;
	mutex_lock(&klpl_mutex);
	err = klpl_patch_set_enabled(patch_of(kobj), enabled);
	mutex_unlock(&klpl_mutex);
	return err ?: size;
}

static ssize_t transition_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", klpl_transition_is_of(patch_of(kobj)));
}

static ssize_t model_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", patch_of(kobj)->model->name);
}

static ssize_t replace_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", patch_of(kobj)->info->replace);
}

static ssize_t error_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(patch_of(kobj)->error));
}

static ssize_t deadline_ms_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(patch_of(kobj)->deadline_ms));
}

static ssize_t deadline_ms_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
				 size_t size)
{
	unsigned int deadline;
	int err = kstrtouint(buf, 0, &deadline);

	if (err)
		return err;
	if (!deadline)
		return -EINVAL;
	mutex_lock(&klpl_mutex);
	WRITE_ONCE(patch_of(kobj)->deadline_ms, deadline);
	mutex_unlock(&klpl_mutex);
	return size;
}

#define BLOCKERS_SHOWN 16

struct listing {
	char *text;
	size_t size;
	unsigned int room;
};

static void list_blocker(void *data, const struct klpl_task *task)
{
	struct listing *listing = data;
	char name[KLPL_COMM_SIZE];

	if (!listing->room)
		return;
	listing->room--;
	listing->size += scnprintf(listing->text + listing->size, PAGE_SIZE - 32 - listing->size,
				   "%d %s %s\n", task_pid_nr(task->task), klpl_comm(task->task, name),
				   READ_ONCE(task->blocker) ?: "-");
}

/* How many there are, and then some of them. */
static ssize_t blockers_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	char *text = (char *)get_zeroed_page(GFP_KERNEL);
	struct listing listing = { .text = text, .room = BLOCKERS_SHOWN };
	unsigned int count = 0;
	ssize_t size;

	if (!text)
		return -ENOMEM;
	if (klpl_transition_is_of(patch_of(kobj)))
		count = klpl_blockers_each(list_blocker, &listing);
	size = sysfs_emit(buf, "%u\n%s", count, text);
	if (klpl_transition_is_of(patch_of(kobj)) && patch_of(kobj)->model->how == KLPL_SWITCH_COUNT)
		size += sysfs_emit_at(buf, size, "- - %lu calls have not returned\n", klpl_count_inside());
	free_page((unsigned long)text);
	return size;
}

static ssize_t force_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			   size_t size)
{
	bool force;
	int err = kstrtobool(buf, &force);

	if (err || !force)
		return err ?: size;
	mutex_lock(&klpl_mutex);
	if (klpl_transition_is_of(patch_of(kobj)))
		err = klpl_transition_force();
	else
		err = -EINVAL;
	mutex_unlock(&klpl_mutex);
	return err ?: size;
}

static struct kobj_attribute enabled_attr = __ATTR_RW(enabled);
static struct kobj_attribute transition_attr = __ATTR_RO(transition);
static struct kobj_attribute model_attr = __ATTR_RO(model);
static struct kobj_attribute replace_attr = __ATTR_RO(replace);
static struct kobj_attribute error_attr = __ATTR_RO(error);
static struct kobj_attribute deadline_attr = __ATTR_RW(deadline_ms);
static struct kobj_attribute blockers_attr = __ATTR_RO(blockers);
static struct kobj_attribute force_attr = __ATTR_WO(force);

static struct attribute *patch_attrs[] = {
	&enabled_attr.attr, &transition_attr.attr, &replace_attr.attr, &error_attr.attr, &model_attr.attr,
	&deadline_attr.attr, &blockers_attr.attr, &force_attr.attr, NULL,
};
ATTRIBUTE_GROUPS(patch);

static void patch_release(struct kobject *kobj)
{
	complete(&patch_of(kobj)->released);
}

static const struct kobj_type patch_type = {
	.release = patch_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = patch_groups,
};

/* As the kernel's own: OBJECT and OBJECT/FUNCTION,POSITION, POSITION 1 for one that has its name alone. */
struct klpl_part_files {
	struct klpl_part *part;
	struct kobject kobj;
	struct completion released;
	struct func_files {
		struct klpl_part *part;
		size_t index;
		struct kobject kobj;
		struct completion released;
	} funcs[];
};

static ssize_t patched_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct klpl_part_files *files = container_of(kobj, struct klpl_part_files, kobj);

	return sysfs_emit(buf, "%d\n", READ_ONCE(files->part->patched));
}

static ssize_t state_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct func_files *files = container_of(kobj, struct func_files, kobj);
	const struct klpl_part *part = files->part;
	const char *state = READ_ONCE(part->versions[files->index].state);

	if (!READ_ONCE(part->there))
		state = READ_ONCE(part->left_out) ? "left out" : "absent";
	return sysfs_emit(buf, "%s\n", state);
}

static struct kobj_attribute patched_attr = __ATTR_RO(patched);
static struct kobj_attribute state_attr = __ATTR_RO(state);
static struct attribute *part_attrs[] = { &patched_attr.attr, NULL };
static struct attribute *func_attrs[] = { &state_attr.attr, NULL };
ATTRIBUTE_GROUPS(part);
ATTRIBUTE_GROUPS(func);

static void part_release(struct kobject *kobj)
{
	complete(&container_of(kobj, struct klpl_part_files, kobj)->released);
}

static void func_release(struct kobject *kobj)
{
	complete(&container_of(kobj, struct func_files, kobj)->released);
}

static const struct kobj_type part_type = {
	.release = part_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = part_groups,
};

static const struct kobj_type func_type = {
	.release = func_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = func_groups,
};

static int add_part(struct klpl_patch *patch, struct klpl_part *part)
{
	const struct klpl_object_info *info = part->info;
	struct klpl_part_files *files = kzalloc(struct_size(files, funcs, info->func_count), GFP_KERNEL);
	int err;

	if (!files)
		return -ENOMEM;
	part->files = files;
	files->part = part;
	init_completion(&files->released);
	err = kobject_init_and_add(&files->kobj, &part_type, &patch->kobj, "%s", info->name ?: "vmlinux");
	for (size_t i = 0; i < info->func_count && !err; i++) {
		struct func_files *func = &files->funcs[i];

		func->part = part;
		func->index = i;
		init_completion(&func->released);
		err = kobject_init_and_add(&func->kobj, &func_type, &files->kobj, "%s,%lu", info->funcs[i].name,
					   info->funcs[i].sympos ?: 1);
	}
	return err;
}

/* Also one that is not there, or not in sysfs. Waits for those who are in one of its files. */
static void remove_kobject(struct kobject *kobj, struct completion *released)
{
	if (!kobj->state_initialized)
		return;
	if (kobj->state_in_sysfs)
		kobject_del(kobj);
	kobject_put(kobj);
	wait_for_completion(released);
}

static void remove_part(struct klpl_part *part)
{
	struct klpl_part_files *files = part->files;

	for (size_t i = 0; files && i < part->info->func_count; i++)
		remove_kobject(&files->funcs[i].kobj, &files->funcs[i].released);
	if (files)
		remove_kobject(&files->kobj, &files->released);
	kfree(files);
	part->files = NULL;
}

int klpl_sysfs_add(struct klpl_patch *patch)
{
	int err = kobject_init_and_add(&patch->kobj, &patch_type, root, "%s", patch->name);

	for (size_t i = 0; i < patch->info->object_count && !err; i++)
		err = add_part(patch, &patch->parts[i]);
	return err;
}

void klpl_sysfs_remove(struct klpl_patch *patch)
{
	for (size_t i = 0; patch->parts && i < patch->info->object_count; i++)
		remove_part(&patch->parts[i]);
	remove_kobject(&patch->kobj, &patch->released);
}

void klpl_sysfs_changed(struct klpl_patch *patch)
{
	sysfs_notify(&patch->kobj, NULL, "transition");
	sysfs_notify(&patch->kobj, NULL, "enabled");
}

static char checked_text[KLPL_CHECK_TEXT];
static DEFINE_MUTEX(checked_lock);

void klpl_sysfs_checked(const char *text)
{
	mutex_lock(&checked_lock);
	strscpy(checked_text, text, sizeof(checked_text));
	mutex_unlock(&checked_lock);
}

static ssize_t checked_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	ssize_t size;

	mutex_lock(&checked_lock);
	size = sysfs_emit(buf, "%s", checked_text);
	mutex_unlock(&checked_lock);
	return size;
}

static struct kobj_attribute checked_attr = __ATTR_RO(checked);

int klpl_sysfs_init(void)
{
	int err;

	root = kobject_create_and_add("klp_loader", kernel_kobj);
	if (!root)
		return -ENOMEM;
	err = sysfs_create_file(root, &checked_attr.attr);
	if (err)
		kobject_put(root);
	return err;
}

void klpl_sysfs_exit(void)
{
	sysfs_remove_file(root, &checked_attr.attr);
	kobject_put(root);
}
