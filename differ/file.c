// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole files, read at once and written so that they appear whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <klpkit/file.h>

struct error *file_read(const char *path, char **data_ret, size_t *size_ret)
{
	size_t size = 0, room = 0;
	struct error *err = NULL;
	char *data = NULL;
	struct stat st;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(errno, "cannot open %s", path);
	if (fstat(fd, &st) < 0) {
		err = error_errno(errno, "cannot stat %s", path);
		goto out;
	}
	if (S_ISDIR(st.st_mode)) {
		err = error_errno(EISDIR, "cannot read %s", path);
		goto out;
	}
	/* The size is a hint only: pipes and /proc have none. */
	room = (size_t)st.st_size + 1;
	for (;;) {
		ssize_t got;
		char *more;

		if (!data || size + 1 >= room) {
			room = data ? room * 2 + 4096 : room + 1;
			more = realloc(data, room);
			if (!more) {
				err = error_nomem();
				goto out;
			}
			data = more;
		}
		got = read(fd, data + size, room - size - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err = error_errno(errno, "cannot read %s", path);
			goto out;
		}
		if (!got)
			break;
		size += (size_t)got;
	}
	data[size] = '\0';
	*data_ret = data;
	*size_ret = size;
	data = NULL;
out:
	free(data);
	close(fd);
	return err;
}

static struct error *file_write_fd(int fd, const char *path, const char *data, size_t size)
{
	while (size) {
		ssize_t put = write(fd, data, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return error_errno(errno, "cannot write %s", path);
		data += put;
		size -= (size_t)put;
	}
	return NULL;
}

struct error *file_write(const char *path, const void *data, size_t size, mode_t mode)
{
	struct error *err;
	char *temp;
	mode_t mask;
	int fd;

	if (asprintf(&temp, "%s.XXXXXX", path) < 0)
		return error_nomem();
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		err = error_errno(errno, "cannot create %s", path);
		free(temp);
		return err;
	}
	mask = umask(0);
	umask(mask);
	err = file_write_fd(fd, path, data, size);
	if (!err && fchmod(fd, mode & ~mask) < 0)
		err = error_errno(errno, "cannot set the mode of %s", path);
	if (close(fd) < 0 && !err)
		err = error_errno(errno, "cannot write %s", path);
	if (!err && rename(temp, path) < 0)
		err = error_errno(errno, "cannot create %s", path);
	if (err)
		unlink(temp);
	free(temp);
	return err;
}

struct error *file_map(const char *path, char **data_ret, size_t *size_ret)
{
	struct error *err = NULL;
	struct stat st;
	void *data;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(errno, "cannot open %s", path);
	if (fstat(fd, &st) < 0)
		err = error_errno(errno, "cannot stat %s", path);
	else if (!S_ISREG(st.st_mode))
		err = error_errno(S_ISDIR(st.st_mode) ? EISDIR : EINVAL, "cannot read %s", path);
	*size_ret = err ? 0 : (size_t)st.st_size;
	*data_ret = NULL;
	if (*size_ret) { /* of nothing there is no mapping */
		data = mmap(NULL, *size_ret, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
		if (data == MAP_FAILED)
			err = error_errno(errno, "cannot map %s", path);
		else
			*data_ret = data;
	}
	close(fd);
	return err;
}

void file_unmap(char *data, size_t size)
{
	if (data)
		munmap(data, size);
}
