// SPDX-License-Identifier: GPL-2.0-or-later
/* In: preprocessed C. Out: its tokens. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "plan-lex.h"

/* "# 12 "file"" at the start of a line, as the preprocessor writes it; not "#pragma". */
static bool is_marker(const char *at)
{
	return at[0] == '#' && at[1] == ' ' && isdigit((unsigned char)at[2]);
}

static const char *line_end(const char *at, const char *end)
{
	const char *stop = memchr(at, '\n', (size_t)(end - at));

	return stop ? stop : end;
}

/* Behind the literal that starts at a quote. */
static const char *literal_end(const char *at, const char *end)
{
	char quote = *at++;

	while (at < end && *at != quote && *at != '\n')
		at += *at == '\\' && at + 1 < end ? 2 : 1;
	return at < end ? at + 1 : end;
}

static const char *word_end(const char *at, bool number)
{
	while (isalnum((unsigned char)*at) || *at == '_' || *at == '$' || (number && *at == '.'))
		at++;
	return at;
}

static const char *token_end(const char *at, const char *end, bool line_start,
			     enum lex_kind *kind_ret)
{
	if (line_start && *at == '#') {
		*kind_ret = LEX_DIRECTIVE;
		return line_end(at, end);
	}
	if (isdigit((unsigned char)*at)) {
		*kind_ret = LEX_NUMBER;
		return word_end(at, true);
	}
	if (isalpha((unsigned char)*at) || *at == '_' || *at == '$') {
		*kind_ret = LEX_WORD;
		return word_end(at, false);
	}
	if (*at == '"' || *at == '\'') {
		*kind_ret = LEX_LITERAL;
		return literal_end(at, end);
	}
	*kind_ret = LEX_PUNCTUATION;
	return at + 1;
}

static struct error *add_token(struct lexed *lexed, const char *at, const char *stop,
			       enum lex_kind kind)
{
	const struct lex_token *last;
	struct lex_token *token = array_add(lexed);

	if (!token)
		return error_nomem();
	token->text = at;
	token->size = (unsigned int)(stop - at);
	token->kind = kind;
	last = lexed->count > 1 ? token - 1 : NULL;
	token->joined = kind == LEX_PUNCTUATION && last && last->kind == LEX_PUNCTUATION &&
			last->text + last->size == at;
	return NULL;
}

struct error *lex(const char *data, size_t size, struct lexed *ret)
{
	const char *at = data, *end = data + size;
	struct lexed lexed = { 0 };
	struct error *err = NULL;
	bool line_start = true;

	while (!err && at < end) {
		enum lex_kind kind;
		const char *stop;

		if (line_start && is_marker(at)) {
			at = line_end(at, end);
			continue;
		}
		if (isspace((unsigned char)*at)) {
			line_start = *at++ == '\n';
			continue;
		}
		stop = token_end(at, end, line_start, &kind);
		err = add_token(&lexed, at, stop, kind);
		line_start = false;
		at = stop;
	}
	if (err) {
		lexed_destroy(&lexed);
		return err;
	}
	*ret = lexed;
	return NULL;
}

void lexed_destroy(struct lexed *lexed)
{
	free(lexed->items);
	*lexed = (struct lexed){ 0 };
}
