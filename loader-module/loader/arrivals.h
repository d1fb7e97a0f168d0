/* SPDX-License-Identifier: GPL-2.0 */
/* Modules that come and go: the parts of patches that are about them come and go with them. */
#ifndef KLPL_ARRIVALS_H
#define KLPL_ARRIVALS_H

struct module;

/* The module of that name, kept from going; NULL when it is not there. */
struct module *klpl_arrivals_get(const char *name);
/* Has it been on its way since before we were told of such? */
bool klpl_arrivals_missed(const char *name);

int klpl_arrivals_init(void);
void klpl_arrivals_exit(void);

#endif
