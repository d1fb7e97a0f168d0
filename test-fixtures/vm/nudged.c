// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What system calls do that are woken in the middle without a signal for a handler; linked statically.
 *
 *   nudged SECONDS   each in a process of its own, which sleeps in it for about so long; prints a line "NAME WHAT", sorted
 *                    as here: "ok" when it came to its own end, else the name of the error, or "early"
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int seconds;

/* A process that does something when the time is over, and is gone by itself. */
static void later(void (*act)(int fd), int fd)
{
	if (fork())
		return;
	sleep(seconds);
	act(fd);
	_exit(0);
}

static void put(int fd)
{
	if (write(fd, "x", 1) != 1)
		perror("write");
}

static int is(long got, long wanted)
{
	return got == wanted ? 0 : got < 0 ? errno : -1;
}

/* Those that go on by themselves. */
static int do_read(void)
{
	int ends[2];
	char byte;

	if (pipe(ends))
		return errno;
	later(put, ends[1]);
	return is(read(ends[0], &byte, 1), 1);
}

static int do_recv(void)
{
	int ends[2];
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return errno;
	later(put, ends[1]);
	return is(recv(ends[0], &byte, 1, 0), 1);
}

static void unlock(int fd)
{
	flock(fd, LOCK_UN);
}

static int do_flock(void)
{
	char path[] = "/tmp/nudgedXXXXXX";
	int held = mkstemp(path), fd = open(path, O_RDWR);

	if (held < 0 || fd < 0 || flock(held, LOCK_EX))
		return errno;
	later(unlock, held);
	return is(flock(fd, LOCK_EX), 0);
}

static void nothing(int fd)
{
}

static int do_wait(void)
{
	later(nothing, 0);
	return is(wait(NULL) > 0, 1);
}

static int do_open(void)
{
	char path[] = "/tmp/nudgedXXXXXX";
	int fd = mkstemp(path);

	unlink(path);
	if (fd < 0 || mkfifo(path, 0600))
		return errno;
	if (!fork()) {
		sleep(seconds);
		_exit(open(path, O_WRONLY) < 0);
	}
	return is(open(path, O_RDONLY) >= 0, 1);
}

static int do_futex(void)
{
	static int word;
	const struct timespec time = { .tv_sec = seconds };

	return syscall(SYS_futex, &word, FUTEX_WAIT, 0, &time, NULL, 0) < 0 && errno == ETIMEDOUT ? 0 : errno;
}

static int do_inotify(void)
{
	char path[] = "/tmp/nudgedXXXXXX", event[512];
	int file = mkstemp(path), fd = inotify_init();

	if (file < 0 || fd < 0 || inotify_add_watch(fd, path, IN_MODIFY) < 0)
		return errno;
	later(put, file);
	return is(read(fd, event, sizeof(event)) > 0, 1);
}

/* Those that signal(7) says may fail with EINTR whatever the handler's flags. */
static int do_nanosleep(void)
{
	const struct timespec time = { .tv_sec = seconds };

	return is(nanosleep(&time, NULL), 0);
}

static int do_poll(void)
{
	return is(poll(NULL, 0, seconds * 1000), 0);
}

static int do_select(void)
{
	struct timeval time = { .tv_sec = seconds };

	return is(select(0, NULL, NULL, NULL, &time), 0);
}

static int do_epoll_wait(void)
{
	struct epoll_event event;

	return is(epoll_wait(epoll_create1(0), &event, 1, seconds * 1000), 0);
}

static int do_recv_timeout(void)
{
	const struct timeval time = { .tv_sec = seconds };
	int ends[2];
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) ||
	    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)))
		return errno;
	return recv(ends[0], &byte, 1, 0) < 0 && errno == EAGAIN ? 0 : errno;
}

static int do_sigtimedwait(void)
{
	const struct timespec time = { .tv_sec = seconds };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	return sigtimedwait(&set, NULL, &time) < 0 && errno == EAGAIN ? 0 : errno;
}

static int do_semtimedop(void)
{
	const struct timespec time = { .tv_sec = seconds };
	struct sembuf operation = { .sem_op = -1 };
	int id = semget(IPC_PRIVATE, 1, 0600), err;

	if (id < 0)
		return errno;
	err = semtimedop(id, &operation, 1, &time) < 0 && errno == EAGAIN ? 0 : errno;
	semctl(id, 0, IPC_RMID);
	return err;
}

static void send_to(int id)
{
	const struct {
		long type;
		char text[1];
	} message = { .type = 1 };

	if (msgsnd(id, &message, 1, 0))
		perror("msgsnd");
}

static int do_msgrcv(void)
{
	struct {
		long type;
		char text[1];
	} message;
	int id = msgget(IPC_PRIVATE, 0600), err;

	if (id < 0)
		return errno;
	later(send_to, id);
	err = is(msgrcv(id, &message, 1, 0, 0), 1);
	if (err)
		msgctl(id, IPC_RMID, NULL);
	return err;
}

static int do_io_getevents(void)
{
	struct timespec time = { .tv_sec = seconds };
	aio_context_t context = 0;
	struct io_event event;

	if (syscall(SYS_io_setup, 1, &context))
		return errno;
	return is(syscall(SYS_io_getevents, context, 1, 1, &event, &time), 0);
}

static const struct call {
	const char *name;
	int (*call)(void); /* 0, an error number, or -1: it returned something else */
} calls[] = {
	{ "read", do_read },
	{ "recv", do_recv },
	{ "flock", do_flock },
	{ "wait", do_wait },
	{ "open", do_open },
	{ "futex", do_futex },
	{ "inotify", do_inotify },
	{ "nanosleep", do_nanosleep },
	{ "poll", do_poll },
	{ "select", do_select },
	{ "epoll_wait", do_epoll_wait },
	{ "recv-timeout", do_recv_timeout },
	{ "sigtimedwait", do_sigtimedwait },
	{ "semtimedop", do_semtimedop },
	{ "msgrcv", do_msgrcv },
	{ "io_getevents", do_io_getevents },
};

#define COUNT (sizeof(calls) / sizeof(*calls))

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void run(const struct call *call, FILE *out)
{
	double start = now();
	int err = call->call();

	if (err > 0)
		fprintf(out, "%s %s\n", call->name, strerrorname_np(err));
	else
		fprintf(out, "%s %s\n", call->name, err || now() - start < seconds - 0.2 ? "early" : "ok");
	fclose(out);
}

int main(int argc, char **argv)
{
	FILE *out[COUNT];
	char line[128];

	seconds = argc == 2 ? atoi(argv[1]) : 0;
	if (seconds <= 0) {
		fprintf(stderr, "usage: nudged SECONDS\n");
		return 64;
	}
	for (size_t i = 0; i < COUNT; i++) {
		out[i] = tmpfile();
		if (!out[i] || !fork()) {
			if (!out[i])
				perror("tmpfile");
			else
				run(&calls[i], out[i]);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	for (size_t i = 0; i < COUNT; i++) {
		rewind(out[i]);
		fputs(fgets(line, sizeof(line), out[i]) ?: "? nothing\n", stdout);
	}
	return 0;
}
