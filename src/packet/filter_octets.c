/* SPDX-License-Identifier: BSD-2-Clause */
/* Written addresses, octets and text. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "base/mem.h"
#include "packet/filter_literal.h"

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
	return !literal_number(slash + 1, &bits) || bits > most ? -1 : (int)bits;
}

int literal_ipv4(const struct filter_literal *l)
{
	struct in_addr address;
	char text[LITERAL_WORD];
	uint32_t number, beyond;
	int bits;

	memcpy(text, l->text, sizeof text);
	bits = prefix_of(text, 32);
	if (l->node->kind != NODE_WORD || bits < 0 || inet_pton(AF_INET, text, &address) != 1)
		return literal_refuse(l);
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

int literal_ipv6(const struct filter_literal *l)
{
	uint8_t ends[32];
	char text[LITERAL_WORD];
	int bits;

	memcpy(text, l->text, sizeof text);
	bits = prefix_of(text, 128);
	if (l->node->kind != NODE_WORD || bits < 0 || inet_pton(AF_INET6, text, ends) != 1)
		return literal_refuse(l);
	memcpy(ends + 16, ends, 16);
	for (int i = bits; i < 128; i++) {
		ends[i / 8] &= (uint8_t) ~(128u >> i % 8);
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
static int hex(const char *text, size_t length, uint8_t *out, size_t size)
{
	size_t count = 0, i = length && text[0] == ':' ? 1 : 0;
	bool paired = true;

	for (size_t k = i; k < length; k++)
		paired &= !is_separator(text[k]);
	if (paired && (length - i) % 2 && length - i > 1)
		return -1;
	while (i < length) {
		int digit = literal_hex_digit(text[i]), second = i + 1 < length ? literal_hex_digit(text[i + 1]) : -1;

		if (digit < 0 || count == size)
			return -1;
		out[count++] = (uint8_t)(second < 0 ? digit : digit << 4 | second);
		i += second < 0 ? 1 : 2;
		if (!paired && i < length) {
			bool groups = literal_hex_digit(text[i]) >= 0; /* aabb.ccdd.eeff */

			if (!groups && (!is_separator(text[i]) || (i + 1 == length && text[i] != ':')))
				return -1;
			i += !groups;
		}
	}
	return count ? (int)count : -1;
}

int literal_mac(const struct filter_literal *l)
{
	uint8_t octets[8];

	if (l->node->kind != NODE_WORD || hex(l->text, l->length, octets, sizeof octets) != 6)
		return literal_refuse(l);
	keep(l->node, octets, 6, 1);
	return 0;
}

/* An octet may be written as a number too: 0xff. */
int literal_bytes(const struct filter_literal *l)
{
	uint8_t octets[LITERAL_WORD];
	uint64_t number;
	int count;

	if (l->node->kind != NODE_WORD) {
		l->node->low.at = l->node->high.at = l->node->octets;
		l->node->low.length = l->node->high.length = l->node->octet_count;
		return 0;
	}
	if (l->text[0] == '0' && (l->text[1] | 32) == 'x') {
		if (!literal_number(l->text, &number) || number > 255)
			return filter_fail(
				&l->tree->source, l->node->span, NULL,
				"as a number only one octet can be written, 0x00 to 0xff; several are aa:bb:cc");
		octets[0] = (uint8_t)number;
		count = 1;
	} else {
		count = hex(l->text, l->length, octets, sizeof octets);
	}
	if (count < 0)
		return l->text[0] && literal_hex_digit(l->text[0]) < 0
			       ? literal_refuse_unquoted(l, "what is compared here")
			       : literal_refuse(l);
	keep(l->node, octets, (uint32_t)count, 1);
	return 0;
}

int literal_string(const struct filter_literal *l)
{
	return l->node->kind == NODE_WORD ? literal_refuse(l) : literal_bytes(l);
}
