// SPDX-License-Identifier: GPL-2.0-or-later
// An array that the kernel walks, of entries without names (a PCI quirk): it grew.
// exit: 2
// says: .pci_fixup_final
#include "kernel.h"
#ifdef PATCHED
static __used int quirk(int a)
{
	return helper(a);
}
asm(".pushsection .pci_fixup_final,\"a\"\n .balign 16\n .short 0x8086, 0x1234\n .long 0, 0\n"
    " .long quirk - .\n .popsection");
#endif
int unrelated(int a)
{
	return helper(a) + 1;
}
