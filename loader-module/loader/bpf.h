/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A function's direct call is one user's: where it is ours, ftrace refuses BPF's trampoline, and asks nobody. Who attaches
 * the program is told by errno only; this says in the log who has the function.
 */
#ifndef KLPL_BPF_H
#define KLPL_BPF_H

/* Without BPF, or where it cannot be watched, it does nothing. */
void klpl_bpf_init(void);
void klpl_bpf_exit(void);

#endif
