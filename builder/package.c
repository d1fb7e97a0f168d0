// SPDX-License-Identifier: GPL-2.0-or-later
/* The distribution's packages: found where they are installed, in the cache, or downloaded. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "package.h"
#include "paths.h"
#include "run.h"

#define TEMPORARY ".tmp-"

struct error *packages_sweep(const char *dir)
{
	struct error *err = NULL;
	struct dirent *entry;
	DIR *stream;

	stream = opendir(dir);
	if (!stream)
		return error_errno(errno, "cannot read %s", dir);
	while (!err && (entry = readdir(stream))) {
		auto_free char *path = NULL;

		if (!starts_with(entry->d_name, TEMPORARY))
			continue;
		if (asprintf(&path, "%s/%s", dir, entry->d_name) < 0)
			err = error_nomem();
		else
			err = remove_tree(path);
	}
	closedir(stream);
	return err;
}

struct error *packages_temporary(struct text *text, const char *dir, const char **ret)
{
	const char *path = text_printf(text, "%s/" TEMPORARY "XXXXXX", dir);
	struct error *err = text_failed(text);

	if (err)
		return err;
	if (!mkdtemp((char *)path))
		return error_errno(errno, "cannot create a directory in %s", dir);
	*ret = path;
	return NULL;
}

struct error *packages_open(struct text *text, struct progress *progress, const char *cache,
			    struct packages *ret)
{
	struct packages packages = { .text = text, .progress = progress };
	struct error *err;
	const char *path;

	packages.dir = text_printf(text, "%s/packages", cache);
	path = text_printf(text, "%s/.lock", packages.dir);
	err = text_failed(text);
	if (!err)
		err = make_directories(packages.dir);
	if (err)
		return err;
	packages.lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (packages.lock < 0)
		return error_errno(errno, "cannot open %s", path);
	if (flock(packages.lock, LOCK_EX | LOCK_NB) < 0) {
		progress_count(progress, 0, 0, "waiting for another build's downloads");
		while (flock(packages.lock, LOCK_EX) < 0 && errno == EINTR)
			;
	}
	err = packages_sweep(packages.dir);
	if (err) {
		close(packages.lock);
		return err;
	}
	*ret = packages;
	return NULL;
}

void packages_close(struct packages *packages)
{
	close(packages->lock);
}

/* *version_ret is NULL when it is not installed, or dpkg is not there to say so. */
static struct error *installed_version(struct packages *packages, const char *name,
				       const char **version_ret)
{
	const char *argv[] = { "dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}",
			       name,	     NULL };
	auto_free char *output = NULL;
	struct error *err;
	int status;

	*version_ret = NULL;
	err = run_status((char *const *)argv, NULL, &status, &output);
	if (err || status || !starts_with(output, "installed ")) {
		error_destroy(err);
		return NULL;
	}
	*version_ret = text_slice(packages->text, output + strlen("installed "),
				  strcspn(output + strlen("installed "), "\n"));
	return text_failed(packages->text);
}

/* NAME_VERSION_ARCH.deb: the version, with the %3a that stands for a colon; NULL: another name. */
static const char *deb_version(struct text *text, const char *file, const char *name)
{
	size_t length = strlen(name);
	const char *version, *end, *colon;

	if (strncmp(file, name, length) || file[length] != '_' || !ends_with(file, ".deb"))
		return NULL;
	version = file + length + 1;
	end = strchr(version, '_');
	if (!end)
		return NULL;
	version = text_slice(text, version, (size_t)(end - version));
	colon = strstr(version, "%3a");
	if (!colon)
		return version;
	return text_printf(text, "%.*s:%s", (int)(colon - version), version, colon + 3);
}

static bool newer(const char *version, const char *than)
{
	const char *argv[] = { "dpkg", "--compare-versions", version, "gt", than, NULL };
	struct error *err;
	int status = 1;

	err = run_status((char *const *)argv, NULL, &status, NULL);
	error_destroy(err);
	return !status;
}

/* Of the debs in dir: *deb_ret is NULL when none is of that name and version. */
static struct error *find_deb(struct packages *packages, const char *dir, const char *name,
			      const char *version, const char **deb_ret, const char **version_ret)
{
	struct dirent *entry;
	DIR *stream;

	*deb_ret = *version_ret = NULL;
	stream = opendir(dir);
	if (!stream)
		return error_errno(errno, "cannot read %s", dir);
	while ((entry = readdir(stream))) {
		const char *found = deb_version(packages->text, entry->d_name, name);

		if (!found || (version && strcmp(found, version)))
			continue;
		if (*version_ret && !newer(found, *version_ret))
			continue;
		*deb_ret = text_copy(packages->text, entry->d_name);
		*version_ret = found;
	}
	closedir(stream);
	return text_failed(packages->text);
}

static struct error *move_downloaded(struct packages *packages, const char *from, const char *name,
				     const char *version)
{
	const char *deb, *found, *old_path, *new_path;
	struct error *err;

	err = find_deb(packages, from, name, version, &deb, &found);
	if (err)
		return err;
	if (!deb)
		return error_create(EXIT_ERROR, "apt-get has downloaded no %s", name);
	old_path = text_printf(packages->text, "%s/%s", from, deb);
	new_path = text_printf(packages->text, "%s/%s", packages->dir, deb);
	err = text_failed(packages->text);
	if (!err && rename(old_path, new_path) < 0)
		err = error_errno(errno, "cannot create %s", new_path);
	return err;
}

static struct error *download(struct packages *packages, const char *name, const char *version)
{
	const char *what = version ? text_printf(packages->text, "%s=%s", name, version) : name;
	const char *argv[] = { "apt-get", "download", "-q", what, NULL };
	struct run_options options = { 0 };
	struct error *err, *swept;

	progress_count(packages->progress, 0, 0,
		       text_printf(packages->text, "downloading %s", what));
	err = packages_temporary(packages->text, packages->dir, &options.cwd);
	if (err)
		return err;
	err = error_prefix(run_command((char *const *)argv, &options),
			   "the package %s is neither installed nor in the cache, and cannot be "
			   "downloaded (does the package archive have it? apt-get update)",
			   what);
	if (!err)
		err = move_downloaded(packages, options.cwd, name, version);
	swept = remove_tree(options.cwd);
	if (err)
		error_destroy(swept);
	return err ?: swept;
}

static struct error *unpack(struct packages *packages, const char *deb, const char **root_ret)
{
	const char *path = text_printf(packages->text, "%s/%s", packages->dir, deb);
	const char *root = text_slice(packages->text, path, strlen(path) - strlen(".deb"));
	struct error *err = text_failed(packages->text);
	const char *beside;

	*root_ret = root;
	if (err || is_directory(root))
		return err;
	progress_count(packages->progress, 0, 0,
		       text_printf(packages->text, "unpacking %s", deb));
	err = packages_temporary(packages->text, packages->dir, &beside);
	if (!err) {
		const char *argv[] = { "dpkg-deb", "-x", path, beside, NULL };

		err = error_prefix(run_command((char *const *)argv, NULL), "cannot unpack %s",
				   path);
	}
	if (!err && rename(beside, root) < 0)
		err = error_errno(errno, "cannot create %s", root);
	return err;
}

struct error *package_get(struct packages *packages, const char *name, const char *version,
			  struct package *ret)
{
	struct package package = { .name = name, .root = "" };
	const char *deb, *found;
	struct error *err;

	err = installed_version(packages, name, &package.version);
	if (!err && package.version && (!version || !strcmp(version, package.version)))
		goto out;
	if (!err)
		err = find_deb(packages, packages->dir, name, version, &deb, &found);
	if (!err && !deb) {
		err = download(packages, name, version);
		if (!err)
			err = find_deb(packages, packages->dir, name, version, &deb, &found);
	}
	if (err)
		return err;
	package.version = found;
	err = unpack(packages, deb, &package.root);
out:
	if (!err)
		*ret = package;
	return err;
}
