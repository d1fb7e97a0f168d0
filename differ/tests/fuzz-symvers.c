// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include <klpkit/image.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = fuzz_file(data, size, path);
	struct symvers *symvers;
	struct error *err = symvers_open(path, &symvers);

	if (err)
		fuzz_error(err);
	else
		symvers_destroy(symvers);
	close(fd);
	return 0;
}
