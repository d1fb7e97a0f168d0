/* SPDX-License-Identifier: GPL-2.0 */
/* Is this the kernel, and are these the modules, that the patch was built for? */
#ifndef KLPKIT_GLUE_IDENTITY_H
#define KLPKIT_GLUE_IDENTITY_H

struct klp_object;
struct module;

/* -EINVAL, after a message that names both build-ids, when it is another one. */
int klpkit_check_vmlinux(void);
int klpkit_check_module(const struct module *mod);
/* All of the patched modules that are loaded now; objs ends as in struct klp_patch. */
int klpkit_check_loaded(const struct klp_object *objs);

#endif
