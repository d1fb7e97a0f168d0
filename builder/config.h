/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel configuration, as text. */
#ifndef KLPKIT_CONFIG_H
#define KLPKIT_CONFIG_H

#include <stdbool.h>

#include "text.h"

/* The value of CONFIG_NAME, without the quotes of a string; NULL when it is not set. */
const char *config_value(struct text *text, const char *config, const char *name);
bool config_enabled(const char *config, const char *name);
/* The version in "# Linux/x86 6.1.192 Kernel Configuration", or NULL; the architecture before. */
const char *config_version(struct text *text, const char *config, const char **arch_ret);
/* Without SYSTEM_TRUSTED_KEYS: the distribution's certificates are not in its source. */
const char *config_without_keys(struct text *text, const char *config);

#endif
