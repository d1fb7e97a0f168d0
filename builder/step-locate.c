// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the options that name the kernel. Out: its parts, opened, and known to be of one kernel. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "locate.h"
#include "steps.h"

static struct error *absolute(struct build *build, const char *option, const char *path,
			      const char **ret)
{
	char *real = realpath(path, NULL);

	if (!real)
		return error_errno(errno, "%s %s", option, path);
	*ret = text_copy(&build->text, real);
	free(real);
	return text_failed(&build->text);
}

static struct error *absolute_file(struct build *build, const char *option, const char *path,
				   const char **ret)
{
	struct error *err = absolute(build, option, path, ret);

	if (!err && !is_file(*ret))
		err = error_create(EXIT_ERROR, "%s %s is a directory", option, path);
	if (!err && access(*ret, R_OK) < 0)
		err = error_errno(errno, "%s %s cannot be read", option, path);
	return err;
}

struct error *locate_paths(struct build *build)
{
	const struct options *options = build->options;
	struct build_kernel *kernel = &build->kernel;
	struct error *err;

	err = absolute(build, "--sourcedir", options->source, &kernel->source);
	if (!err && !is_directory(kernel->source))
		err = error_create(EXIT_ERROR, "--sourcedir %s is not a directory",
				   options->source);
	if (!err)
		err = absolute_file(build, "--config", options->config, &kernel->config);
	if (!err && options->vmlinux)
		err = absolute_file(build, "--vmlinux", options->vmlinux, &kernel->image);
	if (!err && options->vmlinuz)
		err = absolute_file(build, "--vmlinuz", options->vmlinuz, &kernel->image);
	if (!err)
		err = absolute_file(build, "--symvers", options->symvers, &kernel->symvers);
	if (!err && options->modules)
		err = absolute(build, "--modules", options->modules, &kernel->modules);
	if (!err && options->modules && !is_directory(kernel->modules))
		err = error_create(EXIT_ERROR, "--modules %s is not a directory", options->modules);
	return err;
}

/* The number behind "NAME = " at the start of a line, as text; NULL when there is none. */
static const char *makefile_number(struct text *text, const char *data, const char *name)
{
	for (const char *line = data; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!starts_with(line, name))
			continue;
		line += strlen(name);
		line += strspn(line, " ");
		if (*line++ != '=')
			continue;
		line += strspn(line, " ");
		if (strspn(line, "0123456789"))
			return text_slice(text, line, strspn(line, "0123456789"));
	}
	return NULL;
}

struct error *locate_version(struct build *build)
{
	const char *source = build->kernel.source, *major, *minor, *patch;
	auto_free char *data = NULL;
	struct error *err;
	size_t size;

	if (!is_file(text_printf(&build->text, "%s/scripts/Makefile.build", source)) ||
	    !is_file(text_printf(&build->text, "%s/Kconfig", source)) ||
	    !is_directory(text_printf(&build->text, "%s/arch/x86", source)))
		return error_create(EXIT_ERROR, "%s is not the source of a Linux kernel: Kconfig, "
						"scripts/Makefile.build or arch/x86 is missing",
				    source);
	err = file_read(text_printf(&build->text, "%s/Makefile", source), &data, &size);
	if (err)
		return err;
	major = makefile_number(&build->text, data, "VERSION");
	minor = makefile_number(&build->text, data, "PATCHLEVEL");
	patch = makefile_number(&build->text, data, "SUBLEVEL");
	if (!major || !minor || !patch)
		return error_create(EXIT_ERROR, "%s/Makefile does not say which version it is of",
				    source);
	build->kernel.version = text_printf(&build->text, "%s.%s.%s", major, minor, patch);
	return text_failed(&build->text);
}

/* "Linux version RELEASE (...": what is between. */
static struct error *read_release(struct build *build)
{
	const char *banner = image_banner(build->kernel.vmlinux);
	static const char start[] = "Linux version ";

	if (!banner || !starts_with(banner, start))
		return error_create(EXIT_ERROR, "%s is not the image of a Linux kernel: it has no "
						"version banner",
				    build->kernel.image);
	build->kernel.release = text_slice(&build->text, banner + strlen(start),
					   strcspn(banner + strlen(start), " "));
	if (build->options->kernel && strcmp(build->options->kernel, build->kernel.release))
		return error_create(EXIT_ERROR, "%s is of the kernel %s, not %s",
				    build->kernel.image, build->kernel.release,
				    build->options->kernel);
	return NULL;
}

static struct error *record_inputs(struct build *build)
{
	struct error *err;

	err = build_input(build, "config", build->kernel.config);
	if (!err)
		err = build_input(build, "image", build->kernel.image);
	return err ?: build_input(build, "symvers", build->kernel.symvers);
}

struct error *step_locate(struct build *build)
{
	struct build_kernel *kernel = &build->kernel;
	struct error *err;

	err = build->options->kernel ? locate_packages(build) : locate_paths(build);
	if (!err)
		err = locate_version(build);
	if (!err)
		err = file_read(kernel->config, &kernel->config_data, &kernel->config_size);
	if (!err)
		err = symtab_open_cached(kernel->image, &kernel->symbols, &kernel->vmlinux);
	if (!err && !kernel->vmlinux)
		err = error_create(EXIT_ERROR, "%s is not the image of a kernel", kernel->image);
	if (!err)
		err = read_release(build);
	if (!err)
		err = symvers_open_cached(kernel->symvers, &kernel->exports);
	if (!err)
		err = record_inputs(build);
	build->detail = kernel->release;
	return err;
}
