// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include <klpkit/image.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = fuzz_file(data, size, path);
	struct symtab *symtab;
	struct error *err = symtab_open(path, &symtab, NULL);

	if (err)
		fuzz_error(err);
	else
		symtab_destroy(symtab);
	close(fd);
	return 0;
}
