/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a patch module tells klp_loader.ko. Kernel only.
 *
 * A patch module calls klpl_patch_load() from its init and klpl_patch_unload() from its exit. Between
 * the two it is enabled and disabled through /sys/kernel/klp_loader/NAME/enabled; while it is not
 * disabled it holds a reference to its own module, so that it cannot be removed.
 */
#ifndef KLPKIT_LOADER_H
#define KLPKIT_LOADER_H

#include <linux/module.h>
#include <linux/types.h>

/* One replaced function. */
struct klpl_func_info {
	const char *name;     /* in the object's symbol table */
	unsigned long sympos; /* 0: the name is unique; else 1, 2, ... in the object's order */
	void *new_func;
	/*
	 * Nobody has to leave the old one, which may always have somebody in it: callers get the new one from the
	 * moment in which the transition begins, and on the way back until all have switched, whatever the model.
	 * Then it is waited for those who are in the new one, and there is no way back any more.
	 */
	bool immediate;
};

/*
 * Something else whose presence on a stack means that a task is in old code (a caller by sibling
 * call): checked, not redirected. Pieces of the functions called NAME.cold are found by the loader.
 */
struct klpl_check_info {
	const char *name;
	unsigned long sympos;
};

/*
 * The part of a patch that is about one object. The functions may be NULL; they may sleep, and are never
 * called two at once. data is for them.
 */
struct klpl_object_info {
	const char *name; /* NULL: the kernel itself; else a module, perhaps not there yet */
	const struct klpl_func_info *funcs;
	size_t func_count;
	const struct klpl_check_info *checks;
	size_t check_count;
	/*
	 * The object is there: when the patch is loaded, or when the module arrives, before its init.
	 * An error refuses what comes; of a patch that is disabled, not the module, but the patch when it is enabled again.
	 * leave(): it goes, or the patch does.
	 */
	int (*arrive)(void *data, struct module *module);
	void (*leave)(void *data);
	/*
	 * Before anything is redirected: an error keeps the patch, or the module that arrives, out.
	 * After all have switched to it; before the first leaves it; after all have left it. The last
	 * one also when a beginning was undone.
	 */
	int (*pre_patch)(void *data);
	void (*post_patch)(void *data);
	void (*pre_unpatch)(void *data);
	void (*post_unpatch)(void *data);
	/*
	 * Only with the models "kernel" and "quiesce": while everything is stopped, nobody is in the old code any more and nobody
	 * yet in the new; and for the way back. They may not sleep, lock, allocate or print; an NMI may come in
	 * between. An error keeps all as it was: the other objects' are called back, and the patch is not enabled, or
	 * stays so. For a module that arrives, or leaves, nothing is stopped: nobody is in it.
	 */
	int (*apply)(void *data);
	int (*unapply)(void *data);
	/* As the patch's own flag of that name; not before pre_patch(), nor after post_unpatch(). */
	void (*switched)(void *data, bool all);
	void *data;
};

/*
 * The least that a model must give, on two axes: what a task must have left before it may switch, and what switches
 * together. Each is more than the one before it.
 */
enum klpl_leave {
	KLPL_LEAVE_FUNCTION, /* nothing: who is in an old function goes on in it */
	KLPL_LEAVE_SET,	     /* all functions of the patch */
	KLPL_LEAVE_KERNEL,   /* the kernel */
};

enum klpl_together {
	KLPL_TOGETHER_FUNCTION, /* each function by itself */
	KLPL_TOGETHER_THREAD,	/* all functions, for each task by itself */
	KLPL_TOGETHER_KERNEL,	/* all functions, for all tasks in one moment */
};

/*
 * What a patch has made of the system's data: a kind, by a number of the author's, and its version. Who comes later has
 * to know it: a patch is refused while one is enabled that has a higher version of one of its kinds, and one that
 * replaces it has to have all of its kinds. As the kernel's struct klp_state.
 */
struct klpl_state {
	unsigned long id;
	unsigned int version;
	void *data; /* the author's */
};

/* All of it stays as it is while the patch is loaded. */
struct klpl_patch_info {
	struct module *owner;
	const char *model; /* "immediate", "kernel", "lazy", "quiesce", "refcount", "task"; NULL: "task" */
	unsigned int deadline_ms; /* 0: the loader's */
	enum klpl_leave leave;
	enum klpl_together together;
	/*
	 * One of the patch's own, or NULL: true while the whole system has switched, from before post_patch() until
	 * before pre_unpatch(), but not while another patch takes its place. To be read by smp_load_acquire(); who finds
	 * it true may rely on it until he sleeps, and sees what was done before.
	 */
	bool *switched;
	/*
	 * Not loaded: it is only looked who could switch now, which /sys/kernel/klp_loader/checked tells then.
	 * klpl_patch_load() returns -ECANCELED.
	 */
	bool check;
	bool replace; /* all patches before it: when it is enabled they are disabled, without calls of theirs */
	const char *const *replaces; /* not all: only modules of these names, the last is NULL; or NULL */
	struct klpl_state *states;
	size_t state_count;
	const struct klpl_object_info *objects;
	size_t object_count;
};

/*
 * Begins to enable the patch: with "task" its transition goes on after the return. 0, or a negative
 * error with nothing left behind and the reason in the kernel's log.
 */
int klpl_patch_load(const struct klpl_patch_info *info);
/* Only for a patch that was loaded, when it is disabled: its module cannot be removed otherwise. */
void klpl_patch_unload(const struct klpl_patch_info *info);

/*
 * A patch's state of a kind; and that of the latest one before it that is enabled, or was until this one took its
 * place. NULL: there is none. To be called by the patch's own calls, from pre_patch() to post_unpatch().
 */
struct klpl_state *klpl_state_get(const struct klpl_patch_info *info, unsigned long id);
struct klpl_state *klpl_state_before(const struct klpl_patch_info *info, unsigned long id);

/*
 * Of a patch whose relocations klp-build made (loader-module/loader/relocs.h): those for a module, which has come; and
 * undone again, when it has gone. 0 or an error, with nothing applied and the reason in the log. Both sleep.
 */
int klpl_relocs_apply(const struct module *patch, const char *module);
void klpl_relocs_clear(const struct module *patch, const char *module);

/*
 * Shadow variables: what a patch attaches to objects that live already. An object's is found by its address
 * and id, a number of the author's that names the kind; zeroed at first. They outlive the patch, so that
 * the next one finds them, until they are freed: with the object, or all of a kind when the patch is
 * disabled. As the kernel's own klp_shadow_*(), which only kernels with CONFIG_LIVEPATCH have.
 *
 * The constructor and the destructor run under a spinlock, with interrupts off: they may not sleep. An error
 * of the constructor is one of the allocation.
 */
typedef int (*klpl_shadow_ctor)(void *object, void *shadow, void *data);
typedef void (*klpl_shadow_dtor)(void *object, void *shadow);

/* NULL: there is none. The caller sees to it that the object, and with it the shadow, stays. */
void *klpl_shadow_get(const void *object, unsigned long id);
/* NULL, with a warning, also when there is one already. */
void *klpl_shadow_alloc(void *object, unsigned long id, size_t size, gfp_t gfp, klpl_shadow_ctor ctor,
			void *data);
/* One of two who do so at once gets the other's. */
void *klpl_shadow_get_or_alloc(void *object, unsigned long id, size_t size, gfp_t gfp, klpl_shadow_ctor ctor,
			       void *data);
void klpl_shadow_free(void *object, unsigned long id, klpl_shadow_dtor dtor);
void klpl_shadow_free_all(unsigned long id, klpl_shadow_dtor dtor);

#endif
