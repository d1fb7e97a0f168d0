/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/linkage.h>
#include <linux/version.h>
#include <asm/asm-offsets.h>
#include <asm/ibt.h>
#include <asm/nospec-branch.h>
#include <asm/unwind_hints.h>

#include "slots.h"

/*
 * For the unwinder it ends here, and an end is not taken for a clean one: see klpl_slots_add_ranges().
 * Renamed in 6.4.
 */
.macro NO_UNWIND
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	UNWIND_HINT_UNDEFINED
#else
	UNWIND_HINT_EMPTY
#endif
.endm

	.text
	.balign KLPL_SLOT_SIZE
/*
 * Entered by the call of a function's fentry, or by ftrace's return into it when others trace the function, with the
 * registers as the function's caller left them. It goes on by a return, not a jump: that takes the entry off the
 * return predictor that the call put there, and needs no register.
 */
SYM_CODE_START(klpl_slots)
	ANNOTATE_NOENDBR
	.set slot, 0
	.rept KLPL_SLOT_COUNT
	.balign KLPL_SLOT_SIZE
	NO_UNWIND
	addq	$8, %rsp
	pushq	klpl_slot_targets + 8 * slot(%rip)
	RET
	.balign KLPL_SLOT_DECIDE
	ANNOTATE_NOENDBR
	NO_UNWIND
	pushq	$slot
	jmp	klpl_slot_other_half
	.set slot, slot + 1
	.endr
	.balign KLPL_SLOT_SIZE
SYM_CODE_END(klpl_slots)

/* On the stack: the number of the slot, the function's return address. What a caller may pass in is kept. */
SYM_CODE_START_LOCAL(klpl_slot_other_half)
	NO_UNWIND
	pushq	%rax
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	pushq	%rcx
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	movq	72(%rsp), %rdi
	leaq	80(%rsp), %rsi
	call	klpl_slot_decide
	movq	%rax, 72(%rsp)
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rcx
	popq	%rdx
	popq	%rsi
	popq	%rdi
	popq	%rax
	RET
.Lend:
SYM_CODE_END(klpl_slot_other_half)

	.section .rodata, "a"
SYM_DATA(klpl_slots_size, .quad .Lend - klpl_slots)
