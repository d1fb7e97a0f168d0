// SPDX-License-Identifier: GPL-2.0-or-later
// File-scope variables that are only named like what a use makes for itself keep their identity.
// exit: 0
// says: changed function: uses
// undefined: .klp.ref.vmlinux.vmlinux.descriptor,0
// undefined: .klp.ref.vmlinux.vmlinux._rs,0
// undefined: .klp.ref.vmlinux.vmlinux.__key,0
#include "kernel.h"
static int descriptor, _rs, __key;

int uses(int a)
{
	descriptor += a;
	_rs += a;
	might_use(&__key);
#ifdef PATCHED
	a++;
#endif
	return helper(a);
}

int others(int a)
{
	might_use(&__key);
	return descriptor + _rs;
}
