/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Held functions: carried ones that no stack check looks for, because their address was stored
 * or they are reached by a sibling call. One whose author did not say how it drains makes the
 * patch permanent: its memory is never given back.
 */
#ifndef KLPKIT_GLUE_HELD_H
#define KLPKIT_GLUE_HELD_H

struct klp_object;

int klpkit_held_init(void);
/* Drains what is left: a patch that was replaced is not asked to unpatch. May sleep. */
void klpkit_held_exit(void);

/* The functions of an object can be reached from now on. */
void klpkit_held_arrive(const struct klp_object *obj);
/* They cannot any more, once this has run their drains. May sleep. */
void klpkit_held_drain(const char *object);

/* After the patch has been enabled: keep the module for ever if it has to be. */
void klpkit_held_pin(void);

#endif
