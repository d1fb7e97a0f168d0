// SPDX-License-Identifier: GPL-2.0-or-later
/* What a tree's .gitignore files call generated: gitignore(5), as far as a kernel uses it. */
#include "ignore.h"
#include "tap.h"

static const char top_rules[] = "# a comment\n"
				".*\n"
				"*.o\n"
				"*.asn1.[ch]\n"
				"*.c.[012]*.*\n"
				"modules.order\n"
				"/vmlinux\n"
				"/include/generated/\n"
				"/arch/*/include/generated/\n"
				"patches-*\n"
				"\\#*#\n"
				"!.gitignore\n"
				"!keep.o\n"
				"a/**/z\n"
				"**/deep\n";

static const char sub_rules[] = "conf\n!*.o\n/only-here\n";

static void test_top(const struct ignore *top)
{
	ok(ignore_match(top, "mm/x.o", false), "a suffix, at any depth");
	ok(!ignore_match(top, "mm/x.c", false), "a source is none");
	ok(ignore_match(top, "crypto/x509.asn1.c", false), "a class of letters");
	ok(ignore_match(top, ".config", false), "a dot file");
	ok(!ignore_match(top, "mm/.gitignore", false), "but an exception behind it");
	ok(!ignore_match(top, "mm/keep.o", false), "and another");
	ok(ignore_match(top, "vmlinux", false), "an anchored name at the top");
	ok(!ignore_match(top, "arch/vmlinux", false), "but not below");
	ok(ignore_match(top, "include/generated", true), "a directory");
	ok(!ignore_match(top, "include/generated", false), "but not a file of its name");
	ok(ignore_match(top, "arch/x86/include/generated", true), "a star for one component");
	ok(!ignore_match(top, "arch/x86/um/include/generated", true), "not for two");
	ok(ignore_match(top, "a/z", false), "two stars for no component");
	ok(ignore_match(top, "a/b/c/z", false), "and for several");
	ok(ignore_match(top, "b/c/deep", false), "two stars in front");
	ok(ignore_match(top, "deep", false), "also at the top");
	ok(ignore_match(top, "mm/#x#", false), "a hash that is escaped");
}

static void test_below(struct text *text, const struct ignore *top)
{
	const struct ignore *below = ignore_create(text, top, "scripts/kconfig", sub_rules);

	ok(ignore_match(below, "scripts/kconfig/conf", false), "a rule of the directory");
	ok(!ignore_match(below, "scripts/kconfig/conf.c", false), "is for whole names");
	ok(!ignore_match(below, "scripts/kconfig/x.o", false), "it overrules those above");
	ok(ignore_match(below, "scripts/kconfig/modules.order", false), "the others still hold");
	ok(ignore_match(below, "scripts/kconfig/only-here", false), "anchored in the directory");
	ok(!ignore_match(below, "scripts/kconfig/sub/only-here", false), "and not below it");
	ok(ignore_create(text, top, "mm", NULL) == top, "no file, no rules");
}

static void test_always(void)
{
	ok(ignore_always("mm/x.o", false), "objects are generated without any rule");
	ok(ignore_always("mm/.x.o.cmd", false), "and kbuild's records");
	ok(ignore_always(".config", false), "and the configuration");
	ok(ignore_always("include/generated", true), "and include/generated");
	ok(!ignore_always("include/linux", true), "include/linux is not");
	ok(!ignore_always("mm/x.c", false), "nor is a source");
}

int main(void)
{
	struct text text = { 0 };
	const struct ignore *top = ignore_create(&text, NULL, "", top_rules);

	test_top(top);
	test_below(&text, top);
	test_always();
	text_destroy(&text);
	return tap_done();
}
