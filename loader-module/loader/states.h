/* SPDX-License-Identifier: GPL-2.0 */
/* What patches have made of the system's data, and who knows it. */
#ifndef KLPL_STATES_H
#define KLPL_STATES_H

#include "patches.h"

/* Does it know what the enabled ones have made? 0, or -EINVAL with the reason in the log. klpl_mutex is held. */
int klpl_states_check(const struct klpl_patch *patch);

#endif
