/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the glue needs of vmlinux and is not exported: references in the form of
 * include/klpkit/format.h, like those of the patch itself.
 */
#ifndef KLPKIT_GLUE_REFS_H
#define KLPKIT_GLUE_REFS_H

#include <linux/elf.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct module;

/* The assembler takes a comma in a name only in quotes. */
#define KLPKIT_REF(name) __asm__("\".klp.ref.vmlinux.vmlinux." #name ",0\"")

/* Preemption has to be off. */
struct module *klpkit_find_module(const char *name) KLPKIT_REF(find_module);

extern const u8 klpkit_start_notes[] KLPKIT_REF(__start_notes);
extern const u8 klpkit_stop_notes[] KLPKIT_REF(__stop_notes);

void *klpkit_text_poke(void *addr, const void *opcode, size_t len) KLPKIT_REF(text_poke);
extern typeof(void (void)) klpkit_text_poke_sync KLPKIT_REF(text_poke_sync);
extern struct mutex klpkit_text_mutex KLPKIT_REF(text_mutex);

#endif
