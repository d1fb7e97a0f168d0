// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file system in user space whose answers take long; linked statically.
 *
 *   slow-fs DIR FILE   mounts it there and serves it until it is killed. It has no files; who asks for a name is told so
 *                      when FILE, which is elsewhere, is not there any more. Says "mounted" when it is.
 *
 * Exit status 2: this kernel has no FUSE. The requests are those of linux/fuse.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct request {
	struct fuse_in_header header;
	char rest[FUSE_MIN_READ_BUFFER];
};

static void wait_for(const char *file)
{
	while (!access(file, F_OK))
		usleep(20000);
}

static int answer(int device, const struct request *request, int err, void *data, size_t size)
{
	struct fuse_out_header header = {
		.len = sizeof(header) + size,
		.error = -err,
		.unique = request->header.unique,
	};
	struct iovec parts[] = { { &header, sizeof(header) }, { data, size } };

	/* ENOENT: who asked has been killed */
	return writev(device, parts, 2) < 0 && errno != ENOENT ? -1 : 0;
}

static int serve_one(int device, const struct request *request, const char *file)
{
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_write = 4096 };
	struct fuse_attr_out root = { .attr = { .ino = FUSE_ROOT_ID, .mode = S_IFDIR | 0755, .nlink = 1 } };

	switch (request->header.opcode) {
	case FUSE_INIT:
		return answer(device, request, 0, &init, sizeof(init));
	case FUSE_GETATTR:
		return answer(device, request, 0, &root, sizeof(root));
	case FUSE_LOOKUP:
		wait_for(file);
		return answer(device, request, ENOENT, NULL, 0);
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return 0;
	default:
		return answer(device, request, ENOSYS, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	static struct request request;
	char options[80];
	int device;

	if (argc != 3) {
		fputs("usage: slow-fs DIR FILE\n", stderr);
		return 1;
	}
	device = open("/dev/fuse", O_RDWR);
	if (device < 0) {
		perror("/dev/fuse");
		return errno == ENOENT || errno == ENODEV ? 2 : 1;
	}
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
	if (mount("slow-fs", argv[1], "fuse", 0, options)) {
		perror(argv[1]);
		return 1;
	}
	puts("mounted");
	fflush(stdout);
	for (;;) {
		if (read(device, &request, sizeof(request)) < 0) {
			if (errno == ENODEV)
				return 0;
			if (errno != EINTR && errno != EAGAIN && errno != ENOENT) {
				perror("/dev/fuse");
				return 1;
			}
		} else if (serve_one(device, &request, argv[2])) {
			perror("an answer");
			return 1;
		}
	}
}
