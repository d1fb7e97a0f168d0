// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads of the kernel that no fork makes; linked statically.
 *
 *   born worker FILE TEXT   a worker of io_uring, which writes the text to the file
 *   born sqpoll FILE TEXT   the same for one who has a thread of the kernel poll for its requests
 *   born vhost SECONDS      a thread of a vhost device, which is there for so long; says so when it is
 *
 * Exit status 2: this kernel has no such thing.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/vhost.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
	int fd;
	struct io_uring_params params;
	char *requests;
	struct io_uring_sqe *entries;
	char *answers;
};

static void *map(int fd, size_t size, off_t what)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, what);

	if (memory != MAP_FAILED)
		return memory;
	perror("mmap");
	exit(1);
}

static void ring_open(struct ring *ring, unsigned int flags)
{
	memset(ring, 0, sizeof(*ring));
	ring->params.flags = flags;
	ring->fd = syscall(SYS_io_uring_setup, 1, &ring->params);
	if (ring->fd < 0) {
		perror("io_uring_setup");
		exit(errno == ENOSYS ? 2 : 1);
	}
	ring->requests = map(ring->fd, ring->params.sq_off.array + sizeof(unsigned int), IORING_OFF_SQ_RING);
	ring->entries = map(ring->fd, sizeof(*ring->entries), IORING_OFF_SQES);
	ring->answers = map(ring->fd, ring->params.cq_off.cqes + 2 * sizeof(struct io_uring_cqe),
			    IORING_OFF_CQ_RING);
}

/* By a worker, whether it could be done at once or not. */
static int ring_write(struct ring *ring, int fd, const char *text)
{
	unsigned int flags = IORING_ENTER_GETEVENTS;
	const struct io_uring_cqe *answer = (void *)(ring->answers + ring->params.cq_off.cqes);

	*ring->entries = (struct io_uring_sqe){
		.opcode = IORING_OP_WRITE,
		.flags = IOSQE_ASYNC,
		.fd = fd,
		.addr = (unsigned long)text,
		.len = strlen(text),
	};
	*(unsigned int *)(ring->requests + ring->params.sq_off.array) = 0;
	atomic_store((_Atomic unsigned int *)(ring->requests + ring->params.sq_off.tail), 1);
	if (ring->params.flags & IORING_SETUP_SQPOLL)
		flags |= IORING_ENTER_SQ_WAKEUP;
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, flags, NULL, 0) < 0) {
		perror("io_uring_enter");
		return 1;
	}
	if (answer->res == (int)strlen(text))
		return 0;
	fprintf(stderr, "write: %s\n", strerror(-answer->res));
	return 1;
}

static int by_ring(unsigned int flags, const char *file, const char *text)
{
	int fd = open(file, O_WRONLY);
	struct ring ring;

	if (fd < 0) {
		perror(file);
		return 1;
	}
	ring_open(&ring, flags);
	return ring_write(&ring, fd, text);
}

static int vhost(unsigned int seconds)
{
	int fd = open("/dev/vhost-net", O_RDWR);

	if (fd < 0 || ioctl(fd, VHOST_SET_OWNER)) {
		perror("/dev/vhost-net");
		return fd < 0 ? 2 : 1;
	}
	puts("there");
	fflush(stdout);
	sleep(seconds);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "worker"))
		return by_ring(0, argv[2], argv[3]);
	if (argc == 4 && !strcmp(argv[1], "sqpoll"))
		return by_ring(IORING_SETUP_SQPOLL, argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "vhost"))
		return vhost(atoi(argv[2]));
	fprintf(stderr, "usage: born worker FILE TEXT | sqpoll FILE TEXT | vhost SECONDS\n");
	return 64;
}
