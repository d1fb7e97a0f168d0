// SPDX-License-Identifier: GPL-2.0
#include <linux/kallsyms.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

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

	if (!listing->room)
		return;
	listing->room--;
	listing->size += scnprintf(listing->text + listing->size, PAGE_SIZE - 32 - listing->size,
				   "%d %s %s\n", task_pid_nr(task->task), task->task->comm,
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
		count = klpl_transition_blockers(list_blocker, &listing);
	size = sysfs_emit(buf, "%u\n%s", count, text);
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
static struct kobj_attribute deadline_attr = __ATTR_RW(deadline_ms);
static struct kobj_attribute blockers_attr = __ATTR_RO(blockers);
static struct kobj_attribute force_attr = __ATTR_WO(force);

static struct attribute *patch_attrs[] = {
	&enabled_attr.attr, &transition_attr.attr, &model_attr.attr, &deadline_attr.attr,
	&blockers_attr.attr, &force_attr.attr, NULL,
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

/* Directories as the kernel's own livepatch has them: OBJECT/FUNCTION,POSITION */
static int add_part(struct klpl_patch *patch, struct klpl_part *part)
{
	const struct klpl_object_info *info = part->info;

	part->kobj = kobject_create_and_add(info->name ?: "vmlinux", &patch->kobj);
	if (!part->kobj)
		return -ENOMEM;
	part->func_kobjs = kcalloc(info->func_count, sizeof(*part->func_kobjs), GFP_KERNEL);
	if (!part->func_kobjs)
		return -ENOMEM;
	for (size_t i = 0; i < info->func_count; i++) {
		char name[KSYM_NAME_LEN + 24];

		snprintf(name, sizeof(name), "%s,%lu", info->funcs[i].name, info->funcs[i].sympos ?: 1);
		part->func_kobjs[i] = kobject_create_and_add(name, part->kobj);
		if (!part->func_kobjs[i])
			return -ENOMEM;
	}
	return 0;
}

static void remove_part(struct klpl_part *part)
{
	for (size_t i = 0; part->func_kobjs && i < part->info->func_count; i++)
		kobject_put(part->func_kobjs[i]);
	kfree(part->func_kobjs);
	kobject_put(part->kobj);
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
	if (!patch->kobj.state_initialized)
		return;
	for (size_t i = 0; i < patch->info->object_count; i++)
		remove_part(&patch->parts[i]);
	if (patch->kobj.state_in_sysfs)
		kobject_del(&patch->kobj);
	kobject_put(&patch->kobj);
	wait_for_completion(&patch->released);
}

void klpl_sysfs_changed(struct klpl_patch *patch)
{
	sysfs_notify(&patch->kobj, NULL, "transition");
	sysfs_notify(&patch->kobj, NULL, "enabled");
}

int klpl_sysfs_init(void)
{
	root = kobject_create_and_add("klp_loader", kernel_kobj);
	return root ? 0 : -ENOMEM;
}

void klpl_sysfs_exit(void)
{
	kobject_put(root);
}
