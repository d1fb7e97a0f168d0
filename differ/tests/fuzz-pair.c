// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole pipeline. The input is the length of the original (4 bytes, little-endian; the highest bit: for the
 * loader, and a model that switches all in one moment; the one below: an object of a module), the original, the patched
 * object.
 */
#include <string.h>

#include "fuzz.h"

#include <klpkit/changes.h>
#include <klpkit/diff.h>

static const char parent_symbols[] = "ffffffff81000000 T helper\nffffffff81000100 T changed\n"
				     "ffffffff81000200 t local\nffffffff82000000 D counter\n"
				     "ffffffff82000100 B a_key\n"
				     "ffffffff83000000 T __init_begin\n"
				     "ffffffff84000000 T __init_end\n";

static void run(const char *orig, const char *patched, const char *table, bool at_once, bool module)
{
	struct symtab *parent = NULL;
	struct symvers *symvers = NULL;
	struct diff_result *result;
	struct error *err = symtab_open(table, &parent, NULL);

	if (!err)
		err = symvers_open("/dev/null", &symvers);
	if (err)
		abort();
	err = diff_run(&(struct diff_input){ .orig_path = orig,
					     .patched_path = patched,
					     .parent_name = module ? "some_module" : "vmlinux",
					     .parent = parent,
					     .vmlinux = parent,
					     .symvers = symvers,
					     .layouts = true,
					     .apply_data = true,
					     .for_loader = at_once,
					     .at_once = at_once,
					     .all_places = true },
		       &result);
	if (err)
		fuzz_error(err);
	else
		diff_result_destroy(result);
	symvers_destroy(symvers);
	symtab_destroy(parent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char orig[64], patched[64], table[64];
	struct changes *changes;
	struct error *err;
	int fds[3];
	uint32_t length;
	bool at_once, module;

	if (size < sizeof(length))
		return 0;
	memcpy(&length, data, sizeof(length));
	data += sizeof(length);
	size -= sizeof(length);
	at_once = length >> 31;
	module = length >> 30 & 1;
	length &= INT32_MAX >> 1;
	if (length > size)
		return 0;
	fds[0] = fuzz_file(data, length, orig);
	fds[1] = fuzz_file(data + length, size - length, patched);
	fds[2] = fuzz_file((const uint8_t *)parent_symbols, strlen(parent_symbols), table);
	run(orig, patched, table, at_once, module);
	err = changes_create(orig, patched, &changes);
	if (err)
		fuzz_error(err);
	else
		changes_destroy(changes);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	return 0;
}
