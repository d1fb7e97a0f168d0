// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Others who want to hear of a function's calls; linked statically.
 *
 *   rival fentry|fexit|perf FUNCTION FILE   is told of its calls as long as FILE is there: by a BPF program at its entry,
 *                                           at its exit, or by perf. Says "there" when it is, and in the end how often.
 *
 * Exit status 2: this kernel has no such thing; 3: it is refused.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int refused(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	return 3;
}

static void wait_for_end_of(const char *file)
{
	puts("there");
	fflush(stdout);
	while (!access(file, F_OK))
		usleep(10000);
}

/* Adds one to the only value of an array. */
static int load_program(enum bpf_attach_type type, const char *function, int map)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = BPF_REG_1, .src_reg = BPF_PSEUDO_MAP_VALUE, .imm = map },
		{ 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 1 },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_2, .imm = BPF_ADD },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = type);
	struct btf *types = btf__load_vmlinux_btf();
	int id = types ? btf__find_by_name_kind(types, function, BTF_KIND_FUNC) : -1;

	if (id < 0) {
		fprintf(stderr, "the kernel's types do not have %s\n", function);
		exit(2);
	}
	options.attach_btf_id = id;
	return bpf_prog_load(BPF_PROG_TYPE_TRACING, "klpkit", "GPL", program, sizeof(program) / sizeof(*program),
			     &options);
}

static int by_bpf(enum bpf_attach_type type, const char *function, const char *file)
{
	int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "klpkit", sizeof(uint32_t), sizeof(uint64_t), 1, NULL);
	uint32_t first = 0;
	uint64_t hits = 0;
	int program;

	if (map < 0)
		return refused("map") && errno == ENOSYS ? 2 : 3;
	program = load_program(type, function, map);
	if (program < 0)
		return refused("program");
	if (bpf_raw_tracepoint_open(NULL, program) < 0)
		return refused("attach");
	wait_for_end_of(file);
	if (bpf_map_lookup_elem(map, &first, &hits))
		return refused("map");
	printf("%llu\n", (unsigned long long)hits);
	return 0;
}

/* Of all tasks: an event for each CPU. */
static int by_perf(const char *function, const char *file)
{
	struct perf_event_attr event = { .size = sizeof(event), .kprobe_func = (uintptr_t)function };
	FILE *type = fopen("/sys/bus/event_source/devices/kprobe/type", "r");
	int fds[64], cpus = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t hits, sum = 0;

	if (!type || fscanf(type, "%u", &event.type) != 1)
		return 2;
	for (int cpu = 0; cpu < cpus && cpu < 64; cpu++) {
		fds[cpu] = syscall(SYS_perf_event_open, &event, -1, cpu, -1, 0);
		if (fds[cpu] < 0)
			return refused("perf_event_open");
	}
	wait_for_end_of(file);
	for (int cpu = 0; cpu < cpus && cpu < 64; cpu++) {
		if (read(fds[cpu], &hits, sizeof(hits)) != sizeof(hits))
			return refused("read");
		sum += hits;
	}
	printf("%llu\n", (unsigned long long)sum);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "fentry"))
		return by_bpf(BPF_TRACE_FENTRY, argv[2], argv[3]);
	if (argc == 4 && !strcmp(argv[1], "fexit"))
		return by_bpf(BPF_TRACE_FEXIT, argv[2], argv[3]);
	if (argc == 4 && !strcmp(argv[1], "perf"))
		return by_perf(argv[2], argv[3]);
	fprintf(stderr, "usage: rival fentry|fexit|perf FUNCTION FILE\n");
	return 64;
}
