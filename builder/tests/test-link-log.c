// SPDX-License-Identifier: GPL-2.0-or-later
/* What kbuild may say about a patch module, and what it may not. */
#include <tap.h>

#include "link-log.h"

static const char usual[] =
	"  LD [M]  /x/link/fix.o\n"
	"  MODPOST /x/link/Module.symvers\n"
	"WARNING: modpost: \".klp.ref.vmlinux.vmlinux.a,0\" [/x/link/fix.ko] undefined!\n"
	"WARNING: modpost: suppressed 4 unresolved symbol warnings because there were too many)\n";

static void refused(const char *line, const char *what)
{
	char output[1024];
	struct error *err;

	snprintf(output, sizeof(output), "%s%s\n  LD [M]  /x/link/fix.ko\n", usual, line);
	err = link_check_log(output, "/x/a log");
	ok(err && err->exit == EXIT_ERROR && strstr(err->message, line) &&
		   strstr(err->message, "/x/a log") && !strstr(err->message, "klp.ref"),
	   "%s is shown, with the log's place", what);
	error_destroy(err);
}

int main(void)
{
	struct error *err = link_check_log(usual, NULL);

	ok(!err, "references are undefined until the finish step");
	error_destroy(err);
	refused("/x/link/fix.o: warning: objtool: f+0x10: unreachable instruction", "objtool");
	refused("WARNING: modpost: module fix uses symbol s from namespace N, but does not import "
		"it.",
		"modpost");
	refused("warning: the compiler differs from the one used to build the kernel", "kbuild");
	refused("ERROR: modpost: missing MODULE_LICENSE() in /x/link/fix.o", "an error");
	return tap_done();
}
