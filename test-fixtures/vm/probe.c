// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a shell in the guest cannot do itself; linked statically.
 *
 *   probe sysinfo-uptime             what sysinfo(2) says
 *   probe readv-zero MEGABYTES       read them from /dev/zero by readv(2): all must be zero
 *   probe getdents-fault DIR         read a directory into memory that is not there; prints errno
 *   probe tipc-socket                make a socket of that family
 *   probe kvm                        make virtual machines of one processor each, with, without and with an interrupt
 *                                    controller
 *   probe speeds FILE                set a terminal's to 1200, again and again while FILE is there; prints each
 *                                    that it got, once
 *   probe flock FILE HOW SECONDS     lock a file by flock(2), for so long: own, share, try-share
 *   probe enable FILE.ko TRANSITION [PARAMETERS]  load a module, and wait until that file says 0; prints the microseconds
 *   probe enable-asleep FILE.ko TRANSITION MS
 *                                    the same while a child is for so long in a write to /proc/klpl_target; prints those
 *                                    after it has left
 *   probe fail-nth N load FILE.ko PARAMETERS
 *   probe fail-nth N write FILE TEXT
 *   probe fail-nth N fork FILE TEXT  the kernel's Nth allocation for that fails; prints "injected" or "not-injected", and
 *                                    "ok" or the name of the error; what is born of fork writes TEXT to FILE, and ends
 *   probe late FILE TEXT             writes TEXT to FILE, which somebody else closes meanwhile: what is done when it is let go of is
 *                                    done on the way out of that write
 *   probe traced FILE WHERE          a child is stopped by its debugger, this one, while FILE is there, at a signal or at
 *                                    the beginning of a syscall; prints its number
 *   probe vfork FILE                 the parent of a child that neither ends nor executes another program while FILE is there
 *   probe flip-build-id NOTES IN OUT copy IN, with the build-id of NOTES spoilt wherever it is
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int getdents_fault(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY);
	void *gone = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (fd < 0 || gone == MAP_FAILED || munmap(gone, 8192)) {
		perror(dir);
		return 1;
	}
	errno = 0;
	syscall(SYS_getdents64, fd, gone, 8192);
	puts(errno == EFAULT ? "EFAULT" : strerror(errno));
	return 0;
}

static int readv_zero(size_t size)
{
	int fd = open("/dev/zero", O_RDONLY);
	unsigned char *data = malloc(size);
	struct iovec iov = {data, size};
	size_t i;

	if (!data)
		return 1;
	memset(data, 0x5a, size);
	if (readv(fd, &iov, 1) != (ssize_t)size) {
		perror("/dev/zero");
		return 1;
	}
	for (i = 0; i < size; i++)
		if (data[i])
			return 1;
	return 0;
}

static int socket_of(int family, int type)
{
	int fd = socket(family, type, 0);

	if (fd < 0) {
		perror("socket");
		return 1;
	}
	close(fd);
	return 0;
}

static int lock(const char *path, const char *how, unsigned int seconds)
{
	int operation = !strcmp(how, "own")	  ? LOCK_EX :
			!strcmp(how, "share")	  ? LOCK_SH :
			!strcmp(how, "try-share") ? LOCK_SH | LOCK_NB :
						    0;
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || flock(fd, operation)) {
		perror(path);
		return 1;
	}
	sleep(seconds);
	return 0;
}

static int speeds(const char *file)
{
	int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY), count = 0;
	speed_t seen[16];

	do {
		struct termios2 terminal;
		int i;

		if (fd < 0 || ioctl(fd, TCGETS2, &terminal)) {
			perror("/dev/ptmx");
			return 1;
		}
		terminal.c_cflag = (terminal.c_cflag & ~CBAUD) | B1200;
		if (ioctl(fd, TCSETS2, &terminal) || ioctl(fd, TCGETS2, &terminal)) {
			perror("/dev/ptmx");
			return 1;
		}
		for (i = 0; i < count && seen[i] != terminal.c_ospeed; i++)
			;
		if (i == count && count < 16) {
			seen[count++] = terminal.c_ospeed;
			printf("%s%u", count > 1 ? " " : "", terminal.c_ospeed);
		}
	} while (!access(file, F_OK));
	puts("");
	return 0;
}

static int sysinfo_uptime(void)
{
	struct sysinfo info;

	if (sysinfo(&info)) {
		perror("sysinfo");
		return 1;
	}
	printf("%ld\n", info.uptime);
	return 0;
}

static unsigned char *slurp(const char *path, size_t *size_ret)
{
	size_t size = 0, room = 1 << 20;
	unsigned char *data = malloc(room);
	FILE *file = fopen(path, "rb");

	while (file && data) {
		size += fread(data + size, 1, room - size, file);
		if (size < room)
			break;
		room *= 2;
		data = realloc(data, room);
	}
	if (!file || !data) {
		perror(path);
		exit(1);
	}
	fclose(file);
	*size_ret = size;
	return data;
}

static const unsigned char *find_build_id(const unsigned char *notes, size_t size, size_t *len_ret)
{
	while (size >= sizeof(Elf64_Nhdr)) {
		const Elf64_Nhdr *note = (const Elf64_Nhdr *)notes;
		size_t name = (note->n_namesz + 3) & ~3U;
		size_t whole = sizeof(*note) + name + ((note->n_descsz + 3) & ~3U);

		if (whole > size)
			break;
		if (note->n_type == NT_GNU_BUILD_ID && !memcmp(notes + sizeof(*note), "GNU", 4)) {
			*len_ret = note->n_descsz;
			return notes + sizeof(*note) + name;
		}
		notes += whole;
		size -= whole;
	}
	return NULL;
}

static int flip_build_id(const char *notes_path, const char *in, const char *out)
{
	size_t notes_size, size, len, i;
	unsigned char *notes = slurp(notes_path, &notes_size);
	unsigned char *data = slurp(in, &size);
	const unsigned char *id = find_build_id(notes, notes_size, &len);
	int flipped = 0;
	char hex[129];
	FILE *file;

	if (!id || len > 64) {
		fprintf(stderr, "%s: no build-id\n", notes_path);
		return 1;
	}
	for (i = 0; i < len; i++)
		sprintf(hex + 2 * i, "%02x", id[i]);
	/* It may be there as bytes or as text. */
	for (i = 0; i + len <= size; i++) {
		if (!memcmp(data + i, id, len)) {
			data[i] ^= 0xff;
			flipped++;
		} else if (i + 2 * len <= size && !memcmp(data + i, hex, 2 * len)) {
			data[i] = data[i] == '0' ? '1' : '0';
			flipped++;
		}
	}
	file = fopen(out, "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file)) {
		perror(out);
		return 1;
	}
	if (!flipped)
		fprintf(stderr, "%s: %s is not in it\n", in, hex);
	return !flipped;
}

static long long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static int is_moving(const char *transition)
{
	char state = '0';
	int fd = open(transition, O_RDONLY);

	if (fd < 0 || read(fd, &state, 1) != 1)
		perror(transition);
	if (fd >= 0)
		close(fd);
	return state != '0';
}

static int load_and_wait(const char *file, const char *transition, const char *parameters)
{
	const struct timespec moment = { .tv_nsec = 200000 };
	int fd = open(file, O_RDONLY);

	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0)) {
		perror(file);
		return 1;
	}
	close(fd);
	while (is_moving(transition))
		nanosleep(&moment, NULL);
	return 0;
}

static int enable(const char *file, const char *transition, const char *parameters)
{
	long long start = now_us();

	if (load_and_wait(file, transition, parameters))
		return 1;
	printf("%lld\n", now_us() - start);
	return 0;
}

static int enable_asleep(const char *file, const char *transition, const char *ms)
{
	const struct timespec moment = { .tv_nsec = 50000000 };
	volatile long long *left = mmap(NULL, sizeof(*left), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char text[32];
	long long end;
	pid_t child;

	snprintf(text, sizeof(text), "1 %s", ms);
	if (left == MAP_FAILED)
		return 1;
	child = fork();
	if (!child) {
		int fd = open("/proc/klpl_target", O_WRONLY);

		if (write(fd, text, strlen(text)) < 0)
			perror("/proc/klpl_target");
		*left = now_us();
		_exit(0);
	}
	nanosleep(&moment, NULL);
	if (child < 0 || load_and_wait(file, transition, ""))
		return 1;
	end = now_us();
	waitpid(child, NULL, 0);
	printf("%lld\n", end - *left);
	return 0;
}

/* 0, or an error */
static int asked(const char *what, int fd, const char *text)
{
	pid_t child;
	int status;

	if (!strcmp(what, "load"))
		return syscall(SYS_finit_module, fd, text, 0) ? errno : 0;
	if (!strcmp(what, "write"))
		return write(fd, text, strlen(text)) < 0 ? errno : 0;
	child = fork();
	if (!child)
		_exit(write(fd, text, strlen(text)) < 0);
	if (child < 0)
		return errno;
	return waitpid(child, &status, 0) == child && !status ? 0 : ECHILD;
}

static int fail_nth(const char *n, const char *what, const char *file, const char *text)
{
	int nth = open("/proc/thread-self/fail-nth", O_RDWR), err;
	int fd = open(file, strcmp(what, "load") ? O_WRONLY : O_RDONLY);
	char left[16] = "";

	if (nth < 0 || fd < 0 || write(nth, n, strlen(n)) < 0) {
		perror(nth < 0 ? "fail-nth" : file);
		return 1;
	}
	err = asked(what, fd, text);
	if (pread(nth, left, sizeof(left) - 1, 0) < 0 || pwrite(nth, "0", 1, 0) < 0)
		return 1;
	printf("%s %s\n", atoi(left) ? "not-injected" : "injected", err ? strerrorname_np(err) : "ok");
	return 0;
}

static int late(const char *file, const char *text)
{
	const struct timespec moment = { .tv_nsec = 200000000 };
	int fd = open(file, O_WRONLY);
	pid_t other;

	if (fd < 0) {
		perror(file);
		return 1;
	}
	/* one table of files for both */
	other = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (!other) {
		nanosleep(&moment, NULL);
		_exit(close(fd) != 0);
	}
	if (other < 0 || write(fd, text, strlen(text)) < 0)
		return 1;
	return waitpid(other, NULL, 0) != other;
}

static int traced(const char *file, const char *where)
{
	pid_t child = fork();

	if (!child) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			_exit(1);
		/* the debugger is told of this, and does not let it happen */
		raise(SIGUSR1);
		_exit(getppid() < 0);
	}
	if (child < 0 || waitpid(child, NULL, 0) != child)
		return 1;
	if (!strcmp(where, "syscall") &&
	    (ptrace(PTRACE_SYSCALL, child, NULL, NULL) || waitpid(child, NULL, 0) != child))
		return 1;
	printf("%d\n", child);
	fflush(stdout);
	while (!access(file, F_OK))
		usleep(10000);
	/* goes on, without the signal */
	return ptrace(PTRACE_CONT, child, NULL, NULL) || waitpid(child, NULL, 0) != child;
}

static int make_machine(int kvm, int with_controller)
{
	int machine = ioctl(kvm, KVM_CREATE_VM, 0);

	return machine < 0 || (with_controller && ioctl(machine, KVM_CREATE_IRQCHIP)) ||
	       ioctl(machine, KVM_CREATE_VCPU, 0) < 0;
}

static int make_machines(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	return kvm < 0 || make_machine(kvm, 1) || make_machine(kvm, 0) || make_machine(kvm, 1);
}

static int wait_for_child(const char *file)
{
	pid_t child = vfork();

	if (!child) {
		while (!access(file, F_OK))
			usleep(20000);
		_exit(0);
	}
	return child < 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "sysinfo-uptime"))
		return sysinfo_uptime();
	if (argc == 3 && !strcmp(argv[1], "readv-zero"))
		return readv_zero(strtoul(argv[2], NULL, 10) << 20);
	if (argc == 3 && !strcmp(argv[1], "getdents-fault"))
		return getdents_fault(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "tipc-socket"))
		return socket_of(AF_TIPC, SOCK_RDM);
	if (argc == 2 && !strcmp(argv[1], "kvm"))
		return make_machines();
	if (argc == 3 && !strcmp(argv[1], "speeds"))
		return speeds(argv[2]);
	if (argc == 5 && !strcmp(argv[1], "flock"))
		return lock(argv[2], argv[3], strtoul(argv[4], NULL, 10));
	if ((argc == 4 || argc == 5) && !strcmp(argv[1], "enable"))
		return enable(argv[2], argv[3], argc == 5 ? argv[4] : "");
	if (argc == 5 && !strcmp(argv[1], "enable-asleep"))
		return enable_asleep(argv[2], argv[3], argv[4]);
	if (argc == 4 && !strcmp(argv[1], "traced"))
		return traced(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "vfork"))
		return wait_for_child(argv[2]);
	if (argc == 6 && !strcmp(argv[1], "fail-nth"))
		return fail_nth(argv[2], argv[3], argv[4], argv[5]);
	if (argc == 4 && !strcmp(argv[1], "late"))
		return late(argv[2], argv[3]);
	if (argc == 5 && !strcmp(argv[1], "flip-build-id"))
		return flip_build_id(argv[2], argv[3], argv[4]);
	fprintf(stderr, "usage: probe sysinfo-uptime | readv-zero MEGABYTES | getdents-fault DIR | "
			"tipc-socket | kvm | speeds FILE | flock FILE HOW SECONDS | enable FILE TRANSITION [PARAMETERS] | "
			"enable-asleep FILE TRANSITION MS | fail-nth N load|write|fork FILE TEXT | late FILE TEXT | traced FILE signal|syscall | vfork FILE | flip-build-id NOTES IN OUT\n");
	return 64;
}
