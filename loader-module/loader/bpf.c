// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/kprobes.h>

#include "bpf.h"
#include "redirect.h"

#ifdef CONFIG_BPF_JIT
struct attempt {
	const struct bpf_trampoline *trampoline;
};

static int begins(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct attempt *attempt = (void *)instance->data;

	attempt->trampoline = (void *)regs_get_kernel_argument(regs, 1);
	return 0;
}

/* The trampoline stays while its program is attached to it, which is still going on. */
static int has_ended(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct attempt *attempt = (void *)instance->data;
	char patch[MODULE_NAME_LEN];

	if ((int)regs_return_value(regs) == -EBUSY &&
	    klpl_redirect_has_direct((unsigned long)attempt->trampoline->func.addr, patch, sizeof(patch)))
		pr_warn("%ps() is not for BPF: %s has its direct call; parameter direct=0, and enabling that patch again, leaves it\n",
			attempt->trampoline->func.addr, patch);
	return 0;
}

static struct kretprobe attempts = {
	.kp.symbol_name = "bpf_trampoline_link_prog",
	.entry_handler = begins,
	.handler = has_ended,
	.data_size = sizeof(struct attempt),
};
static bool watched;

void klpl_bpf_init(void)
{
	watched = !register_kretprobe(&attempts);
}

void klpl_bpf_exit(void)
{
	if (watched)
		unregister_kretprobe(&attempts);
}
#else
void klpl_bpf_init(void)
{
}

void klpl_bpf_exit(void)
{
}
#endif
