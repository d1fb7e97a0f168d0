// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include "patch-file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* the parser's input ends with a NUL, as file_read() leaves it */
	char *copy = malloc(size + 1);
	struct patch_file patch;
	struct error *err;

	if (!copy)
		return 0;
	for (size_t i = 0; i < size; i++)
		copy[i] = (char)data[i];
	copy[size] = '\0';
	err = patch_file_parse("fuzz", copy, size, &patch);
	if (err)
		fuzz_error(err);
	else
		patch_file_destroy(&patch);
	free(copy);
	return 0;
}
