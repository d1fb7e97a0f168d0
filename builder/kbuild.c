// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's own build, run in a tree of ours, with nothing of the user's environment in it. */
#include <string.h>
#include <unistd.h>

#include <klpkit/file.h>
#include "kbuild.h"
#include "paths.h"
#include "run.h"

/* What Documentation/kbuild/kbuild.rst says that kbuild reads, what make itself and gcc read. */
static const char *const environment[] = {
	"LC_ALL=C",
	"LANGUAGE",
	"MAKEFLAGS",
	"MFLAGS",
	"MAKELEVEL",
	"MAKEFILES",
	"GNUMAKEFLAGS",
	"CPATH",
	"C_INCLUDE_PATH",
	"LIBRARY_PATH",
	"GCC_EXEC_PREFIX",
	"COMPILER_PATH",
	"GCC_COLORS",
	"CC",
	"LD",
	"AS",
	"AR",
	"NM",
	"OBJCOPY",
	"OBJDUMP",
	"STRIP",
	"READELF",
	"CPP",
	"HOSTCC",
	"HOSTCFLAGS",
	"HOSTLDFLAGS",
	"HOSTLDLIBS",
	"CFLAGS",
	"LDFLAGS",
	"CPPFLAGS",
	"KCPPFLAGS",
	"KCFLAGS",
	"KAFLAGS",
	"KRUSTFLAGS",
	"AFLAGS_MODULE",
	"AFLAGS_KERNEL",
	"CFLAGS_MODULE",
	"CFLAGS_KERNEL",
	"LDFLAGS_MODULE",
	"KBUILD_HOSTCFLAGS",
	"KBUILD_HOSTLDFLAGS",
	"KBUILD_HOSTLDLIBS",
	"KBUILD_OUTPUT",
	"KBUILD_EXTMOD",
	"KBUILD_EXTMOD_OUTPUT",
	"KBUILD_EXTRA_WARN",
	"KBUILD_EXTRA_SYMBOLS",
	"KBUILD_VERBOSE",
	"KBUILD_DEBARCH",
	"KBUILD_ABS_SRCTREE",
	"KBUILD_SIGN_PIN",
	"KBUILD_MODPOST_WARN",
	"KBUILD_MODPOST_NOFINAL",
	"KBUILD_DEFCONFIG",
	"KBUILD_CLANG_FALLBACK",
	"KBUILD_KCONFIG",
	"KCONFIG_CONFIG",
	"KCONFIG_ALLCONFIG",
	"KCONFIG_OVERWRITECONFIG",
	"KCONFIG_NOSILENTUPDATE",
	"KCONFIG_AUTOCONFIG",
	"KCONFIG_AUTOHEADER",
	"KCONFIG_WARN_UNKNOWN_SYMBOLS",
	"KCONFIG_WERROR",
	"CROSS_COMPILE",
	"ARCH",
	"SUBARCH",
	"LLVM",
	"LLVM_IAS",
	"LOCALVERSION",
	"KERNELRELEASE",
	"KERNELVERSION",
	"INSTALL_PATH",
	"INSTALL_MOD_PATH",
	"M",
	"O",
	"V",
	"C",
	"W",
	"EXTRAVERSION",
	"SOURCE_DATE_EPOCH",
	"CCACHE_PREFIX",
	"DEPENDENCIES_OUTPUT",
	"SUNPRO_DEPENDENCIES",
	/* The same bytes for the same inputs. */
	"KBUILD_BUILD_USER=klpkit",
	"KBUILD_BUILD_HOST=klpkit",
	"KBUILD_BUILD_TIMESTAMP=Thu Jan  1 00:00:00 UTC 1970",
	"KBUILD_BUILD_VERSION=1",
	NULL,
};

const char *const *kbuild_environment(void)
{
	return environment;
}

/* Every program of the kit that starts make starts it so. */
static void add_make(struct text *text, struct list *argv)
{
	list_add(text, argv, "make");
	list_add(text, argv, "--no-print-directory");
	list_add(text, argv, "-rRs");
}

static void add_top(const struct kbuild *kbuild, struct text *text, struct list *argv)
{
	add_make(text, argv);
	list_add(text, argv, "ARCH=x86");
	list_add(text, argv, text_printf(text, "CC=%s", kbuild->gcc));
	list_add(text, argv, text_printf(text, "HOSTCC=%s", kbuild->gcc));
	list_add(text, argv, "LOCALVERSION=");
	list_add(text, argv, text_printf(text, "KERNELRELEASE=%s", kbuild->release));
}

struct error *kbuild_make(const struct kbuild *kbuild, const char *target)
{
	struct run_options options = { .cwd = kbuild->tree,
				       .env = environment,
				       .log = kbuild->log };
	auto_text struct text text = { 0 };
	auto_list struct list argv = { 0 };
	struct error *err;

	add_top(kbuild, &text, &argv);
	list_add(&text, &argv, text_printf(&text, "-j%u", kbuild->jobs));
	/* Two thirds of preparing a tree, for a tool that only a link of vmlinux runs. */
	list_add(&text, &argv, "-o");
	list_add(&text, &argv, "tools/bpf/resolve_btfids");
	list_add(&text, &argv, target);
	err = text_failed(&text);
	return err ?: run_command((char *const *)argv.items, &options);
}

static const char *record_path(const struct kbuild *kbuild, struct text *text)
{
	return text_printf(text, "%s/exported", kbuild->state);
}

/* make's own, and what is only the environment of this run. */
static bool is_exported(const char *entry)
{
	static const char *const foreign[] = {
		"MAKEFLAGS=",	 "MFLAGS=",	   "MAKELEVEL=", "MAKEOVERRIDES=", "PWD=",
		"OLDPWD=",	 "SHLVL=",	   "_=",	 "PATH=",	   "HOME=",
		"MAKE_TERMOUT=", "MAKE_TERMERR=",  "TMPDIR=",	 "USER=",	   "LOGNAME=",
		"TERM=",	 "XDG_CACHE_HOME="
	};

	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (starts_with(entry, foreign[i]))
			return false;
	for (char **ours = environ; *ours; ours++)
		if (!strcmp(*ours, entry))
			return false;
	return strchr(entry, '=') != NULL;
}

static struct error *write_record(const struct kbuild *kbuild, const char *output, size_t size)
{
	auto_text struct text text = { 0 };
	const char *path = record_path(kbuild, &text);
	auto_free char *data = malloc(size + 1);
	struct error *err = text_failed(&text);
	size_t used = 0;

	if (!data)
		return err ?: error_nomem();
	for (const char *at = output; at < output + size; at += strlen(at) + 1) {
		if (!is_exported(at))
			continue;
		memcpy(data + used, at, strlen(at) + 1);
		used += strlen(at) + 1;
	}
	return err ?: file_write(path, data, used, 0666);
}

/* Behind the kernel's own; what authors include last. No path of ours in what is compiled: messages name sources as the user knows them. */
static const char *our_flags(const struct kbuild *kbuild, struct text *text)
{
	return text_printf(text, "%s -fdebug-prefix-map=%s=. -I%s/include", KBUILD_SPLIT, kbuild->tree, kbuild->state);
}

struct error *kbuild_record(const struct kbuild *kbuild)
{
	static const char makefile[] = "klpkit-exported:\n\t@env -0\n";
	struct run_options options = { .cwd = kbuild->tree,
				       .env = environment,
				       .log = kbuild->log };
	auto_text struct text text = { 0 };
	auto_list struct list argv = { 0 };
	auto_free char *output = NULL;
	const char *path = text_printf(&text, "%s/exported.mk", kbuild->state);
	struct error *err;
	size_t size;

	add_top(kbuild, &text, &argv);
	list_add(&text, &argv, text_printf(&text, "KCFLAGS=%s", our_flags(kbuild, &text)));
	list_add(&text, &argv, "-f");
	list_add(&text, &argv, "Makefile");
	list_add(&text, &argv, "-f");
	list_add(&text, &argv, path);
	list_add(&text, &argv, "klpkit-exported");
	err = text_failed(&text);
	if (!err)
		err = file_write(path, makefile, strlen(makefile), 0666);
	if (!err)
		err = run_capture((char *const *)argv.items, &options, &output, &size);
	return err ?: write_record(kbuild, output, size);
}

bool kbuild_is_recorded(const struct kbuild *kbuild)
{
	auto_text struct text text = { 0 };

	return is_file(record_path(kbuild, &text));
}

struct error *kbuild_load(struct kbuild *kbuild)
{
	auto_text struct text text = { 0 };
	struct error *err;
	size_t size;

	err = file_read(record_path(kbuild, &text), &kbuild->exported_data, &size);
	if (err)
		return err;
	for (size_t i = 0; environment[i]; i++)
		list_add(&text, &kbuild->exported, environment[i]);
	for (const char *at = kbuild->exported_data; at < kbuild->exported_data + size;
	     at += strlen(at) + 1)
		list_add(&text, &kbuild->exported, at);
	return text_failed(&text);
}

void kbuild_unload(struct kbuild *kbuild)
{
	list_destroy(&kbuild->exported);
	free(kbuild->exported_data);
	kbuild->exported_data = NULL;
}

static bool same_name(const char *left, const char *right)
{
	size_t length = strcspn(left, "=");

	return !strncmp(left, right, length) && right[length] == '=';
}

/* The exported variables, those of changes with their values there. */
static void add_environment(const struct kbuild *kbuild, const struct list *changes, struct text *text,
			    struct list *env)
{
	for (size_t i = 0; i < kbuild->exported.count; i++) {
		const char *entry = kbuild->exported.items[i];
		bool changed = false;

		for (size_t j = 0; j < changes->count && !changed; j++)
			changed = same_name(entry, changes->items[j]);
		if (!changed)
			list_add(text, env, entry);
	}
	for (size_t i = 0; i < changes->count; i++)
		list_add(text, env, changes->items[i]);
}

static void add_flags(const struct kbuild *kbuild, const struct kbuild_flags *flags, struct text *text,
		      struct list *env)
{
	auto_list struct list changes = { 0 };

	if (flags->cflags)
		list_add(text, &changes, text_printf(text, "KBUILD_CFLAGS=%s", flags->cflags));
	if (flags->aflags)
		list_add(text, &changes, text_printf(text, "KBUILD_AFLAGS=%s", flags->aflags));
	add_environment(kbuild, &changes, text, env);
}

struct error *kbuild_ask(const struct kbuild *kbuild, const char *makefile, const char *dir,
			 const struct kbuild_flags *flags, char **answer_ret)
{
	struct run_options options = { .cwd = kbuild->tree, .log = kbuild->log };
	auto_list struct list argv = { 0 }, env = { 0 };
	auto_text struct text text = { 0 };
	struct error *err;

	add_make(&text, &argv);
	list_add(&text, &argv, "-f");
	list_add(&text, &argv, makefile);
	list_add(&text, &argv, text_printf(&text, "obj=%s", dir));
	add_flags(kbuild, flags, &text, &env);
	options.env = env.items;
	err = text_failed(&text);
	return err ?: run_capture((char *const *)argv.items, &options, answer_ret, NULL);
}

struct error *kbuild_run(const struct kbuild *kbuild, const struct kbuild_job *job,
			 unsigned int jobs)
{
	struct run_options options = { .cwd = kbuild->tree, .log = kbuild->log };
	auto_list struct list argv = { 0 }, env = { 0 };
	auto_text struct text text = { 0 };
	struct error *err;

	add_make(&text, &argv);
	list_add(&text, &argv, text_printf(&text, "-j%u", jobs));
	if (job->keep_going)
		list_add(&text, &argv, "-k");
	list_add(&text, &argv, "-f");
	list_add(&text, &argv, "scripts/Makefile.build");
	list_add(&text, &argv, text_printf(&text, "obj=%s", job->dir));
	list_add(&text, &argv, "need-builtin=1");
	list_add(&text, &argv, "need-modorder=1");
	/* Where objtool waits for the linked module, it would not wait for one of a single object. */
	list_add(&text, &argv, "is-single-obj-m=");
	for (size_t i = 0; i < job->targets.count; i++)
		list_add(&text, &argv, job->targets.items[i]);
	add_flags(kbuild, &job->flags, &text, &env);
	options.env = env.items;
	err = text_failed(&text);
	return err ?: run_command((char *const *)argv.items, &options);
}

static const char *exported_value(const struct kbuild *kbuild, const char *name)
{
	for (size_t i = 0; i < kbuild->exported.count; i++) {
		const char *entry = kbuild->exported.items[i];

		if (starts_with(entry, name) && entry[strlen(name)] == '=')
			return entry + strlen(name) + 1;
	}
	return "";
}

/*
 * The kernel's own flags, without ours. Without debug information: it would be stripped, but the
 * paths in it would have reached the module's build-id.
 */
static const char *module_cflags(const struct kbuild *kbuild, struct text *text)
{
	const char *all = exported_value(kbuild, "KBUILD_CFLAGS"), *ours = our_flags(kbuild, text);
	size_t size = strlen(all), tail = ours ? strlen(ours) : 0;

	if (size >= tail && ours && !strcmp(all + size - tail, ours))
		size -= tail;
	return text_printf(text, "%.*s -g0", (int)size, all);
}

/* What the top makefile does for M=, once it has checked everything. */
static const char *module_makefile(const struct kbuild *kbuild, struct text *text, struct error **err)
{
	static const char makefile[] =
		"klpkit-module:\n"
		"\t@$(MAKE) -f scripts/Makefile.build obj=$(KBUILD_EXTMOD) need-builtin=1 need-modorder=1\n"
		"\t@$(MAKE) -f scripts/Makefile.modpost\n"
		"\t@$(MAKE) -f scripts/Makefile.modfinal\n";
	const char *path = text_printf(text, "%s/module.mk", kbuild->state);

	*err = text_failed(text);
	if (!*err)
		*err = file_write(path, makefile, strlen(makefile), 0666);
	return path;
}

struct error *kbuild_module(const struct kbuild *kbuild, const char *dir, char **output_ret)
{
	struct run_options options = { .cwd = kbuild->tree, .log = kbuild->log };
	auto_list struct list argv = { 0 }, changes = { 0 }, env = { 0 };
	auto_text struct text text = { 0 };
	struct error *err;

	add_make(&text, &argv);
	list_add(&text, &argv, text_printf(&text, "-j%u", kbuild->jobs ?: 1));
	list_add(&text, &argv, "-f");
	list_add(&text, &argv, module_makefile(kbuild, &text, &err));
	if (err)
		return err;
	list_add(&text, &argv, "KBUILD_MODPOST_WARN=1");
	/* The kernel's BTF would need vmlinux and is not needed. */
	list_add(&text, &argv, "CONFIG_DEBUG_INFO_BTF_MODULES=");
	list_add(&text, &changes, text_printf(&text, "KBUILD_CFLAGS=%s", module_cflags(kbuild, &text)));
	list_add(&text, &changes, text_printf(&text, "KBUILD_EXTMOD=%s", dir));
	list_add(&text, &changes, text_printf(&text, "extmod_prefix=%s/", dir));
	list_add(&text, &changes, text_printf(&text, "MODORDER=%s/modules.order", dir));
	list_add(&text, &changes, text_printf(&text, "MODULES_NSDEPS=%s/modules.nsdeps", dir));
	list_add(&text, &changes, "KBUILD_MODULES=1");
	list_add(&text, &changes, "KBUILD_BUILTIN=");
	add_environment(kbuild, &changes, &text, &env);
	options.env = env.items;
	err = text_failed(&text);
	return err ?: run_output((char *const *)argv.items, &options, output_ret);
}
