// SPDX-License-Identifier: GPL-2.0-or-later
/* What decides which objects are compiled: preprocessed tokens, and who includes whom. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "config.h"
#include "includes.h"
#include "paths.h"
#include "plan.h"
#include "tap.h"

static uint64_t tokens(const char *dir, const char *data)
{
	char path[PATH_MAX];
	struct error *err;
	uint64_t hash = 0;

	snprintf(path, sizeof(path), "%s/x.i", dir);
	err = file_write(path, data, strlen(data), 0600);
	if (!err)
		err = plan_tokens(path, &hash);
	if (err)
		printf("# %s\n", err->message);
	error_destroy(err);
	return hash;
}

static void test_tokens(const char *dir)
{
	uint64_t plain = tokens(dir, "# 1 \"x.c\"\nint f(void)\n{\n\treturn 'a';\n}\n");

	ok(plain == tokens(dir, "# 9 \"y.c\" 1 3\n\n\nint f(void) {\n# 7 \"x.c\" 2\nreturn 'a'; }"),
	   "line markers, line ends and blanks do not count");
	ok(plain != tokens(dir, "int f(void)\n{\n\treturn 'b';\n}\n"), "a letter counts");
	ok(plain != tokens(dir, "intf(void)\n{\n\treturn 'a';\n}\n"),
	   "whether there is a blank does");
	ok(tokens(dir, "f(\"a  b\");") != tokens(dir, "f(\"a b\");"), "blanks in a string count");
	ok(tokens(dir, "f(\"\\\"  b\");") != tokens(dir, "f(\"\\\" b\");"),
	   "also behind a quote in it");
	ok(tokens(dir, "f('\"'); g  (); h('\"');") == tokens(dir, "f('\"'); g (); h('\"');"),
	   "a quote as a character starts no string");
	ok(tokens(dir, "#pragma pack(1)\nx") != tokens(dir, "#pragma pack(2)\nx"),
	   "a pragma counts");
	ok(tokens(dir, "a++ + b") != tokens(dir, "a+ ++b"), "which plus belongs to which counts");
	ok(tokens(dir, "") == tokens(dir, "# 1 \"x.c\"\n"), "nothing is nothing");
}

#define INLINE "static inline __attribute__((__gnu_inline__)) __attribute__((__unused__)) "

/* Whether a change of g's body is seen with this text behind it. */
static bool sees(const char *dir, const char *start, const char *text)
{
	char before[1024], after[1024];

	snprintf(before, sizeof(before), "%s int g(int a) { return a + 1; }\n%s", start, text);
	snprintf(after, sizeof(after), "%s int g(int a) { return a + 2; }\n%s", start, text);
	return tokens(dir, before) != tokens(dir, after);
}

static void test_unused(const char *dir)
{
	ok(!sees(dir, INLINE, "int f(void) { return 1; }"), "an unused inline does not count");
	ok(sees(dir, INLINE, "int f(void) { return g(1); }"), "a used one does");
	ok(!sees(dir, INLINE, INLINE "int h(int a) { return g(a); } struct s { int x; };"),
	   "used by an unused one it does not");
	ok(sees(dir, INLINE, INLINE "int h(int a) { return g(a); } int (*p)(int) = h;"),
	   "but by one whose address is taken");
	ok(!sees(dir, INLINE,
		 "struct s { int a; } v = { .a = 1 }; int gg; int f(void) { return gg; }"),
	   "a name that only starts alike is another");
	ok(sees(dir, "static", "int x;"), "a function that is not inline counts");
	ok(sees(dir, "inline", "int x;"), "one that is not static, too");
	ok(sees(dir, INLINE "__attribute__((__used__))", "int x;"), "and one that is kept anyway");
	ok(sees(dir, INLINE, "int x = sizeof(g(1));"), "a use outside of functions is one");
}

struct sources {
	struct farm_list list;
	char dir[64], index[96];
};

/* In the order of their paths, as the list wants them. */
static void add_source(struct sources *sources, const char *path, const char *data)
{
	struct farm_entry *entry = array_add(&sources->list);
	char full[PATH_MAX];
	struct error *err;

	snprintf(full, sizeof(full), "%s/%s", sources->dir, path);
	err = make_parents(full);
	if (!err)
		err = file_write(full, data, strlen(data), 0600);
	error_destroy(err);
	entry->path = text_copy(&sources->list.text, path);
	entry->stamp.size = strlen(data);
}

/* The reached files, with blanks between. */
static const char *reached(struct sources *sources, const char *changed)
{
	struct text *text = &sources->list.text;
	struct list from = { 0 }, to = { 0 };
	const char *all = "";
	struct error *err;

	list_add(text, &from, changed);
	err = includes_reach(sources->index, &sources->list, &from, text, &to);
	if (err)
		printf("# %s\n", err->message);
	error_destroy(err);
	for (size_t i = 0; i < to.count; i++)
		all = text_printf(text, "%s%s%s", all, i ? " " : "", to.items[i]);
	list_destroy(&from);
	list_destroy(&to);
	return all;
}

static void test_includes(struct sources *sources)
{
	struct error *err;

	add_source(sources, "fs/a.c", "#include \"internal.h\"\n#include <linux/deep.h>\n");
	add_source(sources, "fs/internal.h", "# include\t<linux/list.h>\n");
	add_source(sources, "fs/odd.c", "#ifdef X\n  #  include \"../mm/internal.h\"\n#endif\n");
	add_source(sources, "include/asm-generic/bug.h", "\n");
	add_source(sources, "include/linux/deep.h", "#include <asm/bug.h>\n");
	add_source(sources, "include/linux/kconfig.h", "\n");
	add_source(sources, "include/linux/list.h", "\n");
	add_source(sources, "kernel/policy.c", "#include \"rt.c\"\n");
	add_source(sources, "kernel/rt.c", "/* #include <linux/list.h> */\nint a; #include <x>\n");
	add_source(sources, "mm/b.c", "#include \"internal.h\"\n");
	add_source(sources, "mm/internal.h", "\n");
	err = includes_index(sources->dir, &sources->list, sources->index);
	ok(!err, "an index is made");
	error_destroy(err);
	is_str(reached(sources, "fs/internal.h"), "fs/a.c", "a name in quotes is the one beside");
	is_str(reached(sources, "mm/internal.h"), "fs/odd.c mm/b.c",
	       "or the one that a path leads to");
	is_str(reached(sources, "include/linux/list.h"), "fs/a.c", "through another header");
	is_str(reached(sources, "kernel/rt.c"), "kernel/policy.c", "a source may be included, too");
	is_str(reached(sources, "include/asm-generic/bug.h"), "fs/a.c",
	       "a generated asm header leads to asm-generic");
	is_str(reached(sources, "include/linux/kconfig.h"),
	       "fs/a.c fs/odd.c kernel/policy.c kernel/rt.c mm/b.c",
	       "what is on the command line reaches all");
	is_str(reached(sources, "fs/a.c"), "", "a source does not reach itself");
}

static const char config[] = "#\n# Automatically generated file; DO NOT EDIT.\n"
			     "# Linux/x86 6.1.192 Kernel Configuration\n#\n"
			     "CONFIG_X86_64=y\nCONFIG_X=m\n# CONFIG_Y is not set\n"
			     "CONFIG_BUILD_SALT=\"6.1.0-1\"\n"
			     "CONFIG_SYSTEM_TRUSTED_KEYS=\"debian/certs/x.pem\"\nCONFIG_Z=1\n";

static void test_config(void)
{
	struct text text = { 0 };
	const char *arch;

	is_str(config_version(&text, config, &arch), "6.1.192", "a configuration's version");
	is_str(arch, "x86", "and architecture");
	ok(!config_version(&text, "CONFIG_X=y\n", &arch) && !arch, "which may not be there");
	is_str(config_value(&text, config, "BUILD_SALT"), "6.1.0-1", "a string without its quotes");
	ok(!config_value(&text, config, "Y"), "an option that is not set");
	ok(!config_value(&text, config, "X86"), "the start of a name is no name");
	ok(config_enabled(config, "X86_64") && !config_enabled(config, "X"), "y is not m");
	ok(strstr(config_without_keys(&text, config), "TRUSTED_KEYS=\"\"\nCONFIG_Z=1\n") &&
		   strlen(config_without_keys(&text, config)) == strlen(config) - 18,
	   "the keys go, and nothing else");
	text_destroy(&text);
}

int main(void)
{
	struct sources sources = { .dir = "/tmp/klpkit-plan.XXXXXX" };

	if (!mkdtemp(sources.dir))
		return 1;
	snprintf(sources.index, sizeof(sources.index), "%s/index", sources.dir);
	test_tokens(sources.dir);
	test_unused(sources.dir);
	test_includes(&sources);
	test_config();
	farm_list_destroy(&sources.list);
	error_destroy(remove_tree(sources.dir));
	return tap_done();
}
