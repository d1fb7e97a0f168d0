/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few things of a kernel that the pairs need: special section entries, in our own words. */
#ifndef PAIRS_KERNEL_H
#define PAIRS_KERNEL_H

#define noinline __attribute__((noinline))
#define notrace __attribute__((no_instrument_function))
#define __section(name) __attribute__((section(name)))
#define __used __attribute__((used))

struct bug_entry {
	int addr, file;
	unsigned short line, flags;
};

#define EMIT_BUG_ENTRY(flags_value)                                                            \
	asm volatile("1: ud2\n"                                                                \
		     ".pushsection __bug_table,\"aw\"\n"                                       \
		     "2: .long 1b - 2b\n .long %c0 - 2b\n .word %c1\n .word %c2\n"             \
		     ".popsection" ::"i"(__FILE__), "i"(__LINE__), "i"(flags_value))
#define WARN_ON(cond)                                                                          \
	do {                                                                                   \
		if (__builtin_expect(!!(cond), 0))                                             \
			EMIT_BUG_ENTRY(1);                                                     \
	} while (0)

#define EXTABLE_READ(value, pointer)                                                           \
	asm volatile("1: movl %1, %0\n2:\n"                                                    \
		     ".pushsection __ex_table,\"a\"\n .balign 4\n"                             \
		     ".long 1b - .\n .long 2b - .\n .long 3\n .popsection"                     \
		     : "=r"(value)                                                             \
		     : "m"(*(pointer)))

#define ALTERNATIVE_NOP()                                                                      \
	asm volatile("1: .byte 0x90, 0x90, 0x90\n2:\n"                                         \
		     ".pushsection .altinstructions,\"a\"\n"                                   \
		     ".long 1b - .\n .long 3f - .\n .word 7\n .byte 2b - 1b\n .byte 4f - 3f\n" \
		     ".popsection\n"                                                           \
		     ".pushsection .altinstr_replacement,\"ax\"\n3: lfence\n4: .popsection")

struct static_key {
	int enabled;
	void *entries;
};

#define static_branch(key)                                                                     \
	({                                                                                     \
		__label__ yes;                                                                 \
		int taken = 0;                                                                 \
		asm goto("1: .byte 0x0f,0x1f,0x44,0x00,0x00\n"                                 \
			 ".pushsection __jump_table,\"aw\"\n .balign 8\n"                      \
			 ".long 1b - .\n .long %l[yes] - .\n .quad %c0 - .\n .popsection"      \
			 :                                                                     \
			 : "i"(key)                                                            \
			 :                                                                     \
			 : yes);                                                               \
		if (0) {                                                                       \
yes:                                                                                           \
			taken = 1;                                                             \
		}                                                                              \
		taken;                                                                         \
	})

extern int printk(const char *fmt, ...);
extern int helper(int value);
extern void might_use(void *pointer);

#endif
