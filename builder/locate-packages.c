// SPDX-License-Identifier: GPL-2.0-or-later
/* In: a kernel's release. Out: its image, config, symbol versions, modules and source. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "build.h"
#include "cache.h"
#include "locate.h"
#include "package.h"
#include "run.h"

/* "6.12.117-1~deb12u1": its source package is linux-source-6.12. NULL: not such a version. */
static const char *source_package(struct text *text, const char *version)
{
	const char *colon = strchr(version, ':'), *dot;

	version = colon ? colon + 1 : version;
	dot = strchr(version, '.');
	if (!dot)
		return NULL;
	return text_printf(text, "linux-source-%.*s",
			   (int)(dot + 1 + strspn(dot + 1, "0123456789") - version), version);
}

static struct error *find_in(struct build *build, const struct package *package, const char *what,
			     const char *const *places, const char **ret)
{
	for (; *places; places++) {
		const char *path = text_printf(&build->text, "%s%s", package->root, *places);

		if (!access(path, R_OK)) {
			*ret = path;
			return text_failed(&build->text);
		}
	}
	return text_failed(&build->text) ?:
		       error_create(EXIT_ERROR, "the package %s %s has no %s%s%s", package->name,
				    package->version, what, *package->root ? "; look at " : "",
				    package->root);
}

/* One, two or three places, in which %s is the release. */
#define find_file(build, package, what, ret, ...)                                                  \
	({                                                                                         \
		const char *formats_[] = { __VA_ARGS__, NULL }, *places_[4] = { 0 };               \
		for (size_t i_ = 0; formats_[i_] && i_ < 3; i_++)                                  \
			places_[i_] = locate_place(build, formats_[i_]);                           \
		find_in(build, package, what, places_, ret);                                       \
	})

/* The format with its one % replaced by the release. */
static const char *locate_place(struct build *build, const char *format)
{
	const char *mark = strchr(format, '%');

	return text_printf(&build->text, "%.*s%s%s", (int)(mark - format), format,
			   build->options->kernel, mark + 1);
}

static struct error *unpack_source(struct build *build, struct packages *packages,
				   const char *sources, const char *tarball, const char *tree)
{
	const char *beside;
	struct error *err;

	progress_count(packages->progress, 0, 0, "unpacking the source");
	err = make_directories(sources);
	if (!err)
		err = packages_sweep(sources);
	if (!err)
		err = packages_temporary(packages->text, sources, &beside);
	if (!err) {
		const char *argv[] = {
			"tar", "-x",   "-f", tarball, "--strip-components=1", "--no-same-owner",
			"-C",  beside, NULL
		};

		err = error_prefix(run_command((char *const *)argv, NULL), "cannot unpack %s",
				   tarball);
	}
	if (!err && chmod(beside, 0755) < 0)
		err = error_errno(errno, "cannot set the mode of %s", beside);
	if (!err && rename(beside, tree) < 0)
		err = error_errno(errno, "cannot create %s", tree);
	return err;
}

/* The source of exactly this package version, unpacked once. */
static struct error *find_source(struct build *build, struct packages *packages, const char *cache,
				 const char *version)
{
	const char *name = source_package(&build->text, version), *sources, *tree, *tarball;
	struct package package;
	struct error *err;

	if (!name)
		return error_create(EXIT_ERROR, "'%s' is not a kernel package's version", version);
	sources = text_printf(&build->text, "%s/sources", cache);
	tree = text_printf(&build->text, "%s/%s", sources, version);
	build->kernel.source = tree;
	build->kernel.source_is_ours = true;
	err = text_failed(&build->text);
	if (err || is_directory(tree))
		return err;
	err = package_get(packages, name, version, &package);
	if (err)
		return err;
	tarball = text_printf(&build->text, "%s/usr/src/%s.tar.xz", package.root, name);
	if (!is_file(tarball))
		return error_create(EXIT_ERROR, "the package %s %s has no %s", name, version,
				    tarball);
	return unpack_source(build, packages, sources, tarball, tree);
}

static struct error *find_all(struct build *build, struct packages *packages, const char *cache)
{
	const char *release = build->options->kernel;
	struct build_kernel *kernel = &build->kernel;
	struct text *text = &build->text;
	struct package image, headers;
	struct error *err;

	err = package_get(packages, text_printf(text, "linux-image-%s", release), NULL, &image);
	if (!err)
		err = package_get(packages, text_printf(text, "linux-headers-%s", release),
				  image.version, &headers);
	if (err)
		return err;
	kernel->package = image.version;
	err = find_file(build, &image, "kernel image", &kernel->image, "/boot/vmlinuz-%");
	if (!err)
		err = find_file(build, &image, "modules", &kernel->modules, "/lib/modules/%",
				"/usr/lib/modules/%");
	if (!err)
		err = find_file(build, &headers, "configuration", &kernel->config,
				"/usr/src/linux-headers-%/.config");
	if (!err)
		err = find_file(build, &headers, "Module.symvers", &kernel->symvers,
				"/usr/src/linux-headers-%/Module.symvers");
	return err ?: find_source(build, packages, cache, image.version);
}

struct error *locate_packages(struct build *build)
{
	struct packages packages;
	const char *cache;
	struct error *err;

	/* It becomes a part of paths and of package names. */
	if (!*build->options->kernel || strpbrk(build->options->kernel, "/ \t\n%*") ||
	    *build->options->kernel == '-' || *build->options->kernel == '.')
		return error_create(EXIT_ERROR, "'%s' is not a kernel release; uname -r says yours",
				    build->options->kernel);
	err = cache_directory(&build->text, &cache);
	if (!err)
		err = packages_open(&build->text, build->progress, cache, &packages);
	if (err)
		return err;
	err = find_all(build, &packages, cache);
	packages_close(&packages);
	return err;
}
