// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The proofs by themselves, for the corpus and for mutants: many modules against kept objects.
 *
 *	prove IMAGE SYMVERS < LIST
 *
 * A line of LIST is "PARENT-FILE|- PARENT-NAME ORIGINAL PATCHED [MODULE...]". Prints a line a module:
 * "ok MODULE", or "bad MODULE: COMPLAINTS: SYMBOL: the first".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proof.h"

static void must(struct error *err)
{
	if (!err)
		return;
	fprintf(stderr, "prove: %s\n", err->message);
	exit(err->exit);
}

static size_t tell(const struct proof *proof, const char *what)
{
	size_t count;
	const struct proof_complaint *complaints = proof_complaints(proof, &count);

	if (!count)
		printf("ok %s\n", what);
	else
		printf("bad %s: %zu: %s: %s\n", what, count, complaints[0].symbol ?: "-",
		       complaints[0].text);
	for (size_t i = 1; getenv("PROVE_ALL") && i < count; i++)
		printf("  %s: %s\n", complaints[i].symbol ?: "-", complaints[i].text);
	return count;
}

static void prove_line(const struct proof_kernel *kernel, char *line)
{
	char *words[4], *rest = line, *module;
	struct proof_unit unit = { 0 };
	struct image *parent = NULL;
	struct proof *proof;

	for (size_t i = 0; i < 4; i++)
		words[i] = strsep(&rest, " ");
	if (!words[3])
		must(error_create(EXIT_USAGE, "a line has too few words"));
	if (strcmp(words[0], "-"))
		must(image_open(words[0], &parent));
	unit = (struct proof_unit){ words[3], words[2], words[3], words[1], words[0], parent };
	must(proof_create(kernel, &unit, 1, &proof));
	must(proof_originals(proof));
	tell(proof, words[2]);
	while ((module = strsep(&rest, " "))) {
		struct error *err = proof_module(proof, module);

		if (err) {
			printf("bad %s: 1: -: %s\n", module, err->message);
			error_destroy(err);
		} else {
			tell(proof, module);
		}
	}
	proof_destroy(proof);
	image_destroy(parent);
}

int main(int argc, char **argv)
{
	struct symvers *symvers;
	struct symtab *symbols;
	struct image *image;
	char *line = NULL;
	size_t room = 0;

	if (argc != 3)
		must(error_create(EXIT_USAGE, "prove IMAGE SYMVERS < LIST"));
	must(symtab_open(argv[1], &symbols, &image));
	must(symvers_open(argv[2], &symvers));
	while (getline(&line, &room, stdin) > 0) {
		const struct proof_kernel kernel = { image, symbols, symvers, NULL, NULL };

		line[strcspn(line, "\n")] = '\0';
		prove_line(&kernel, line);
	}
	free(line);
	symvers_destroy(symvers);
	symtab_destroy(symbols);
	image_destroy(image);
	return 0;
}
