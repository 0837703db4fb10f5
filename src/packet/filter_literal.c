/* SPDX-License-Identifier: BSD-2-Clause */
/* Written values become constants of the type they are compared with. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "packet/filter_parts.h"

#define WORD 256 /* octets of the longest word that is a value */

struct literal {
	struct filter_tree *tree;
	struct filter_node *node;
	const struct filter_node *like;
	enum filter_type type;
	char text[WORD];       /* of a word or string, with a NUL */
	uint32_t length;
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

/* ------------------------------------------------------------------------------------------------ refusals */

static const char *like_name(const struct literal *l, char name[WORD])
{
	uint32_t length = l->like->span.length < WORD ? l->like->span.length : WORD - 1;

	memcpy(name, l->tree->source.text + l->like->span.at, length);
	name[length] = '\0';
	return name;
}

/* The expression with this word in place of the value. */
static int refuse_with(const struct literal *l, const char *word, const char *format, const char *name)
{
	struct text form = { 0 };

	filter_replaced(&l->tree->source, l->node->span, word, &form);
	text_char(&form, '\0');
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	filter_fail_syntax(&l->tree->source, l->node->span, form.data, format, name, filter_type_name(l->type), word);
#pragma GCC diagnostic pop
	text_release(&form);
	return -1;
}

/* Text without quotes where text is meant. */
static int refuse_unquoted(const struct literal *l, const char *name)
{
	struct text word = { 0 };

	text_char(&word, '"');
	text_add(&word, l->text, l->length);
	text_add(&word, "\"", 2);
	refuse_with(l, word.data, "%s is %s, which stands in double quotes", name);
	text_release(&word);
	return -1;
}

static bool looks_like_name(const char *text)
{
	bool letter = ((*text | 32) >= 'a' && (*text | 32) <= 'z');

	return letter && strchr(text, '.') && !strchr(text, ':');
}

/* The word is not what it should be. */
static int refuse(const struct literal *l)
{
	char name[WORD];
	const char *near;

	like_name(l, name);
	if (l->node->kind == NODE_WORD && l->type == TYPE_STRING)
		return refuse_unquoted(l, name);
	near = l->node->kind == NODE_WORD && looks_like_name(l->text) ? protocols_nearest_field(l->text) : NULL;
	if (near)
		return refuse_with(l, near, "%s is %s; did you mean the field %s?", name);
	if (l->node->kind == NODE_STRING && l->type != TYPE_TIME && l->length && l->length < 64 &&
	    !strpbrk(l->text, " \"\\"))
		return refuse_with(l, l->text, "%s is %s, which stands without quotes", name);
	return filter_fail_syntax(&l->tree->source, l->node->span, NULL, "%s is %s; one is written %s", name,
				  filter_type_name(l->type), filter_type_example(l->type));
}

/* ------------------------------------------------------------------------------------------------ numbers */

/* Decimal, 0x..., 0b..., 0... as in C. */
static bool number_of(const char *text, uint64_t *number)
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
		int digit = hex_digit(*text);

		if (digit < 0 || digit >= base || __builtin_mul_overflow(*number, (uint64_t)base, number) ||
		    __builtin_add_overflow(*number, (uint64_t)digit, number))
			return false;
	}
	return true;
}

/* Of a value that the field can never have nobody would expect that it is asked for. */
static int check_range(const struct literal *l, uint64_t number)
{
	const struct field_def *def = l->like->kind == NODE_FIELD ? l->like->def : NULL;
	unsigned bits = 0;
	char name[WORD];

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

static int unknown_value(const struct literal *l, const struct value_name *names)
{
	const char *near = nearest_value(names, l->text);
	struct text word = { 0 };
	char name[WORD];

	like_name(l, name);
	if (!near)
		return filter_fail(&l->tree->source, l->node->span, NULL,
				   "no value of %s has this name; one is \"%s\"", name, names->name);
	text_format(&word, "\"%s\"", near);
	text_char(&word, '\0');
	refuse_with(l, word.data, "no value of %s has this name; %.0sdid you mean %s?", name);
	text_release(&word);
	return -1;
}

static int named_number(const struct literal *l, uint64_t *number)
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
	if (names && !is_bool && !number_of(l->text, number))
		return unknown_value(l, names);
	return refuse(l);
}

static int to_number(const struct literal *l)
{
	uint64_t number;

	if (l->node->kind == NODE_CHAR)
		number = l->node->octets[0];
	else if (l->node->kind == NODE_STRING) {
		if (named_number(l, &number) < 0)
			return -1;
	} else if (!number_of(l->text, &number)) {
		return refuse(l);
	}
	l->node->low.number = l->node->high.number = number;
	return check_range(l, number);
}

static int to_bool(const struct literal *l)
{
	uint64_t number;

	if (l->node->kind == NODE_STRING || !strcmp(l->text, "true") || !strcmp(l->text, "TRUE") ||
	    !strcmp(l->text, "True") || !strcmp(l->text, "false") || !strcmp(l->text, "FALSE") ||
	    !strcmp(l->text, "False")) {
		if (named_number(l, &number) < 0)
			return -1;
	} else if (l->node->kind == NODE_CHAR || !number_of(l->text, &number)) {
		return refuse(l);
	}
	l->node->low.number = l->node->high.number = number != 0;
	return 0;
}

int filter_seconds(const char *text, size_t length, __int128 *nanoseconds)
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

static int to_duration(const struct literal *l)
{
	if (l->node->kind != NODE_WORD || filter_seconds(l->text, l->length, &l->node->low.number) < 0)
		return refuse(l);
	l->node->high = l->node->low;
	return 0;
}

static int to_time(const struct literal *l)
{
	__int128 number;
	int64_t time;

	if (l->node->kind != NODE_CHAR && filter_time(l->text, l->length, &time) == 0)
		number = time;
	else if (l->node->kind != NODE_WORD || filter_seconds(l->text, l->length, &number) < 0)
		return refuse(l);
	l->node->low.number = l->node->high.number = number;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ addresses */

/* The number behind the slash, at most `most`; the slash is cut off. No slash: most. -1: none. */
static int prefix_of(char *text, unsigned most)
{
	char *slash = strchr(text, '/');
	uint64_t bits;

	if (!slash)
		return (int)most;
	*slash = '\0';
	if (strchr("0x", slash[1]) && slash[1] && slash[2])
		return -1;
	return !number_of(slash + 1, &bits) || bits > most ? -1 : (int)bits;
}

static int to_ipv4(const struct literal *l)
{
	struct in_addr address;
	char text[WORD];
	uint32_t number, beyond;
	int bits;

	memcpy(text, l->text, sizeof text);
	bits = prefix_of(text, 32);
	if (l->node->kind != NODE_WORD || bits < 0 || inet_pton(AF_INET, text, &address) != 1)
		return refuse(l);
	number = ntohl(address.s_addr);
	beyond = bits ? (uint32_t)((UINT64_C(1) << (32 - bits)) - 1) : UINT32_MAX;
	l->node->low.number = number & ~beyond;
	l->node->high.number = number | beyond;
	return 0;
}

/* Octets that the constant owns, as its low and high ends. */
static uint8_t *keep(struct filter_node *node, const uint8_t *octets, uint32_t length, unsigned ends)
{
	uint8_t *kept = (uint8_t *)mem_copy_bytes(octets, length * ends);

	free(node->octets);
	node->octets = kept;
	node->octet_count = length;
	node->low.at = kept;
	node->high.at = kept + (ends > 1 ? length : 0);
	node->low.length = node->high.length = length;
	return kept;
}

static int to_ipv6(const struct literal *l)
{
	uint8_t ends[32];
	char text[WORD];
	int bits;

	memcpy(text, l->text, sizeof text);
	bits = prefix_of(text, 128);
	if (l->node->kind != NODE_WORD || bits < 0 || inet_pton(AF_INET6, text, ends) != 1)
		return refuse(l);
	memcpy(ends + 16, ends, 16);
	for (int i = bits; i < 128; i++) {
		ends[i / 8] &= (uint8_t)~(128u >> i % 8);
		ends[16 + i / 8] |= (uint8_t)(128u >> i % 8);
	}
	keep(l->node, ends, 16, 2);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ octets and text */

static bool is_separator(char c)
{
	return c == ':' || c == '-' || c == '.';
}

/* aa:bb, aa-bb, aa.bb, a:b, aabb, :fc, fc: and a single digit. Without separators the digits come in pairs. */
int filter_hex(const char *text, size_t length, uint8_t *out, size_t size)
{
	size_t count = 0, i = length && text[0] == ':' ? 1 : 0;
	bool paired = true;

	for (size_t k = i; k < length; k++)
		paired &= !is_separator(text[k]);
	if (paired && (length - i) % 2 && length - i > 1)
		return -1;
	while (i < length) {
		int digit = hex_digit(text[i]), second = i + 1 < length ? hex_digit(text[i + 1]) : -1;

		if (digit < 0 || count == size)
			return -1;
		out[count++] = (uint8_t)(second < 0 ? digit : digit << 4 | second);
		i += second < 0 ? 1 : 2;
		if (!paired && i < length) {
			bool groups = hex_digit(text[i]) >= 0; /* aabb.ccdd.eeff */

			if (!groups && (!is_separator(text[i]) || (i + 1 == length && text[i] != ':')))
				return -1;
			i += !groups;
		}
	}
	return count ? (int)count : -1;
}

static int to_mac(const struct literal *l)
{
	uint8_t octets[8];

	if (l->node->kind != NODE_WORD || filter_hex(l->text, l->length, octets, sizeof octets) != 6)
		return refuse(l);
	keep(l->node, octets, 6, 1);
	return 0;
}

/* An octet may be written as a number too: 0xff. */
static int to_bytes(const struct literal *l)
{
	uint8_t octets[WORD];
	uint64_t number;
	int count;

	if (l->node->kind != NODE_WORD) {
		l->node->low.at = l->node->high.at = l->node->octets;
		l->node->low.length = l->node->high.length = l->node->octet_count;
		return 0;
	}
	if (l->text[0] == '0' && (l->text[1] | 32) == 'x') {
		if (!number_of(l->text, &number) || number > 255)
			return filter_fail(&l->tree->source, l->node->span, NULL,
					   "as a number only one octet can be written, 0x00 to 0xff; several are aa:bb:cc");
		octets[0] = (uint8_t)number;
		count = 1;
	} else {
		count = filter_hex(l->text, l->length, octets, sizeof octets);
	}
	if (count < 0)
		return l->text[0] && hex_digit(l->text[0]) < 0 ? refuse_unquoted(l, "what is compared here") : refuse(l);
	keep(l->node, octets, (uint32_t)count, 1);
	return 0;
}

static int to_string(const struct literal *l)
{
	return l->node->kind == NODE_WORD ? refuse(l) : to_bytes(l);
}

/* ------------------------------------------------------------------------------------------------ all of them */

static int (*const converters[])(const struct literal *l) = {
	[TYPE_NUMBER] = to_number, [TYPE_BOOL] = to_bool, [TYPE_IPV4] = to_ipv4,   [TYPE_TIME] = to_time,
	[TYPE_DURATION] = to_duration, [TYPE_IPV6] = to_ipv6, [TYPE_MAC] = to_mac, [TYPE_BYTES] = to_bytes,
	[TYPE_STRING] = to_string,
};

static int convert(struct filter_tree *tree, struct filter_node *node, enum filter_type type,
		   const struct filter_node *like)
{
	struct literal l = { .tree = tree, .node = node, .like = like, .type = type };
	bool is_word = node->kind == NODE_WORD;
	const void *from = is_word ? (const void *)(tree->source.text + node->span.at) : node->octets;

	l.length = is_word ? node->span.length : node->octet_count;
	if (is_word && l.length >= WORD)
		return filter_fail(&tree->source, node->span, NULL, "a value of more than %d octets", WORD - 1);
	l.length = l.length < WORD ? l.length : WORD - 1;
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
	return filter_literal(tree, node->left, type, like) < 0 || filter_literal(tree, node->right, type, like) < 0 ?
		       -1 : 0;
}
