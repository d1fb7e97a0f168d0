// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include "read-object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = fuzz_file(data, size, path);
	struct object *object;
	struct error *err = object_read(path, &object);

	if (err)
		fuzz_error(err);
	else
		object_destroy(object);
	close(fd);
	return 0;
}
