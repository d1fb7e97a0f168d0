// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fails the n-th allocation of a run of the differ, for n = 1, 2, ... until a run needs no more:
 *
 *   fail-alloc ORIG.o PATCHED.o SYMTAB MODULE.SYMVERS OUT.o OPTIONS [STEP]
 *
 * OPTIONS: any of the letters l (layouts), d (apply data), p (all places), m (of a module, some_module). Each run has to end with
 * the error of a failed allocation, or with the very result of the run in which none fails, OUT.o
 * written whole or not at all; and leaves as much allocated as there was before it. Of a run's allocations all of the process are
 * counted, libelf's and libc's too, but for libdwarf's: that one does not survive it (it gives up in
 * the middle of freeing its tables, or says that there is no debug information).
 * STEP: only every so many-th of them fails; "=N" aborts
 * at the N-th, for a debugger.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <klpkit/diff.h>
#include <klpkit/file.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *old);

/* What the functions below look at: there is no other way to reach them. */
static struct {
	bool counting, abort;
	size_t count, fail_at, live;
} state;

static bool is_libdwarfs(const void *code)
{
	Dl_info info;

	return dladdr(code, &info) && info.dli_fname && strstr(info.dli_fname, "libdwarf");
}

static bool fails(const void *caller)
{
	if (!state.counting || is_libdwarfs(caller))
		return false;
	if (++state.count != state.fail_at)
		return false;
	if (state.abort)
		abort();
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	void *new = fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);

	state.live += new != NULL;
	return new;
}

void *calloc(size_t count, size_t size)
{
	void *new = fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);

	state.live += new != NULL;
	return new;
}

void *realloc(void *old, size_t size)
{
	void *new = fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);

	state.live += !old && new;
	return new;
}

void free(void *old)
{
	state.live -= old != NULL;
	__libc_free(old);
}

struct inputs {
	const char *out;
	struct diff_input input;
	struct symtab *symtab;
	struct image *image;
	struct symvers *symvers;
};

/* What came out, in one text: outcome, findings, object. */
struct outcome {
	struct error *err;
	char *text;
	size_t size;
	enum diff_outcome outcome;
	void *object;
	size_t object_size;
	bool is_written;
};

static void describe(const struct diff_result *result, struct outcome *ret)
{
	FILE *out = open_memstream(&ret->text, &ret->size);
	size_t count, size;
	const struct finding *findings = diff_findings(result, &count);
	const void *object = diff_object(result, &size);

	fprintf(out, "%d\n", diff_outcome(result));
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%d %s %s %s %s %u %s %s %s\n", findings[i].kind, findings[i].code,
			findings[i].symbol ?: "", findings[i].section ?: "",
			findings[i].file ?: "", findings[i].line, findings[i].reason,
			findings[i].advice ?: "", findings[i].detail ?: "");
	fclose(out);
	ret->outcome = diff_outcome(result);
	ret->object_size = object ? size : 0;
	ret->object = malloc(ret->object_size + 1);
	memcpy(ret->object, object ?: "", ret->object_size);
}

static void run(const struct inputs *inputs, size_t fail_at, struct outcome *ret)
{
	struct diff_result *result = NULL;
	const void *object;
	size_t size;

	*ret = (struct outcome){ 0 };
	state.count = 0;
	state.fail_at = fail_at;
	state.counting = true;
	unlink(inputs->out);
	ret->err = diff_run(&inputs->input, &result);
	object = ret->err ? NULL : diff_object(result, &size);
	if (object)
		ret->err = file_write(inputs->out, object, size, 0666);
	state.counting = false;
	if (!ret->err)
		describe(result, ret);
	ret->is_written = !access(inputs->out, F_OK);
	diff_result_destroy(result);
}

/* NULL when all is well. */
static const char *judge(const struct outcome *outcome, const struct outcome *usual)
{
	if (outcome->is_written != (!outcome->err && outcome->outcome == DIFF_CHANGED))
		return "an output where there should be none, or none";
	if (outcome->err)
		return strstr(outcome->err->message, "memory") ? NULL : outcome->err->message;
	if (outcome->outcome == DIFF_CHANGED &&
	    (outcome->object_size != usual->object_size ||
	     memcmp(outcome->object, usual->object, usual->object_size)))
		return "another object than usual";
	if (outcome->size != usual->size || memcmp(outcome->text, usual->text, usual->size))
		return "other findings than usual";
	return NULL;
}

static void outcome_end(struct outcome *outcome)
{
	error_destroy(outcome->err);
	free(outcome->text);
	free(outcome->object);
}

static int try_all(const struct inputs *inputs, size_t step)
{
	struct outcome usual, outcome;
	size_t needed, failed = 0, before;

	if (state.abort)
		run(inputs, step, &usual);
	run(inputs, 0, &usual); /* what is made once and kept */
	outcome_end(&usual);
	run(inputs, 0, &usual);
	needed = state.count;
	if (usual.err) {
		fprintf(stderr, "fail-alloc: %s\n", usual.err->message);
		return 1;
	}
	for (size_t n = 1; n <= needed; n += step) {
		const char *problem;

		before = state.live;
		run(inputs, n, &outcome);
		problem = judge(&outcome, &usual);
		if (problem)
			printf("allocation %zu of %zu: %s\n", n, needed, problem);
		outcome_end(&outcome);
		if (!problem && state.live != before)
			printf("allocation %zu of %zu: %s\n", n, needed,
			       problem = "something is left allocated");
		if (!problem)
			continue;
		if (++failed == 20)
			break;
	}
	outcome_end(&usual);
	printf("%zu allocations, every %zu. failed, %zu times wrong\n", needed, step, failed);
	return failed != 0;
}

int main(int argc, char **argv)
{
	struct inputs inputs = { 0 };
	struct error *err;
	int status = 1;

	if (argc < 7)
		return EXIT_USAGE;
	err = symtab_open(argv[3], &inputs.symtab, &inputs.image);
	if (!err)
		err = symvers_open(argv[4], &inputs.symvers);
	if (err) {
		fprintf(stderr, "fail-alloc: %s\n", err->message);
		return EXIT_ERROR;
	}
	inputs.out = argv[5];
	inputs.input = (struct diff_input){
		.orig_path = argv[1],
		.patched_path = argv[2],
		.parent_name = strchr(argv[6], 'm') ? "some_module" : "vmlinux",
		.parent = inputs.symtab,
		.image = inputs.image,
		.symvers = inputs.symvers,
		.layouts = strchr(argv[6], 'l'),
		.apply_data = strchr(argv[6], 'd'),
		.all_places = strchr(argv[6], 'p'),
	};
	state.abort = argc > 7 && *argv[7] == '=';
	status = try_all(&inputs, argc > 7 ? strtoul(argv[7] + state.abort, NULL, 10) : 1);
	symtab_destroy(inputs.symtab);
	image_destroy(inputs.image);
	symvers_destroy(inputs.symvers);
	return status;
}
