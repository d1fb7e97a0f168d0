/* SPDX-License-Identifier: GPL-2.0 */
/* Who has a function that ftrace does not give to us. */
#ifndef KLPL_RIVAL_H
#define KLPL_RIVAL_H

/* site: where its fentry call is; function: its start. Writes who it is, as far as that can be found out. Sleeps. */
void klpl_rival_name(unsigned long function, unsigned long site, char *name, size_t size);

#endif
