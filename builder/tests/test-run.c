// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs that end well, badly, by a signal, or never start. */
#include <stdlib.h>
#include <tap.h>
#include <unistd.h>

#include <klpkit/error.h>
#include <klpkit/file.h>

#include "run.h"

static char *const argv_true[] = {"true", NULL};

static void check_message(struct error *err, const char *want, const char *what)
{
	ok(err && err->exit == EXIT_ERROR && strstr(err->message, want), "%s", what);
	if (err && !strstr(err->message, want))
		printf("# message: %s\n", err->message);
	error_destroy(err);
}

static void test_ends(void)
{
	char *const fails[] = {"sh", "-c", "echo one; echo x.c:3:1: error: bad >&2; exit 7", NULL};
	char *const dies[] = {"sh", "-c", "kill -KILL $$", NULL};
	char *const absent[] = {"klpkit-no-such-program", NULL};
	struct run_options nowhere = {.cwd = "/nonexistent/klpkit"};

	ok(!run_command(argv_true, NULL), "a command that succeeds");
	check_message(run_command(fails, NULL),
		      "sh failed with exit code 7:\n  x.c:3:1: error: bad",
		      "a failure shows its error line");
	check_message(run_command(dies, NULL), "killed by signal 9 (KILL)", "a signal is named");
	check_message(run_command(absent, NULL), "cannot run klpkit-no-such-program: No such file",
		      "a missing program is named");
	check_message(run_command(argv_true, &nowhere), "/nonexistent/klpkit: No such file",
		      "a missing directory is named");
}

static void test_capture(void)
{
	char *const speaks[] = {"sh", "-c", "pwd; echo \"$A-$B\"; echo noise >&2", NULL};
	const char *const env[] = {"A=a value", "B", NULL};
	struct run_options options = {.cwd = "/", .env = env};
	char *text = NULL, *const status_argv[] = {"sh", "-c", "echo x; exit 3", NULL};
	size_t size = 0;
	int status = -1;

	setenv("B", "set", 1);
	ok(!run_capture(speaks, &options, &text, &size), "stdout is captured");
	is_str(text, "/\na value-\n", "in its directory and environment, without stderr");
	ok(size == strlen("/\na value-\n"), "with its size");
	free(text);
	ok(!run_status(status_argv, NULL, &status, &text) && status == 3,
	   "an exit code can be a result");
	is_str(text, "x\n", "with the output");
	free(text);
}

static void test_log(const char *dir)
{
	char *const fails[] = {"sh", "-c", "echo 'second error: two'; exit 1", NULL};
	char *const fine[] = {"echo", "an error: of before", NULL};
	struct run_options options = {0};
	char path[256], *text = NULL;
	struct error *err;

	snprintf(path, sizeof(path), "%s/a log.txt", dir);
	options.log = path;
	ok(!run_command(fine, &options), "a log is begun");
	err = run_command(fails, &options);
	ok(err && strstr(err->message, path), "the log's place is in the message");
	ok(err && !strstr(err->message, "of before"), "an earlier command's output is not");
	error_destroy(err);
	ok(!file_read(path, &text, &(size_t){0}) && strstr(text, "of before") &&
		   strstr(text, "second error: two") &&
		   strstr(text, "+ echo 'an error: of before'"),
	   "the log has both commands and their output");
	free(text);
	unlink(path);
}

static void test_excerpt(void)
{
	char lines[4096] = "", *text;

	for (int i = 1; i <= 40; i++)
		sprintf(lines + strlen(lines), "line %d\n", i);
	text = run_excerpt(lines);
	ok(text && !strncmp(text, "  line 29\n", 10), "no error line: the last ones");
	free(text);
	text = run_excerpt("  CC x.o\nx.c:1: error: one\nnote\nmake[1]: *** [x.o] Error 1\n");
	is_str(text, "  x.c:1: error: one\n", "make's echo is left out beside a real error");
	free(text);
	text = run_excerpt("");
	is_str(text, "", "no output, no excerpt");
	free(text);
}

int main(void)
{
	char dir[] = "/tmp/klpkit-test-run.XXXXXX";

	if (!mkdtemp(dir))
		return 1;
	test_ends();
	test_capture();
	test_log(dir);
	test_excerpt();
	rmdir(dir);
	return tap_done();
}
