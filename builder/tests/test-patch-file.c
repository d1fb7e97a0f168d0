// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader of unified diffs: what it finds, and what it does not let through. */
#include <stdlib.h>

#include "patch-file.h"
#include "tap.h"

#define HUNK "@@ -1,2 +1,2 @@ f\n context\n-old\n+new\n"

static struct error *parse(const char *text, struct patch_file *patch)
{
	*patch = (struct patch_file){ 0 };
	return patch_file_parse("x.patch", text, strlen(text), patch);
}

static void is_entry(const char *text, const char *path, enum patch_touch touch, const char *what)
{
	struct patch_file patch;
	struct error *err = parse(text, &patch);

	if (!ok(!err && patch.count == 1, "%s: one file", what))
		printf("#   %s\n", err ? err->message : "another count");
	is_str(patch.count ? patch.items[0].path : NULL, path, "%s: its path", what);
	ok(patch.count && patch.items[0].touch == touch, "%s: what becomes of it", what);
	error_destroy(err);
	patch_file_destroy(&patch);
}

static void is_refused(const char *text, const char *word, const char *what)
{
	struct patch_file patch;
	struct error *err = parse(text, &patch);

	if (!ok(err && err->exit == EXIT_ERROR && strstr(err->message, word), "%s", what))
		printf("#   %s\n", err ? err->message : "no error");
	error_destroy(err);
	patch_file_destroy(&patch);
}

static void test_forms(void)
{
	is_entry("--- a/mm/x.c\t2026-01-01 00:00:00 +0000\n+++ b/mm/x.c\t2026-01-01\n" HUNK,
		 "mm/x.c", PATCH_EDITED, "diff -u");
	is_entry("From 1234 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\ntext\n---\n mm/x.c | 2 "
		 "+-\n"
		 "diff --git a/mm/x.c b/mm/x.c\nindex 12..34 100644\n--- a/mm/x.c\n+++ "
		 "b/mm/x.c\n" HUNK "-- \n2.39.2\n",
		 "mm/x.c", PATCH_EDITED, "git format-patch");
	is_entry("diff --git a/n.c b/n.c\nnew file mode 100644\n--- /dev/null\n+++ b/n.c\n"
		 "@@ -0,0 +1 @@\n+int n;\n",
		 "n.c", PATCH_NEW, "a new file");
	is_entry("--- linux.orig/n.c\t1970-01-01\n+++ linux/n.c\t2026-01-01\n@@ -0,0 +1 @@\n+int "
		 "n;\n",
		 "n.c", PATCH_NEW, "a new file of diff -N");
	is_entry("--- a/n.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int n;\n", "n.c", PATCH_DELETED,
		 "a removed file");
	is_entry("--- \"a/m\\303\\244 x.c\"\n+++ \"b/m\\303\\244 x.c\"\n" HUNK, "m\303\244 x.c",
		 PATCH_EDITED, "a quoted name");
	is_entry("--- a/x.c\r\n+++ b/x.c\r\n@@ -1,2 +1,2 @@\r\n context\r\n-old\r\n+new\r\n", "x.c",
		 PATCH_EDITED, "lines that end as on DOS");
	is_entry("--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,3 @@\n context\n\n-old\n+new\n", "x.c",
		 PATCH_EDITED, "an empty context line without its blank");
	is_entry("--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-old\n\\ No newline at end of file\n+new\n"
		 "\\ No newline at end of file\n",
		 "x.c", PATCH_EDITED, "no newline at the end");
	is_entry("--- a/x.c\n+++ b/x.c\n@@ -1,2 +1 @@\n context\n--- a/y.c\n", "x.c", PATCH_EDITED,
		 "a removed line that looks like a header");
}

static void test_several(void)
{
	struct patch_file patch;
	struct error *err;

	err = parse("--- a/x.c\n+++ b/x.c\n" HUNK HUNK "--- a/y.h\n+++ b/y.h\n" HUNK
		    "--- a/x.c\n+++ b/x.c\n" HUNK,
		    &patch);
	ok(!err && patch.count == 2, "two files, one of them twice");
	ok(patch.count == 2 && patch.items[0].hunks == 3 && patch.items[1].hunks == 1,
	   "their hunks");
	error_destroy(err);
	patch_file_destroy(&patch);

	err = parse("diff --git a/o.c b/n.c\nsimilarity index 90%\nrename from o.c\nrename to n.c\n"
		    "--- a/o.c\n+++ b/n.c\n" HUNK,
		    &patch);
	ok(!err && patch.count == 2 && patch.items[0].touch == PATCH_DELETED &&
		   patch.items[1].touch == PATCH_NEW,
	   "a rename removes one and makes another");
	error_destroy(err);
	patch_file_destroy(&patch);
}

static void test_refusals(void)
{
	is_refused("hello\n", "not a patch", "text is no patch");
	is_refused("", "not a patch", "an empty file is no patch");
	is_refused("--- a/x.c\n+++ b/x.c\n", "not a patch", "headers alone are no patch");
	is_refused("--- a/../../etc/passwd\n+++ b/../../etc/passwd\n" HUNK, "leaves the source",
		   "a path with .. is refused");
	is_refused("--- a/x/..\n+++ b/x/..\n" HUNK, "leaves the source", "also at the end");
	is_refused("--- /etc/passwd\n+++ /etc/passwd\n" HUNK, "absolute",
		   "an absolute path is refused");
	is_refused("--- a//etc/passwd\n+++ a/x//etc\n" HUNK, "absolute", "and one in the middle");
	is_refused("diff --git a/x b/y\nrename from ../x\nrename to y\n", "leaves the source",
		   "a rename from elsewhere is refused");
	is_refused("--- x.c\n+++ x.c\n" HUNK, "leading directory", "a path with nothing to strip");
	is_refused("--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,2 @@\n context\n-old\n", "middle of a hunk",
		   "a truncated hunk");
	is_refused("--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,2 @@\n context\n-old\nrubbish\n",
		   "x.patch:6: this line is not part", "a line that cannot be in a hunk");
	is_refused("--- a/x.c\n+++ b/x.c\n@@ rubbish\n", "not the start of a hunk",
		   "a bad hunk header");
	is_refused("diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n"
		   "@@ -0,0 +1 @@\n+/etc/passwd\n",
		   "symbolic link", "a symbolic link is refused");
	is_refused("diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 1\n", "binary",
		   "a binary change is refused");
}

static void test_binary_file(void)
{
	struct patch_file patch = { 0 };
	struct error *err = patch_file_parse("x.patch", "\0\1\2\3", 4, &patch);

	ok(err && strstr(err->message, "binary file"), "a binary file is no patch");
	error_destroy(err);
}

int main(void)
{
	test_forms();
	test_several();
	test_refusals();
	test_binary_file();
	return tap_done();
}
