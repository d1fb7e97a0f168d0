// SPDX-License-Identifier: GPL-2.0-or-later
/* The tree of links: what is in it, how it follows the user's, and that it leaves that alone. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "farm.h"
#include "tap.h"

/* The user's tree and ours, in a directory with a blank in its name. */
struct place {
	char dir[64], source[96], tree[96], list[96];
};

static void put(const struct place *place, const char *name, const char *data)
{
	char path[PATH_MAX];
	struct error *err;

	snprintf(path, sizeof(path), "%s/%s", place->source, name);
	err = make_parents(path);
	if (!err)
		err = file_write(path, data, strlen(data), 0644);
	if (err)
		printf("Bail out! %s\n", err->message);
	error_destroy(err);
}

static void put_link(const struct place *place, const char *name, const char *target)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", place->source, name);
	if (symlink(target, path) < 0)
		printf("Bail out! %s: %s\n", path, strerror(errno));
}

/* What is at a path of our tree: 'd'irectory, 'l'ink that leads somewhere, 'f'ile, or 0. */
static int kind(const struct place *place, const char *name)
{
	char path[PATH_MAX];
	struct stat st, end;

	snprintf(path, sizeof(path), "%s/%s", place->tree, name);
	if (lstat(path, &st) < 0)
		return 0;
	if (S_ISLNK(st.st_mode))
		return stat(path, &end) ? '?' : 'l';
	return S_ISDIR(st.st_mode) ? 'd' : 'f';
}

static bool same_contents(const struct place *place, const char *name)
{
	char ours[PATH_MAX], theirs[PATH_MAX];
	char a[SHA256_TEXT], b[SHA256_TEXT];
	struct error *err;

	snprintf(ours, sizeof(ours), "%s/%s", place->tree, name);
	snprintf(theirs, sizeof(theirs), "%s/%s", place->source, name);
	err = sha256_file(ours, a);
	if (!err)
		err = sha256_file(theirs, b);
	error_destroy(err);
	return !err && !strcmp(a, b);
}

static void make_source(const struct place *place)
{
	put(place, ".gitignore", ".*\n*.o\n/include/config/\n");
	put(place, ".config", "CONFIG_X=y\n");
	put(place, "Makefile", "VERSION = 6\n");
	put(place, "mm/mlock.c", "int mlock;\n");
	put(place, "mm/mlock.o", "object");
	put(place, "mm/table.c", "made");
	put(place, "mm/.table.c.cmd", "savedcmd_mm/table.c := x\n");
	put(place, "include/config/auto.conf", "x");
	put(place, "include/linux/a b.h", "x");
	put(place, "scripts/gen.sh", "echo\n");
	put(place, "tools/objtool/Makefile", "x");
	put(place, "tools/perf/perf.c", "x");
	put(place, "Documentation/Kconfig", "x");
	put(place, "Documentation/index.rst", "x");
	put(place, "arch/x86/Kconfig", "x");
	put(place, "arch/x86/kernel/cpu.c", "x");
	put(place, "arch/arm/crypto/Kconfig", "x");
	put(place, "arch/arm/crypto/aes.c", "x");
	put_link(place, "include/alias.h", "linux/a b.h");
	put_link(place, "include/outside", "/usr/include");
	put_link(place, "include/nowhere.h", "/nonexistent");
}

static struct error *follow(const struct place *place, struct farm *farm)
{
	struct farm_list old = { 0 };
	struct error *err;

	farm_list_destroy(&farm->list);
	err = farm_load(place->list, &old);
	if (!err)
		err = farm_scan(place->source, &farm->list);
	if (!err)
		err = farm_update(place->tree, place->source, &old, farm);
	if (!err)
		err = farm_save(place->list, &farm->list);
	farm_list_destroy(&old);
	if (err)
		printf("# %s\n", err->message);
	return err;
}

static void test_first(const struct place *place, struct farm *farm)
{
	ok(!follow(place, farm), "a tree is laid out");
	ok(kind(place, "mm") == 'd', "directories are real");
	ok(kind(place, "mm/mlock.c") == 'l' && same_contents(place, "mm/mlock.c"),
	   "sources are links");
	ok(kind(place, "include/linux/a b.h") == 'l', "also one with a blank in its name");
	ok(!kind(place, "mm/mlock.o"), "an object is not there");
	ok(!kind(place, ".config"), "nor the configuration");
	ok(!kind(place, "include/config"), "nor a generated directory");
	ok(!kind(place, "mm/table.c"), "nor what kbuild has a record of");
	ok(kind(place, "scripts/gen.sh") == 'f' && same_contents(place, "scripts/gen.sh"),
	   "scripts are copies");
	ok(kind(place, "tools/objtool/Makefile") == 'f', "and so are tools");
	ok(!kind(place, "tools/perf"), "tools that no build needs are left out");
	ok(kind(place, "Documentation/Kconfig") == 'l' && !kind(place, "Documentation/index.rst"),
	   "of the documentation, Kconfig is there");
	ok(kind(place, "arch/x86/kernel/cpu.c") == 'l', "x86 is there");
	ok(kind(place, "arch/arm/crypto/Kconfig") == 'l' && !kind(place, "arch/arm/crypto/aes.c"),
	   "of other architectures, what Kconfig reads");
	ok(kind(place, "include/alias.h") == 'l', "a link inside the tree leads to ours");
	ok(kind(place, "include/outside") == 'd' && kind(place, "include/outside/stdio.h") == 'l',
	   "a directory elsewhere is a real one with links");
	ok(!kind(place, "include/nowhere.h"), "a link to nowhere is left out");
}

static void test_following(const struct place *place, struct farm *farm)
{
	char path[PATH_MAX];

	ok(!follow(place, farm) && !farm->added && !farm->removed && !farm->changed,
	   "nothing has changed, nothing is done");
	put(place, "mm/new.c", "x");
	put(place, "mm/mlock.c", "int mlock2;\n");
	put(place, "scripts/gen.sh", "echo two\n");
	snprintf(path, sizeof(path), "%s/arch/x86/kernel/cpu.c", place->source);
	unlink(path);
	ok(!follow(place, farm) && farm->added == 1 && farm->removed == 1 && farm->changed == 2,
	   "a new, a removed and two changed files are counted");
	ok(!farm->backdated, "they have the time of the change");
	ok(kind(place, "mm/new.c") == 'l' && !kind(place, "arch/x86/kernel/cpu.c"), "and followed");
	ok(same_contents(place, "scripts/gen.sh"), "a changed copy is made anew");
}

static void foul(const struct place *place, const char *name, const char *data)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", place->tree, name);
	error_destroy(remove_tree(path));
	error_destroy(make_parents(path));
	error_destroy(file_write(path, data, strlen(data), 0644));
}

/* What a build leaves: objects, directories, a patched file for a link, a copy written to. */
static void test_reset(const struct place *place, struct farm *farm)
{
	char path[PATH_MAX];
	struct error *err;

	foul(place, "mm/mlock.o", "object");
	foul(place, "include/config/auto.conf", "CONFIG_X=y");
	foul(place, "mm/mlock.c", "int patched;\n");
	foul(place, "scripts/gen.sh", "echo fouled\n");
	foul(place, "tools/objtool", "a file for a directory");
	snprintf(path, sizeof(path), "%s/mm/new.c", place->tree);
	unlink(path);
	if (symlink("/dev/null", path) < 0)
		printf("Bail out! %s: %s\n", path, strerror(errno));
	err = farm_reset(place->tree, place->source, &farm->list);
	ok(!err, "a tree is reset");
	error_destroy(err);
	ok(!kind(place, "mm/mlock.o") && !kind(place, "include/config"), "what was made is gone");
	ok(kind(place, "mm/mlock.c") == 'l' && same_contents(place, "mm/mlock.c"),
	   "what a patch replaced is a link again");
	ok(same_contents(place, "mm/new.c"), "and so is a link to somewhere else");
	ok(same_contents(place, "scripts/gen.sh"), "copies are made anew");
	ok(kind(place, "tools/objtool/Makefile") == 'f', "and what was in a lost directory");
}

/* cp -p of an older file: make would not see it. */
static void test_backdated(const struct place *place, struct farm *farm)
{
	const struct timespec times[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1000000000 } };
	char path[PATH_MAX];

	put(place, "mm/new.c", "y");
	snprintf(path, sizeof(path), "%s/mm/new.c", place->source);
	utimensat(AT_FDCWD, path, times, 0);
	ok(!follow(place, farm) && farm->changed == 1 && farm->backdated,
	   "a change that looks old is noticed");
}

/* All stamps of the user's files as one number. */
static uint64_t stamps(const struct farm_list *list, const char *source)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < list->count; i++) {
		char path[PATH_MAX];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", source, list->items[i].path);
		if (!lstat(path, &st))
			sum = sum * 31 + (uint64_t)st.st_mtim.tv_nsec +
			      (uint64_t)st.st_ctim.tv_nsec + (uint64_t)st.st_mtim.tv_sec;
	}
	return sum;
}

static void test_untouched(const struct place *place, struct farm *farm)
{
	uint64_t before = stamps(&farm->list, place->source);

	error_destroy(remove_tree(place->tree));
	unlink(place->list);
	ok(!follow(place, farm) && stamps(&farm->list, place->source) == before,
	   "the user's files keep their times");
	error_destroy(remove_tree(place->tree));
	ok(is_directory(place->source), "and stay when our tree goes");
	ok(stamps(&farm->list, place->source) == before, "with their times");
}

int main(void)
{
	struct place place = { .dir = "/tmp/klpkit farm.XXXXXX" };
	struct farm farm = { 0 };

	if (!mkdtemp(place.dir))
		return 1;
	snprintf(place.source, sizeof(place.source), "%s/the source", place.dir);
	snprintf(place.tree, sizeof(place.tree), "%s/tree", place.dir);
	snprintf(place.list, sizeof(place.list), "%s/list", place.dir);
	make_source(&place);
	test_first(&place, &farm);
	test_following(&place, &farm);
	test_reset(&place, &farm);
	test_backdated(&place, &farm);
	test_untouched(&place, &farm);
	farm_list_destroy(&farm.list);
	error_destroy(remove_tree(place.dir));
	return tap_done();
}
