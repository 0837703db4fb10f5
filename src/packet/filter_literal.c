/* SPDX-License-Identifier: BSD-2-Clause */
/* Written values become constants of the type they are compared with; numbers and times. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "packet/filter_literal.h"

int literal_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

/* ------------------------------------------------------------------------------------------------ refusals */

static const char *like_name(const struct filter_literal *l, char name[LITERAL_WORD])
{
	uint32_t length = l->like->span.length < LITERAL_WORD ? l->like->span.length : LITERAL_WORD - 1;

	memcpy(name, l->tree->source.text + l->like->span.at, length);
	name[length] = '\0';
	return name;
}

/* The sentence, and the expression with this word in place of the value. */
static int refuse_with(const struct filter_literal *l, const char *word, const char *sentence)
{
	struct text form = { 0 };

	filter_replaced(&l->tree->source, l->node->span, word, &form);
	text_char(&form, '\0');
	filter_fail_syntax(&l->tree->source, l->node->span, form.data, "%s", sentence);
	text_release(&form);
	return -1;
}

/* `what` is of the type, which is written `how`. */
static int refuse_form(const struct filter_literal *l, const char *what, const char *how, const char *word)
{
	char sentence[2 * LITERAL_WORD];

	snprintf(sentence, sizeof sentence, "%.200s is %s, which stands %s", what, filter_type_name(l->type), how);
	return refuse_with(l, word, sentence);
}

/* Text without quotes where text is meant. */
int literal_refuse_unquoted(const struct filter_literal *l, const char *name)
{
	char word[LITERAL_WORD + 2];

	snprintf(word, sizeof word, "\"%s\"", l->text);
	return refuse_form(l, name, "in double quotes", word);
}

/* Whether a text has the form of the type's values but for its quotes: words are no numbers. */
static bool is_only_quoted(const struct filter_literal *l)
{
	if (l->node->kind != NODE_STRING || l->type == TYPE_TIME || !l->length || l->length >= 64)
		return false;
	if ((l->type == TYPE_NUMBER || l->type == TYPE_DURATION) && !strchr("-0123456789", *l->text))
		return false;
	return !strpbrk(l->text, " \"\\");
}

static bool looks_like_name(const char *text)
{
	bool letter = ((*text | 32) >= 'a' && (*text | 32) <= 'z');

	return letter && strchr(text, '.') && !strchr(text, ':');
}

static int did_you_mean(const struct filter_literal *l, const char *near, const char *name)
{
	char sentence[3 * LITERAL_WORD];

	snprintf(sentence, sizeof sentence, "%.200s is %s; did you mean the field %s?", name, filter_type_name(l->type),
		 near);
	return refuse_with(l, near, sentence);
}

/* The word is not what it should be. */
int literal_refuse(const struct filter_literal *l)
{
	char name[LITERAL_WORD];
	const char *near;

	like_name(l, name);
	if (l->node->kind == NODE_WORD && l->type == TYPE_STRING)
		return literal_refuse_unquoted(l, name);
	near = l->node->kind == NODE_WORD && looks_like_name(l->text)
		       ? tables_nearest_field(l->tree->source.names->tables, l->text)
		       : NULL;
	if (near)
		return did_you_mean(l, near, name);
	if (is_only_quoted(l))
		return refuse_form(l, name, "without quotes", l->text);
	return filter_fail_syntax(&l->tree->source, l->node->span, NULL, "%s is %s; one is written %s", name,
				  filter_type_name(l->type), filter_type_example(l->type));
}

/* ------------------------------------------------------------------------------------------------ numbers */

bool literal_number(const char *text, uint64_t *number)
{
	int base = 10;

	if (*text == '0' && (text[1] | 32) == 'x')
		base = 16;
	else if (*text == '0' && (text[1] | 32) == 'b')
		base = 2;
	else if (*text == '0' && text[1])
		base = 8;
	text += base == 16 || base == 2 ? 2 : 0;
	if (!*text)
		return false;
	for (*number = 0; *text; text++) {
		int digit = literal_hex_digit(*text);

		if (digit < 0 || digit >= base || __builtin_mul_overflow(*number, (uint64_t)base, number) ||
		    __builtin_add_overflow(*number, (uint64_t)digit, number))
			return false;
	}
	return true;
}

/* Of a value that the field can never have nobody would expect that it is asked for. */
static int check_range(const struct filter_literal *l, uint64_t number)
{
	const struct field_def *def = l->like->kind == NODE_FIELD ? l->like->def : NULL;
	unsigned bits = 0;
	char name[LITERAL_WORD];

	if (!def || def->type == FIELD_BOOL || def->type == FIELD_INT)
		return 0;
	if (def->mask)
		bits = (unsigned)__builtin_popcountll(def->mask);
	else if (def->width && def->width < 8)
		bits = 8u * def->width;
	if (!bits || bits >= 64 || !(number >> bits))
		return 0;
	return filter_fail(&l->tree->source, l->node->span, NULL, "%s is never above %llu", like_name(l, name),
			   (unsigned long long)(UINT64_C(1) << bits) - 1);
}

static const char *nearest_value(const struct value_name *names, const char *word)
{
	const char *list[512] = { NULL };
	unsigned count = 0;

	for (; names->name && count < 511; names++)
		list[count++] = names->name;
	return nearest(word, list);
}

static int unknown_value(const struct filter_literal *l, const struct value_name *names)
{
	const char *near = nearest_value(names, l->text);
	char name[LITERAL_WORD], word[LITERAL_WORD + 2], sentence[3 * LITERAL_WORD];

	like_name(l, name);
	if (!near)
		return filter_fail(&l->tree->source, l->node->span, NULL, "no value of %s has this name; one is \"%s\"",
				   name, names->name);
	snprintf(word, sizeof word, "\"%.*s\"", LITERAL_WORD - 1, near);
	snprintf(sentence, sizeof sentence, "no value of %.200s has this name; did you mean %s?", name, word);
	return refuse_with(l, word, sentence);
}

static int named_number(const struct filter_literal *l, uint64_t *number)
{
	const struct value_name *names = l->like->kind == NODE_FIELD ? l->like->def->names : NULL;
	bool is_bool = l->type == TYPE_BOOL;

	for (const struct value_name *n = names; n && n->name; n++)
		if (!strcasecmp(n->name, l->text)) {
			*number = n->value;
			return 0;
		}
	if (is_bool && (!strcasecmp(l->text, "set") || !strcasecmp(l->text, "true"))) {
		*number = 1;
		return 0;
	}
	if (is_bool && (!strcasecmp(l->text, "not set") || !strcasecmp(l->text, "false"))) {
		*number = 0;
		return 0;
	}
	if (names && !is_bool && !literal_number(l->text, number))
		return unknown_value(l, names);
	return literal_refuse(l);
}

static int to_number(const struct filter_literal *l)
{
	uint64_t number;

	if (l->node->kind == NODE_CHAR)
		number = l->node->octets[0];
	else if (l->node->kind == NODE_STRING) {
		if (named_number(l, &number) < 0)
			return -1;
	} else if (!literal_number(l->text, &number)) {
		return literal_refuse(l);
	}
	l->node->low.number = l->node->high.number = number;
	return check_range(l, number);
}

static int to_bool(const struct filter_literal *l)
{
	uint64_t number;

	if (l->node->kind == NODE_STRING || !strcmp(l->text, "true") || !strcmp(l->text, "TRUE") ||
	    !strcmp(l->text, "True") || !strcmp(l->text, "false") || !strcmp(l->text, "FALSE") ||
	    !strcmp(l->text, "False")) {
		if (named_number(l, &number) < 0)
			return -1;
	} else if (l->node->kind == NODE_CHAR || !literal_number(l->text, &number)) {
		return literal_refuse(l);
	}
	l->node->low.number = l->node->high.number = number != 0;
	return 0;
}

/* Seconds as a decimal number into ns; -1 when it is none. */
static int seconds(const char *text, size_t length, __int128 *nanoseconds)
{
	int64_t unit = INT64_C(1000000000);
	bool dot = false, digit = false;
	__int128 value = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.' && !dot) {
			dot = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9' || value > INT64_MAX)
			return -1;
		digit = true;
		if (dot && unit == 1)
			continue; /* below a nanosecond */
		if (dot)
			unit /= 10;
		value = dot ? value + (text[i] - '0') * unit : value * 10 + (text[i] - '0') * INT64_C(1000000000);
	}
	*nanoseconds = value;
	return digit ? 0 : -1;
}

static int to_duration(const struct filter_literal *l)
{
	if (l->node->kind != NODE_WORD || seconds(l->text, l->length, &l->node->low.number) < 0)
		return literal_refuse(l);
	l->node->high = l->node->low;
	return 0;
}

static int to_time(const struct filter_literal *l)
{
	__int128 number;
	int64_t time;

	if (l->node->kind != NODE_CHAR && filter_time(l->text, l->length, &time) == 0)
		number = time;
	else if (l->node->kind != NODE_WORD || seconds(l->text, l->length, &number) < 0)
		return literal_refuse(l);
	l->node->low.number = l->node->high.number = number;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ all of them */

static int (*const converters[])(const struct filter_literal *l) = {
	[TYPE_NUMBER] = to_number, [TYPE_BOOL] = to_bool,         [TYPE_IPV4] = literal_ipv4,
	[TYPE_TIME] = to_time,     [TYPE_DURATION] = to_duration, [TYPE_IPV6] = literal_ipv6,
	[TYPE_MAC] = literal_mac,  [TYPE_BYTES] = literal_bytes,  [TYPE_STRING] = literal_string,
};

static int convert(struct filter_tree *tree, struct filter_node *node, enum filter_type type,
		   const struct filter_node *like)
{
	struct filter_literal l = { .tree = tree, .node = node, .like = like, .type = type };
	bool is_word = node->kind == NODE_WORD;
	const void *from = is_word ? (const void *)(tree->source.text + node->span.at) : node->octets;

	l.length = is_word ? node->span.length : node->octet_count;
	if (is_word && l.length >= LITERAL_WORD)
		return filter_fail(&tree->source, node->span, NULL, "a value of more than %d octets", LITERAL_WORD - 1);
	l.length = l.length < LITERAL_WORD ? l.length : LITERAL_WORD - 1;
	memcpy(l.text, from, l.length);
	if (converters[type](&l) < 0)
		return -1;
	node->kind = NODE_CONSTANT;
	node->type = type;
	return 0;
}

static bool has_sign(enum filter_type type)
{
	return type == TYPE_NUMBER || type == TYPE_DURATION;
}

static int convert_negative(struct filter_tree *tree, struct filter_node *node, enum filter_type type,
			    const struct filter_node *like)
{
	const struct field_def *def = like->kind == NODE_FIELD ? like->def : NULL;

	if (type == TYPE_NUMBER && def && def->type != FIELD_INT)
		return filter_fail(&tree->source, node->span, NULL, "%s is never negative", def->name);
	if (filter_literal(tree, node->left, type, like) < 0)
		return -1;
	node->type = type;
	if (node->left->kind != NODE_CONSTANT)
		return 0;
	node->kind = NODE_CONSTANT;
	node->low.number = node->high.number = -node->left->low.number;
	return 0;
}

int filter_literal(struct filter_tree *tree, struct filter_node *node, enum filter_type type,
		   const struct filter_node *like)
{
	if (node->kind == NODE_CONSTANT)
		return 0;
	if (node->kind != NODE_NEGATE && node->kind != NODE_ARITHMETIC)
		return convert(tree, node, type, like);
	if (!has_sign(type))
		return filter_fail(&tree->source, node->span, NULL, "there is no arithmetic with %s",
				   filter_type_name(type));
	if (node->kind == NODE_NEGATE)
		return convert_negative(tree, node, type, like);
	node->type = type;
	return filter_literal(tree, node->left, type, like) < 0 || filter_literal(tree, node->right, type, like) < 0
		       ? -1
		       : 0;
}
