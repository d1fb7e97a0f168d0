/* SPDX-License-Identifier: GPL-2.0 */
/* Shadow variables: see klpkit/loader.h. */
#ifndef KLPL_SHADOW_H
#define KLPL_SHADOW_H

void klpl_shadow_exit(void);

#endif
