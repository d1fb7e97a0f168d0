// SPDX-License-Identifier: GPL-2.0-or-later
/* The programs and headers that a build starts. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "run.h"
#include "tools.h"

/* Where PATH has it. */
static bool find_tool(const char *name, char full[PATH_MAX])
{
	const char *path = getenv("PATH");

	if (strchr(name, '/')) {
		snprintf(full, PATH_MAX, "%s", name);
		return !access(full, X_OK) && is_file(full);
	}
	for (path = path ?: "/usr/bin:/bin"; path; path = strchr(path, ':')) {
		path += *path == ':';
		snprintf(full, PATH_MAX, "%.*s/%s", (int)strcspn(path, ":"), path, name);
		if (!access(full, X_OK) && is_file(full))
			return true;
	}
	return false;
}

bool tool_present(const char *name)
{
	char full[PATH_MAX];

	return find_tool(name, full);
}

/* Host programs of the kernel's build want these. */
static const struct header {
	const char *name, *package;
} headers[] = {
	{ "gelf.h", "libelf's headers (libelf-dev)" },
	{ "openssl/opensslv.h", "OpenSSL's headers (libssl-dev)" },
};

static bool header_present(const char *gcc, const char *first, const char *second)
{
	const char *argv[] = { gcc, "-fsyntax-only", "-x",	"c", "-include", first,
			       "-include", second, "/dev/null", NULL };
	struct error *err;
	int status = 1;

	err = run_status((char *const *)argv, NULL, &status, NULL);
	error_destroy(err);
	return !status;
}

static void find_missing_headers(struct text *text, const char *gcc, struct list *missing)
{
	if (header_present(gcc, headers[0].name, headers[1].name))
		return;
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		if (!header_present(gcc, headers[i].name, headers[i].name))
			list_add(text, missing, headers[i].package);
}

struct error *tools_check(struct text *text, const char *gcc, bool btf)
{
	static const char *const tools[] = { "make", "ld", "as", "nm", "objcopy", "strip", "patch",
					     "bison", "flex", "bc", "sh", "sed", "awk", "perl" };
	auto_list struct list missing = { 0 };
	const char *names = "";

	if (!tool_present(gcc))
		list_add(text, &missing, gcc);
	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++)
		if (!tool_present(tools[i]))
			list_add(text, &missing, tools[i]);
	if (btf && !tool_present("pahole"))
		list_add(text, &missing, "pahole (the config has BTF)");
	if (tool_present(gcc))
		find_missing_headers(text, gcc, &missing);
	for (size_t i = 0; i < missing.count; i++)
		names = text_printf(text, "%s%s%s", names, i ? ", " : "", missing.items[i]);
	if (missing.count)
		return error_create(EXIT_ERROR, "missing: %s", names);
	return text_failed(text);
}

struct error *tool_version(struct text *text, const char *name, const char **ret)
{
	const char *const environment[] = { "LC_ALL=C", NULL };
	const char *argv[] = { name, "--version", NULL };
	struct run_options options = { .env = environment };
	auto_free char *output = NULL;
	struct error *err;

	err = run_capture((char *const *)argv, &options, &output, NULL);
	if (err)
		return err;
	*ret = text_slice(text, output, strcspn(output, "\n"));
	return text_failed(text);
}

/* "PATH SIZE SECONDS.NANOSECONDS", links followed. */
static const char *file_identity(struct text *text, const char *name)
{
	char full[PATH_MAX];
	struct stat st;

	if (!find_tool(name, full) || stat(full, &st) < 0)
		return name;
	return text_printf(text, "%s %lld %lld.%09ld", full, (long long)st.st_size,
			   (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

/* What the compiler starts: its path, or its name in PATH. */
static struct error *part_of(struct text *text, const char *gcc, const char *part, const char **ret)
{
	const char *argv[] = { gcc, text_printf(text, "-print-prog-name=%s", part), NULL };
	auto_free char *output = NULL;
	struct error *err = text_failed(text);

	if (!err)
		err = run_capture((char *const *)argv, NULL, &output, NULL);
	if (err)
		return err;
	*ret = text_slice(text, output, strcspn(output, "\n"));
	return text_failed(text);
}

struct error *tool_identity(struct text *text, const char *gcc, const char **ret)
{
	static const char *const parts[] = { "cc1", "as" };
	const char *all = file_identity(text, gcc);

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const char *part;
		struct error *err = part_of(text, gcc, parts[i], &part);

		if (err)
			return err;
		all = text_printf(text, "%s\n%s", all, file_identity(text, part));
	}
	*ret = all;
	return text_failed(text);
}
