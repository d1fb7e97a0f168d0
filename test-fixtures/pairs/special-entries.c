// SPDX-License-Identifier: GPL-2.0-or-later
// The entries of the changed function come along, those of the others stay behind.
// exit: 0
// says: changed function: special
// section: __ex_table 12
// section: __jump_table 16
// section: .altinstr_replacement 3
// section: __bug_table 12
// undefined: .klp.ref.vmlinux.vmlinux.a_key,0
#include "kernel.h"
struct static_key a_key;

int others(int *a)
{
	int value;

	WARN_ON(!a);
	EXTABLE_READ(value, a);
	ALTERNATIVE_NOP();
	if (static_branch(&a_key))
		value = helper(value) + 1;
	return value;
}

int special(int *a)
{
	int value;

	WARN_ON(!a);
	EXTABLE_READ(value, a);
	ALTERNATIVE_NOP();
	if (static_branch(&a_key))
		value = helper(value) + 2;
#ifdef PATCHED
	value += helper(3);
#endif
	return value;
}
