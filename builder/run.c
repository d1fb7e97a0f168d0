// SPDX-License-Identifier: GPL-2.0-or-later
/* Other programs: started without a shell, watched to their end, and heard when they fail. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

extern char **environ;

/* A command under way. */
struct run {
	char *const *argv;
	const struct run_options *options;
	char **env;
	int log;	 /* where its output goes */
	off_t log_start; /* and from where on it is this command's */
	int out;	 /* its stdout when that is captured, else -1 */
	int input;
	int status; /* as of waitpid() */
};

static bool env_names(const char *entry, const char *change)
{
	size_t length = strcspn(change, "=");

	return !strncmp(entry, change, length) && entry[length] == '=';
}

/* Our environment with the changes; the strings stay where they are. */
static char **env_build(const char *const *changes)
{
	size_t count = 0, n = 0;
	char **env;

	while (environ[count])
		count++;
	for (size_t i = 0; changes && changes[i]; i++)
		count++;
	env = calloc(count + 1, sizeof(*env));
	if (!env)
		return NULL;
	for (size_t i = 0; environ[i]; i++) {
		bool changed = false;

		for (size_t j = 0; changes && changes[j] && !changed; j++)
			changed = env_names(environ[i], changes[j]);
		if (!changed)
			env[n++] = environ[i];
	}
	for (size_t i = 0; changes && changes[i]; i++)
		if (strchr(changes[i], '='))
			env[n++] = (char *)changes[i];
	return env;
}

static struct error *run_open_log(struct run *run)
{
	const char *path = run->options->log;

	if (!path) {
		run->log = memfd_create("klpkit-output", MFD_CLOEXEC);
		return run->log < 0
			       ? error_errno(errno, "cannot make a buffer for %s", run->argv[0])
			       : NULL;
	}
	run->log = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (run->log < 0)
		return error_errno(errno, "cannot write the log %s", path);
	for (char *const *arg = run->argv; *arg; arg++)
		dprintf(run->log, **arg && !strpbrk(*arg, " \t\n'\"$") ? "%s%s" : "%s'%s'",
			arg == run->argv ? "+ " : " ", *arg);
	dprintf(run->log, "\n");
	run->log_start = lseek(run->log, 0, SEEK_END);
	return NULL;
}

static struct error *run_prepare(struct run *run, bool capture)
{
	const char *input = run->options->input ? run->options->input : "/dev/null";
	struct error *err;

	run->log = run->out = run->input = -1;
	run->env = env_build(run->options->env);
	if (!run->env)
		return error_nomem();
	err = run_open_log(run);
	if (err)
		return err;
	if (capture) {
		run->out = memfd_create("klpkit-stdout", MFD_CLOEXEC);
		if (run->out < 0)
			return error_errno(errno, "cannot make a buffer for %s", run->argv[0]);
	}
	run->input = open(input, O_RDONLY | O_CLOEXEC);
	return run->input < 0 ? error_errno(errno, "cannot read %s", input) : NULL;
}

static void run_release(struct run *run)
{
	free(run->env);
	if (run->log >= 0)
		close(run->log);
	if (run->out >= 0)
		close(run->out);
	if (run->input >= 0)
		close(run->input);
}

/* In the child, where only async-signal-safe calls are allowed; returns what failed in errno. */
static void run_become(const struct run *run, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM))
		return;
	if (getppid() != parent)
		_exit(127);
	if (dup2(run->input, STDIN_FILENO) < 0 ||
	    dup2(run->out >= 0 ? run->out : run->log, STDOUT_FILENO) < 0 ||
	    dup2(run->log, STDERR_FILENO) < 0)
		return;
	if (run->options->cwd && chdir(run->options->cwd))
		return;
	execvpe(run->argv[0], run->argv, run->env);
}

static struct error *run_explain_start(const struct run *run, int errnum)
{
	struct stat st;

	if (run->options->cwd && stat(run->options->cwd, &st))
		return error_errno(errno, "cannot run %s in %s", run->argv[0], run->options->cwd);
	return error_errno(errnum, "cannot run %s", run->argv[0]);
}

static struct error *run_wait(struct run *run)
{
	int start_pipe[2], errnum = 0;
	pid_t pid, parent = getpid();
	ssize_t got;

	if (pipe2(start_pipe, O_CLOEXEC))
		return error_errno(errno, "cannot run %s", run->argv[0]);
	pid = fork();
	if (!pid) {
		run_become(run, parent);
		errnum = errno;
		got = write(start_pipe[1], &errnum, sizeof(errnum));
		_exit(127);
	}
	close(start_pipe[1]);
	if (pid < 0) {
		errnum = errno;
		close(start_pipe[0]);
		return error_errno(errnum, "cannot run %s", run->argv[0]);
	}
	do
		got = read(start_pipe[0], &errnum, sizeof(errnum));
	while (got < 0 && errno == EINTR);
	close(start_pipe[0]);
	while (waitpid(pid, &run->status, 0) < 0)
		if (errno != EINTR)
			return error_errno(errno, "cannot wait for %s", run->argv[0]);
	return got == sizeof(errnum) ? run_explain_start(run, errnum) : NULL;
}

/* What was written to fd from start on. */
static struct error *run_read_back(int fd, off_t start, char **data_ret, size_t *size_ret)
{
	off_t end = lseek(fd, 0, SEEK_END);
	size_t size = end > start ? end - start : 0, done = 0;
	char *data = malloc(size + 1);

	if (!data)
		return error_nomem();
	while (done < size) {
		ssize_t got = pread(fd, data + done, size - done, start + done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += got;
	}
	data[done] = '\0';
	*data_ret = data;
	if (size_ret)
		*size_ret = done;
	return NULL;
}

/* The error for a command that ended badly; NULL when it did not. */
static struct error *run_judge(const struct run *run)
{
	const char *log = run->options->log;
	char how[64], *output = NULL, *excerpt;
	struct error *err;

	if (WIFEXITED(run->status) && !WEXITSTATUS(run->status))
		return NULL;
	if (WIFEXITED(run->status))
		snprintf(how, sizeof(how), "failed with exit code %d", WEXITSTATUS(run->status));
	else
		snprintf(how, sizeof(how), "was killed by signal %d (%s)", WTERMSIG(run->status),
			 sigabbrev_np(WTERMSIG(run->status)) ?: "?");
	err = run_read_back(run->log, run->log_start, &output, NULL);
	if (err)
		return err;
	excerpt = run_excerpt(output);
	free(output);
	if (!excerpt)
		return error_nomem();
	err = error_create(EXIT_ERROR, "%s %s%s%s%s%s", run->argv[0], how, *excerpt ? ":\n" : "",
			   excerpt, log ? *excerpt ? "  the full log: " : "; the full log: " : "",
			   log ? log : "");
	free(excerpt);
	/* The excerpt ends its last line itself. */
	if (!log && err->message[0] && err->message[strlen(err->message) - 1] == '\n')
		err->message[strlen(err->message) - 1] = '\0';
	return err;
}

struct error *run_command(char *const argv[], const struct run_options *options)
{
	struct run_options defaults = {0};
	struct run run = {.argv = argv, .options = options ? options : &defaults};
	struct error *err = run_prepare(&run, false);

	if (!err)
		err = run_wait(&run);
	if (!err)
		err = run_judge(&run);
	run_release(&run);
	return err;
}

struct error *run_status(char *const argv[], const struct run_options *options, int *status_ret,
			 char **output_ret)
{
	struct run_options defaults = {0};
	struct run run = {.argv = argv, .options = options ? options : &defaults};
	struct error *err = run_prepare(&run, false);

	if (!err)
		err = run_wait(&run);
	if (!err && !WIFEXITED(run.status))
		err = run_judge(&run);
	if (!err && output_ret)
		err = run_read_back(run.log, run.log_start, output_ret, NULL);
	if (!err)
		*status_ret = WEXITSTATUS(run.status);
	run_release(&run);
	return err;
}

struct error *run_output(char *const argv[], const struct run_options *options, char **output_ret)
{
	char *output = NULL;
	struct run_options defaults = {0};
	struct run run = {.argv = argv, .options = options ? options : &defaults};
	struct error *err = run_prepare(&run, false);

	if (!err)
		err = run_wait(&run);
	if (!err)
		err = run_judge(&run);
	if (!err)
		err = run_read_back(run.log, run.log_start, &output, NULL);
	if (!err)
		*output_ret = output;
	run_release(&run);
	return err;
}

struct error *run_capture(char *const argv[], const struct run_options *options, char **stdout_ret,
			  size_t *size_ret)
{
	struct run_options defaults = {0};
	struct run run = {.argv = argv, .options = options ? options : &defaults};
	struct error *err = run_prepare(&run, true);

	if (!err)
		err = run_wait(&run);
	if (!err)
		err = run_judge(&run);
	if (!err)
		err = run_read_back(run.out, 0, stdout_ret, size_ret);
	run_release(&run);
	return err;
}
