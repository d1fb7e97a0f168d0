/* SPDX-License-Identifier: GPL-2.0 */
#include <linux/linkage.h>
#include <asm/asm-offsets.h>
#include <asm/ibt.h>
#include <asm/nospec-branch.h>

#ifndef CONFIG_LIVEPATCH
	.text
/* By the call of a function's fentry, with that function's three arguments, which it gets after this. */
SYM_FUNC_START(klpl_finalize_entry)
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rdi
	pushq	%rsi
	pushq	%rdx
	call	klpl_finalize
	popq	%rdx
	popq	%rsi
	popq	%rdi
	popq	%rbp
	RET
SYM_FUNC_END(klpl_finalize_entry)
#endif
