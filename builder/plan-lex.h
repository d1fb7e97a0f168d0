/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tokens of preprocessed C, as far as it takes to compare two texts. */
#ifndef KLPKIT_PLAN_LEX_H
#define KLPKIT_PLAN_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include <klpkit/error.h>

enum lex_kind {
	LEX_WORD,	 /* an identifier */
	LEX_NUMBER,
	LEX_LITERAL,	 /* a string or character, with its quotes */
	LEX_PUNCTUATION, /* one character */
	LEX_DIRECTIVE,	 /* a whole "#pragma" line */
};

struct lex_token {
	const char *text; /* in the data */
	unsigned int size;
	enum lex_kind kind;
	bool joined; /* punctuation right behind other punctuation: "++" is not "+ +" */
};

struct lexed {
	struct lex_token *items;
	size_t count, room;
};

/* The tokens point into data, which is NUL-terminated beyond size. */
struct error *lex(const char *data, size_t size, struct lexed *ret) must_check;
void lexed_destroy(struct lexed *lexed);

#endif
