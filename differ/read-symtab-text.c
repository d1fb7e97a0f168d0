// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: a System.map, or the text of `readelf -s --wide`. Out: the symbols that it lists.
 *
 * The text is kept, cut into its words, and the names point into it.
 */
#include <stdlib.h>
#include <string.h>

#include "read-symtab.h"

#define WORDS_MAX   11
#define KERNEL_HALF 0x8000000000000000ull /* an address, not an offset in a module's section */

struct text {
	const char *path;
	char *next; /* the line after the current one */
	char *end;
	size_t line; /* from 1 */
};

/* Cuts one line off; false at the end. A NUL byte in it is an error of the caller's to find. */
static bool text_line(struct text *text, char **line_ret)
{
	char *line = text->next, *stop;

	if (line >= text->end)
		return false;
	stop = memchr(line, '\n', (size_t)(text->end - line));
	if (!stop)
		stop = text->end;
	*stop = '\0';
	if (stop > line && stop[-1] == '\r')
		stop[-1] = '\0';
	text->next = stop + 1;
	text->line++;
	*line_ret = line;
	return true;
}

/* Cuts a line into at most WORDS_MAX words; the count is higher by one if there are more. */
static size_t text_words(char *line, char **words)
{
	size_t count = 0;

	for (;;) {
		line += strspn(line, " \t");
		if (!*line)
			return count;
		if (count == WORDS_MAX)
			return count + 1;
		words[count++] = line;
		line += strcspn(line, " \t");
		if (*line)
			*line++ = '\0';
	}
}

static bool text_number(const char *word, unsigned int base, uint64_t *ret)
{
	uint64_t value = 0;

	if (!*word)
		return false;
	for (; *word; word++) {
		unsigned int digit;

		if (*word >= '0' && *word <= '9')
			digit = (unsigned int)(*word - '0');
		else if ((*word | 0x20) >= 'a' && (*word | 0x20) <= 'f')
			digit = (unsigned int)((*word | 0x20) - 'a') + 10;
		else
			return false;
		if (digit >= base || __builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*ret = value;
	return true;
}

static bool text_is_map_line(size_t count, char **words, uint64_t *address_ret)
{
	return count >= 3 && strlen(words[0]) >= 8 && text_number(words[0], 16, address_ret) &&
	       strlen(words[1]) == 1;
}

/* Debian ships one line instead of the map, which names the package that has it. */
static struct error *text_map_stub(const char *path, const char *line)
{
	const char *package = strstr(line, "linux-image-");

	return error_create(EXIT_ERROR,
			    "%s: is a stub of one line, not a System.map; use the "
			    "vmlinuz beside it, or the System.map of package %.*s",
			    path, package ? (int)strcspn(package, " ") : 16,
			    package ? package : "linux-image-*-dbg");
}

static struct error *text_read_map(struct text *text, struct symtab *symtab)
{
	uint64_t any = 0;
	char *line;

	while (text_line(text, &line)) {
		char *stub = strstr(line, "The real System.map is in");
		char *words[WORDS_MAX];
		uint64_t address;
		size_t count;

		if (stub)
			return text_map_stub(text->path, stub);
		count = text_words(line, words);
		if (!count)
			continue;
		if (!text_is_map_line(count, words, &address))
			return error_create(EXIT_ERROR,
					    "%s:%zu: is not a System.map line (address, "
					    "letter, name); the file is damaged",
					    text->path, text->line);
		if (count > 3)
			return error_create(EXIT_ERROR,
					    "%s:%zu: has words after the name; a "
					    "System.map is needed, not /proc/kallsyms",
					    text->path, text->line);
		any |= address;
		symtab_add(symtab, &(struct symtab_entry){
					   .name = words[2],
					   .address = address,
					   .type = *words[1],
				   });
	}
	if (!any)
		return error_create(EXIT_ERROR,
				    "%s: all its addresses are 0 (read without "
				    "privileges?); use a System.map, a vmlinux or the vmlinuz",
				    text->path);
	return symtab_finish(symtab, SYMTAB_KERNEL);
}

/* nm's letter as far as readelf's columns tell; a symbol without a type gets '?' at first. */
static char text_letter(const char *type, const char *bind, const char *section)
{
	char letter;

	if (!strcmp(bind, "WEAK"))
		return strcmp(type, "OBJECT") ? 'W' : 'V';
	if (!strcmp(bind, "UNIQUE"))
		return 'u';
	if (!strcmp(section, "COM"))
		return 'C';
	if (!strcmp(section, "ABS"))
		letter = 'a';
	else if (!strcmp(type, "FUNC"))
		letter = 't';
	else if (!strcmp(type, "OBJECT"))
		letter = 'd';
	else
		letter = '?';
	if (letter == '?' || !strcmp(bind, "LOCAL"))
		return letter;
	return (char)(letter - 'a' + 'A');
}

static bool text_is_readelf_line(size_t count, char **words)
{
	uint64_t number;
	char *colon;

	if (count < 7)
		return false;
	colon = strchr(words[0], ':');
	if (!colon || colon[1])
		return false;
	*colon = '\0';
	return text_number(words[0], 10, &number);
}

/* One symbol's line: Num: Value Size Type Bind Vis [<other>: xx] Ndx Name */
static struct error *text_read_symbol(struct text *text, size_t count, char **words,
				      const char **file, struct symtab *symtab)
{
	struct symtab_entry entry = {.name = NULL};
	size_t at = 6;
	uint64_t section;
	bool is_hex;

	if (count > at + 2 && words[at][0] == '[')
		at += 2;
	is_hex = !strncmp(words[2], "0x", 2);
	if (!text_number(words[1], 16, &entry.address) ||
	    !text_number(words[2] + (is_hex ? 2 : 0), is_hex ? 16 : 10, &entry.size))
		return error_create(EXIT_ERROR,
				    "%s:%zu: has no valid value and size; the file is "
				    "damaged",
				    text->path, text->line);
	if (!strcmp(words[3], "FILE"))
		*file = count > at + 1 ? words[at + 1] : NULL;
	if (count <= at + 1 || !strcmp(words[3], "FILE") || !strcmp(words[3], "SECTION") ||
	    !strcmp(words[at], "UND"))
		return NULL;
	if (count > at + 2)
		return error_create(EXIT_ERROR,
				    "%s:%zu: has words after the name; make the text "
				    "with `readelf -s --wide`",
				    text->path, text->line);
	entry.name = words[at + 1];
	if (strstr(entry.name, "[...]"))
		return error_create(EXIT_ERROR,
				    "%s:%zu: has a shortened name; make the text with "
				    "`readelf -s --wide`",
				    text->path, text->line);
	if (text_number(words[at], 10, &section) && section <= UINT32_MAX)
		entry.section = (uint32_t)section;
	else if (strcmp(words[at], "ABS") && strcmp(words[at], "COM"))
		return error_create(EXIT_ERROR,
				    "%s:%zu: is in no section (%s); the file is damaged",
				    text->path, text->line, words[at]);
	if (!strcmp(words[4], "LOCAL"))
		entry.file = *file;
	entry.type = text_letter(words[3], words[4], words[at]);
	if (entry.type == '?' && strcmp(words[4], "LOCAL"))
		entry.type = '!'; /* a global one, for text_guess_letters() */
	symtab_add(symtab, &entry);
	return NULL;
}

/* A symbol without a type is code if its section has functions, else data. */
static struct error *text_guess_letters(struct symtab *symtab)
{
	uint32_t most = 0;
	bool *is_code;

	/* No file has as many sections as a hostile number may claim: what is beyond is data. */
	for (size_t i = 0; i < symtab->count; i++)
		if (symtab->entries[i].section > most && symtab->entries[i].section < 1u << 20)
			most = symtab->entries[i].section;
	is_code = calloc((size_t)most + 1, sizeof(*is_code));
	if (!is_code)
		return error_nomem();
	for (size_t i = 0; i < symtab->count; i++)
		if (symtab->entries[i].section <= most && (symtab->entries[i].type | 0x20) == 't')
			is_code[symtab->entries[i].section] = true;
	for (size_t i = 0; i < symtab->count; i++) {
		struct symtab_entry *entry = &symtab->entries[i];
		bool code = entry->section <= most && is_code[entry->section];

		if (entry->type == '?')
			entry->type = code ? 't' : 'd';
		else if (entry->type == '!')
			entry->type = code ? 'T' : 'D';
	}
	free(is_code);
	return NULL;
}

/* Lines before and between the tables are headings; the dynamic symbols are not wanted. */
static struct error *text_read_readelf(struct text *text, struct symtab *symtab)
{
	const char *file = NULL;
	struct error *err;
	bool wanted = false, kernel = false;
	char *line;

	while (text_line(text, &line)) {
		char *words[WORDS_MAX];
		size_t count;

		if (strstr(line, "Symbol table '")) {
			if (wanted && symtab->count)
				return error_create(EXIT_ERROR,
						    "%s:%zu: has a second symbol table; "
						    "give that of one file",
						    text->path, text->line);
			wanted = strstr(line, "'.symtab'");
			continue;
		}
		count = text_words(line, words);
		if (!count || !strcmp(words[0], "Num:") || !wanted)
			continue;
		if (!text_is_readelf_line(count, words))
			return error_create(EXIT_ERROR,
					    "%s:%zu: is not a line of `readelf -s "
					    "--wide`; the file is damaged",
					    text->path, text->line);
		err = text_read_symbol(text, count, words, &file, symtab);
		if (err)
			return err;
	}
	if (!symtab->count)
		return error_create(EXIT_ERROR,
				    "%s: lists no symbols of a .symtab; is the file "
				    "that readelf read stripped?",
				    text->path);
	/* Only a linked kernel has addresses; a module's symbols are offsets. */
	for (size_t i = 0; i < symtab->count && !kernel; i++)
		kernel = symtab->entries[i].section && symtab->entries[i].address >= KERNEL_HALF;
	symtab->module = !kernel;
	err = text_guess_letters(symtab);
	return err ? err : symtab_finish(symtab, kernel ? SYMTAB_KERNEL : SYMTAB_AS_ADDED);
}

enum text_kind { TEXT_UNKNOWN, TEXT_MAP, TEXT_READELF };

/* By the first line that is not blank; nothing is cut yet. */
static enum text_kind text_kind(const char *data)
{
	char line[256], *words[WORDS_MAX];
	uint64_t address;
	size_t size;

	data += strspn(data, " \t\r\n");
	size = strcspn(data, "\r\n");
	if (!strncmp(data, "File: ", 6) || !strncmp(data, "Symbol table '", 14))
		return TEXT_READELF;
	if (size >= sizeof(line))
		size = sizeof(line) - 1;
	memcpy(line, data, size);
	line[size] = '\0';
	return text_is_map_line(text_words(line, words), words, &address) ? TEXT_MAP : TEXT_UNKNOWN;
}

static size_t text_count_lines(const char *data, size_t size)
{
	const char *end = data + size;
	size_t lines = 1;

	while ((data = memchr(data, '\n', (size_t)(end - data)))) {
		data++;
		lines++;
	}
	return lines;
}

struct error *symtab_read_text(const char *path, char *data, size_t size, struct symtab **ret)
{
	struct text text = {.path = path, .next = data, .end = data + size};
	enum text_kind kind = text_kind(data);
	struct symtab *symtab;
	struct error *err;

	if (kind == TEXT_UNKNOWN || memchr(data, '\0', size)) {
		free(data);
		return error_create(EXIT_ERROR,
				    "%s: is not a symbol table: an ELF file, a vmlinuz, a "
				    "System.map or the text of `readelf -s --wide` is needed",
				    path);
	}
	err = symtab_create(path, text_count_lines(data, size), data, false, &symtab);
	if (err)
		return err;
	err = kind == TEXT_MAP ? text_read_map(&text, symtab) : text_read_readelf(&text, symtab);
	if (err) {
		symtab_destroy(symtab);
		return err;
	}
	*ret = symtab;
	return NULL;
}
