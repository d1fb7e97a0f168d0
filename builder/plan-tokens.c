// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In: what the preprocessor has written. Out: a hash of the tokens that can make code.
 *
 * 1. The text is cut into tokens; line markers and blanks are none.
 * 2. Tokens make items: a declaration, or a function with its body.
 * 3. A static inline function is alive when an item that is alive names it; all else is.
 * 4. What is alive is hashed.
 *
 * The third sentence is what makes a change in a wide header bearable: of the thousands of files
 * that include <linux/fs.h>, few use the one function of it that has changed.
 */
#include <ctype.h>
#include <string.h>
#include <xxhash.h>

#include <klpkit/file.h>
#include "arena.h"
#include "plan.h"
#include "plan-lex.h"

struct item {
	size_t first, end; /* tokens */
	bool alive;
	size_t name;  /* of a static inline function: its token, else 0 */
	size_t chain; /* index + 1 of the next with the same hash */
};

struct items {
	struct lexed lexed;
	struct item *items;
	size_t count, room;
	size_t *heads; /* of the named ones: index + 1 */
	size_t mask;
	size_t *work; /* alive, their names not looked at yet */
	size_t pending;
};

static bool is_token(const struct items *items, size_t token, const char *text)
{
	const struct lex_token *at = &items->lexed.items[token];

	return at->size == strlen(text) && !memcmp(at->text, text, at->size);
}

/* Behind the item that starts here: at a ';' or the '}' of a function, outside all brackets. */
static size_t item_end(const struct items *items, size_t token)
{
	const struct lex_token *tokens = items->lexed.items;
	bool function = false;
	int depth = 0;

	for (; token < items->lexed.count; token++) {
		if (tokens[token].kind != LEX_PUNCTUATION)
			continue;
		switch (*tokens[token].text) {
		case '{':
			/* "= {" and "struct x {" go on to their ';'. */
			if (!depth && token)
				function = *tokens[token - 1].text == ')';
			depth++;
			break;
		case '(':
		case '[':
			depth++;
			break;
		case '}':
			if (depth == 1 && function)
				return token + 1;
			depth -= depth > 0;
			break;
		case ')':
		case ']':
			depth -= depth > 0;
			break;
		case ';':
			if (!depth)
				return token + 1;
			break;
		}
	}
	return token;
}

static bool is_inline_word(const struct items *items, size_t token)
{
	return is_token(items, token, "inline") || is_token(items, token, "__inline__") ||
	       is_token(items, token, "__inline");
}

/* Kept by the compiler though nobody calls it. */
static bool is_keeping_word(const struct items *items, size_t token)
{
	static const char *const words[] = { "__used__", "used", "constructor", "destructor",
					     "__section__", "section", "alias", "__alias__" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_token(items, token, words[i]))
			return true;
	return false;
}

static bool names_no_function(const struct items *items, size_t token)
{
	static const char *const words[] = { "__attribute__", "__attribute", "__typeof__", "typeof",
					     "asm", "__asm__", "__aligned__", "_Static_assert" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_token(items, token, words[i]))
			return true;
	return false;
}

/* The token of the name when the item is the body of a static inline function, else 0. */
static size_t inline_name(const struct items *items, const struct item *item)
{
	const struct lex_token *tokens = items->lexed.items;
	bool is_static = false, is_inline = false;
	size_t name = 0;
	int depth = 0;

	for (size_t i = item->first; i < item->end; i++) {
		if (tokens[i].kind == LEX_WORD) {
			is_static |= !depth && is_token(items, i, "static");
			is_inline |= !depth && is_inline_word(items, i);
			if (is_keeping_word(items, i))
				return 0;
			if (!depth && i + 1 < item->end && *tokens[i + 1].text == '(' &&
			    !names_no_function(items, i))
				name = i;
			continue;
		}
		if (tokens[i].kind != LEX_PUNCTUATION)
			continue;
		if (!depth && *tokens[i].text == '{')
			return is_static && is_inline && *tokens[i - 1].text == ')' ? name : 0;
		if (!depth && strchr("=;,", *tokens[i].text))
			return 0;
		depth += *tokens[i].text == '(';
		depth -= *tokens[i].text == ')';
	}
	return 0;
}

static size_t *name_head(const struct items *items, size_t token)
{
	const struct lex_token *at = &items->lexed.items[token];

	return &items->heads[XXH3_64bits(at->text, at->size) & items->mask];
}

static struct error *cut_items(struct items *items)
{
	for (size_t token = 0; token < items->lexed.count;) {
		struct item *item = array_add(items);

		if (!item)
			return error_nomem();
		item->first = token;
		token = item->end = item_end(items, token);
		item->name = inline_name(items, item);
	}
	for (items->mask = 1024; items->mask < items->count; items->mask *= 2)
		;
	items->heads = calloc(items->mask, sizeof(*items->heads));
	items->work = calloc(items->count + 1, sizeof(*items->work));
	items->mask--;
	if (!items->heads || !items->work)
		return error_nomem();
	for (size_t i = 0; i < items->count; i++) {
		size_t *head;

		if (!items->items[i].name)
			continue;
		head = name_head(items, items->items[i].name);
		items->items[i].chain = *head;
		*head = i + 1;
	}
	return NULL;
}

static void give_life(struct items *items, size_t index)
{
	if (items->items[index].alive)
		return;
	items->items[index].alive = true;
	items->work[items->pending++] = index;
}

static void follow_names(struct items *items, const struct item *item)
{
	const struct lex_token *tokens = items->lexed.items;

	for (size_t i = item->first; i < item->end; i++) {
		size_t next;

		if (tokens[i].kind != LEX_WORD)
			continue;
		for (next = *name_head(items, i); next; next = items->items[next - 1].chain) {
			const struct lex_token *name = &tokens[items->items[next - 1].name];

			if (name->size == tokens[i].size &&
			    !memcmp(name->text, tokens[i].text, name->size))
				give_life(items, next - 1);
		}
	}
}

static void find_alive(struct items *items)
{
	for (size_t i = 0; i < items->count; i++)
		if (!items->items[i].name)
			give_life(items, i);
	while (items->pending)
		follow_names(items, &items->items[items->work[--items->pending]]);
}

static struct error *hash_alive(const struct items *items, uint64_t *ret)
{
	XXH3_state_t *state = XXH3_createState();

	if (!state)
		return error_nomem();
	XXH3_64bits_reset(state);
	for (size_t i = 0; i < items->count; i++) {
		const struct item *item = &items->items[i];

		for (size_t token = item->first; item->alive && token < item->end; token++) {
			const struct lex_token *at = &items->lexed.items[token];

			XXH3_64bits_update(state, at->joined ? "+" : " ", 1);
			XXH3_64bits_update(state, at->text, at->size);
		}
	}
	*ret = XXH3_64bits_digest(state);
	XXH3_freeState(state);
	return NULL;
}

struct error *plan_tokens(const char *path, uint64_t *ret)
{
	auto_free char *data = NULL;
	struct items items = { 0 };
	struct error *err;
	size_t size;

	err = file_read(path, &data, &size);
	if (!err)
		err = lex(data, size, &items.lexed);
	if (!err)
		err = cut_items(&items);
	if (!err) {
		find_alive(&items);
		err = hash_alive(&items, ret);
	}
	lexed_destroy(&items.lexed);
	free(items.items);
	free(items.heads);
	free(items.work);
	return err;
}
