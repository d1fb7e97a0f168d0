/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel images and their symbol tables, from whatever form a distribution ships.
 *
 * struct image is the ELF file behind a vmlinux, a vmlinuz (unpacked in memory: gzip, LZ4, ZSTD,
 * xz, LZMA), a module, a compressed module (.ko.xz, .ko.zst, .ko.gz) or a debug file.
 * struct symtab is the list of its symbols in the order in which the kernel counts positions:
 * by address for the kernel itself, by symbol table order for a module (kernel/livepatch/core.c,
 * klp_find_object_symbol()).
 */
#ifndef KLPKIT_IMAGE_H
#define KLPKIT_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <klpkit/error.h>

struct image;
struct symtab;

/* Reads the file, but for its debug information; the path may be gone afterwards. */
struct error *image_open(const char *path, struct image **ret) must_check;
void image_destroy(struct image *image);

/* The unpacked ELF file; owned by the image. The .debug* sections of a large one are zero. */
const void *image_elf(const struct image *image, size_t *size_ret);
/* ET_REL (a module) or not (the kernel). */
bool image_is_module(const struct image *image);
/* The GNU build-id; NULL when there is none. Owned by the image. */
const uint8_t *image_build_id(const struct image *image, size_t *size_ret);
/* linux_banner ("Linux version ..."), NUL-terminated, without newline; NULL for a module. */
const char *image_banner(const struct image *image);
/* The contents of an allocated section by name; NULL when absent or NOBITS. */
const void *image_section(const struct image *image, const char *name, uint64_t *addr_ret,
			  size_t *size_ret);
/* size bytes at a kernel address of a linked image; NULL when not (wholly) in its file. */
const void *image_at(const struct image *image, uint64_t addr, size_t size);

struct symtab_entry {
	const char *name; /* owned by the symtab */
	const char *file; /* the STT_FILE symbol before it, for a local symbol; else NULL */
	uint64_t address; /* in a module: the offset in its section */
	uint64_t size;	  /* 0 where the source does not say */
	uint32_t section; /* in a module or vmlinux: the section header index; else 0 */
	char type;	  /* the letter of nm and kallsyms; upper case is global, 'W'/'V' weak,
			   * 'U' undefined entries are left out. kallsyms says 'A' for all
			   * per-cpu symbols, readelf's text knows 'd' but not 'b' and 'r' */
};

/*
 * path: an ELF file (vmlinux, .ko, debug file), a vmlinuz (its kallsyms is read), a System.map,
 * or the text of `readelf -s --wide`. NULL image_ret if it is not wanted; else *image_ret is the
 * image that was opened, or NULL for the two text forms. A symtab does not depend on its image.
 */
struct error *symtab_open(const char *path, struct symtab **ret, struct image **image_ret) must_check;
/*
 * The same, through a cache ($XDG_CACHE_HOME/klpkit/tables), in which what was read before is kept
 * in a form that needs no reading: see differ/read-frozen.h.
 */
struct error *symtab_open_cached(const char *path, struct symtab **ret,
				 struct image **image_ret) must_check;
/* From the ELF symbol table, else from kallsyms. */
struct error *symtab_from_image(const struct image *image, const char *path,
				struct symtab **ret) must_check;
void symtab_destroy(struct symtab *symtab);

/* Entries in position order. */
size_t symtab_count(const struct symtab *symtab);
const struct symtab_entry *symtab_at(const struct symtab *symtab, size_t index);
/*
 * The indices of all entries with this name, in position order: *indices_ret points to the
 * returned number of them, owned by the symtab. 0 when there is none. Hashed: constant time.
 * What kallsyms leaves out of its counting is left out here (FILE and SECTION symbols, mapping
 * symbols, and for the kernel the names that scripts/kallsyms.c ignores).
 */
size_t symtab_find(const struct symtab *symtab, const char *name, const uint32_t **indices_ret);
/* Positions are counted by address (the kernel) or in table order (a module). */
bool symtab_is_module(const struct symtab *symtab);
/*
 * The entry is in memory that is freed after init: a module's .init* sections, the kernel's
 * __init_begin to __init_end. The kernel counts a live module's positions without such symbols,
 * those of a module that arrives with them. False where it cannot be told (readelf's text).
 */
bool symtab_in_init(const struct symtab *symtab, size_t index);

/* Module.symvers: which exports exist, and who has them. */
struct symvers;

struct symvers_entry {
	const char *name;
	const char *module;    /* "vmlinux", or the module's name: base name, '-' as '_' */
	const char *name_space; /* "" when none */
	bool gpl;
	uint32_t crc;
};

/* An empty file (or /dev/null) is an empty table. A malformed line is an error that names it. */
struct error *symvers_open(const char *path, struct symvers **ret) must_check;
/* Through the cache, as symtab_open_cached(). */
struct error *symvers_open_cached(const char *path, struct symvers **ret) must_check;
void symvers_destroy(struct symvers *symvers);
/* NULL when it is not exported. */
const struct symvers_entry *symvers_find(const struct symvers *symvers, const char *name);

#endif
