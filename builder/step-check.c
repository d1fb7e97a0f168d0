// SPDX-License-Identifier: GPL-2.0-or-later
/* In: the kernel's parts. Out: they are of one kernel, and it can be compiled here. */
#include <stdio.h>
#include <string.h>

#include "check-exports.h"
#include "config.h"
#include "steps.h"
#include "tools.h"

/* "gcc-12 (Debian 12.2.0-14) 12.2.0": all but the name under which it was called. */
static const char *without_name(const char *version)
{
	const char *space = strchr(version, ' ');

	return space ? space + 1 : version;
}

static const char *first_word(struct text *text, const char *string)
{
	return text_slice(text, string, strcspn(string, " "));
}

/* gcc, or the gcc-12 that the config names: the one that built the kernel. */
static struct error *find_compiler(struct build *build, const char *wanted)
{
	const char *names[] = { "gcc", first_word(&build->text, wanted) };
	const char *seen = NULL;

	for (size_t i = 0; i < 2; i++) {
		const char *version;
		struct error *err;

		if (!tool_present(names[i]))
			continue;
		err = tool_version(&build->text, names[i], &version);
		if (err)
			return err;
		seen = seen ?: version;
		if (strcmp(without_name(version), without_name(wanted)))
			continue;
		build->tools.gcc = names[i];
		build->tools.version = version;
		return NULL;
	}
	if (!seen) {
		build->tools.gcc = "gcc";
		return NULL; /* told with the other missing tools */
	}
	return error_create(EXIT_ERROR,
			    "the kernel was compiled by %s, and the compiler here is %s; install "
			    "the former (as %s)",
			    wanted, seen, names[1]);
}

static struct error *check_config_version(struct build *build)
{
	const struct build_kernel *kernel = &build->kernel;
	const char *arch, *version;

	version = config_version(&build->text, kernel->config_data, &arch);
	if (arch && !starts_with(arch, "x86"))
		return error_create(EXIT_ERROR, "%s is a configuration for %s, not for x86-64",
				    kernel->config, arch);
	if (!config_enabled(kernel->config_data, "X86_64"))
		return error_create(EXIT_ERROR, "%s is not the configuration of an x86-64 kernel "
						"(CONFIG_X86_64 is not set)",
				    kernel->config);
	if (version && strcmp(version, kernel->version))
		return error_create(EXIT_ERROR,
				    "%s is a configuration for %s, and the source in %s "
				    "is %s",
				    kernel->config, version, kernel->source, kernel->version);
	return NULL;
}

static struct error *check_config_image(struct build *build, const char *compiler)
{
	const struct build_kernel *kernel = &build->kernel;
	const char *salt = config_value(&build->text, kernel->config_data, "BUILD_SALT");

	/* Distributions that set it set it to the release. */
	if (salt && *salt && strcmp(salt, kernel->release))
		return error_create(EXIT_ERROR,
				    "%s is the configuration of %s (CONFIG_BUILD_SALT), "
				    "and %s is the image of %s",
				    kernel->config, salt, kernel->image, kernel->release);
	if (!strstr(image_banner(kernel->vmlinux), compiler))
		return error_create(EXIT_ERROR,
				    "%s is not the configuration of %s: it names the compiler %s, "
				    "and the image says \"%s\"",
				    kernel->config, kernel->image, compiler,
				    image_banner(kernel->vmlinux));
	return NULL;
}

static struct error *check_options(struct build *build)
{
	const char *config = build->kernel.config_data;

	if (!build->options->loader && !config_enabled(config, "LIVEPATCH"))
		return error_create(EXIT_ERROR,
				    "this kernel cannot be live patched by itself "
				    "(CONFIG_LIVEPATCH is not set): use --backend loader");
	if (!config_enabled(config, "CC_IS_GCC"))
		return error_create(EXIT_ERROR, "the kernel was not compiled by gcc");
	/* redzones around data, and constructors that tell of them: nothing here knows these */
	if (config_enabled(config, "KASAN_GENERIC"))
		return error_create(EXIT_ERROR, "%s has CONFIG_KASAN, and patches cannot be built for such a kernel",
				    build->kernel.config);
	return NULL;
}

/* The part of a Debian version that is the kernel's: "6.1.192" of "6.1.192-2". */
static bool same_upstream(const char *package, const char *version)
{
	size_t length = strlen(version);

	return !strncmp(package, version, length) && !strchr("0123456789.", package[length]);
}

static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		if ((at == text || !strchr("0123456789.", at[-1])) &&
		    !strchr("0123456789.", at[length] ?: ' '))
			return true;
	return false;
}

static struct error *check_source_image(struct build *build)
{
	struct build_kernel *kernel = &build->kernel;
	const char *banner = image_banner(kernel->vmlinux);
	const char *built = strchr(banner, '#'), *debian, *package;

	/* "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-07-01)" */
	debian = built ? strstr(built, " Debian ") : NULL;
	package = debian ? first_word(&build->text, debian + strlen(" Debian ")) : NULL;
	kernel->built_as = package;
	if (package ? same_upstream(package, kernel->version) : has_word(banner, kernel->version)) {
		if (!kernel->package || !package || !strcmp(package, kernel->package))
			return NULL;
		return error_create(EXIT_ERROR, "%s is of the package version %s, not %s",
				    kernel->image, package, kernel->package);
	}
	return error_create(EXIT_ERROR, "the source in %s is %s, and %s is an image of another "
					"version: \"%s\"",
			    kernel->source, kernel->version, kernel->image, banner);
}

struct error *step_check(struct build *build)
{
	const char *config = build->kernel.config_data;
	const char *compiler = config_value(&build->text, config, "CC_VERSION_TEXT");
	struct error *err;

	err = check_config_version(build);
	if (!err)
		err = check_source_image(build);
	if (!err && !compiler)
		err = error_create(EXIT_ERROR,
				   "%s does not name its compiler "
				   "(CONFIG_CC_VERSION_TEXT): it is no whole configuration",
				   build->kernel.config);
	if (!err)
		err = check_config_image(build, compiler);
	if (!err)
		err = check_exports(&build->kernel);
	if (!err)
		err = check_options(build);
	if (!err)
		err = find_compiler(build, compiler);
	if (!err)
		err = tools_check(&build->text, build->tools.gcc,
				  config_enabled(config, "DEBUG_INFO_BTF"));
	if (!err)
		err = tool_identity(&build->text, build->tools.gcc, &build->tools.identity);
	build->detail = build->tools.version;
	return err;
}
