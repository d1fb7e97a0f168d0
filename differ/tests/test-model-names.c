// SPDX-License-Identifier: GPL-2.0-or-later
/* What names say. */
#include "model.h"
#include "tap.h"

static void stem_is(const char *name, const char *want)
{
	char stem[64];

	name_stem(name, stem, sizeof(stem));
	is_str(stem, want, "the stem of %s is %s", name, want);
}

int main(void)
{
	char small[5];

	stem_is("count.57", "count");
	stem_is("count", "count");
	stem_is("foo.isra.0", "foo.isra");
	stem_is("foo.constprop.0.isra.12", "foo.constprop.isra");
	stem_is("foo.part.3.cold", "foo.part.cold");
	stem_is("v4l2.1x", "v4l2.1x");
	stem_is("__UNIQUE_ID_ddebug417.2", "__UNIQUE_ID_ddebug");
	stem_is("trailing.", "trailing.");
	name_stem("abcdefgh", small, sizeof(small));
	is_str(small, "abcd", "a long name is cut to the room");

	ok(name_is_static_local("count.57"), "a number at the end is the compiler's");
	ok(!name_is_static_local("count"), "none is none");
	ok(!name_is_static_local("foo.cold"), "a suffix of letters is no number");
	ok(!name_is_static_local(".57"), "a name has to be there");

	ok(name_cold_parent("foo.cold") == 3, "foo.cold is a piece of foo");
	ok(name_cold_parent("foo.isra.0.cold") == 10, "and of a clone");
	ok(!name_cold_parent("foo.cold.1"), "but not with a number behind it");
	ok(!name_cold_parent(".cold"), "nor without a name");
	ok(!name_cold_parent("cold"), "nor by name alone");

	ok(section_is_init(".init.text") && section_is_init(".init.text.setup") &&
		   section_is_init(".exit.text") && section_is_init(".initcall6.init"),
	   "init sections");
	ok(!section_is_init(".text.init") && !section_is_init(".text.exit") &&
		   !section_is_init(".data.init"),
	   "functions named init and exit are not in one");
	ok(section_is_noinstr(".noinstr.text") && section_is_noinstr(".cpuidle.text") &&
		   section_is_noinstr(".entry.text"),
	   "sections that may not be traced");
	ok(!section_is_noinstr(".text.noinstr") && !section_is_noinstr(".sched.text"),
	   "sections that may");
	return tap_done();
}
