// SPDX-License-Identifier: GPL-2.0-or-later
/* A target without libFuzzer: each file named on the command line is an input. */
#include "fuzz.h"

static void replay(const char *path)
{
	FILE *file = fopen(path, "r");
	uint8_t *data = NULL;
	size_t size = 0, room = 0, got;

	if (!file) {
		perror(path);
		exit(1);
	}
	do {
		room += 65536;
		data = realloc(data, room);
		if (!data)
			exit(1);
		got = fread(data + size, 1, room - size, file);
		size += got;
	} while (got);
	fclose(file);
	/* of its exact size, so that a read behind the end is seen */
	data = realloc(data, size ? size : 1);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%d inputs\n", argc - 1);
	return 0;
}
