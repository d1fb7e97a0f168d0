// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include <klpkit/image.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = fuzz_file(data, size, path);
	struct image *image;
	struct error *err = image_open(path, &image);

	if (err)
		fuzz_error(err);
	else
		image_destroy(image);
	close(fd);
	return 0;
}
