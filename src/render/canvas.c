/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/canvas.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "render/color.h"

#define FAINT "\033[2m"

/* Characters that take two columns, or none; what is not here takes one. */
static const struct {
	uint32_t first, last;
	uint8_t width;
} widths[] = {
	{ 0x300, 0x36f, 0 },     { 0x483, 0x489, 0 },     { 0x591, 0x5bd, 0 },     { 0x64b, 0x65f, 0 },
	{ 0x1100, 0x115f, 2 },   { 0x1ab0, 0x1aff, 0 },   { 0x1dc0, 0x1dff, 0 },   { 0x20d0, 0x20ff, 0 },
	{ 0x2e80, 0x303e, 2 },   { 0x3041, 0xa4cf, 2 },   { 0xac00, 0xd7a3, 2 },   { 0xf900, 0xfaff, 2 },
	{ 0xfe00, 0xfe0f, 0 },   { 0xfe20, 0xfe2f, 0 },   { 0xfe30, 0xfe6f, 2 },   { 0xff00, 0xff60, 2 },
	{ 0xffe0, 0xffe6, 2 },   { 0x1f300, 0x1f64f, 2 }, { 0x1f680, 0x1f6ff, 2 }, { 0x1f900, 0x1faff, 2 },
	{ 0x20000, 0x3fffd, 2 }, { 0xe0100, 0xe01ef, 0 },
};

static unsigned width_of(uint32_t code)
{
	for (unsigned i = 0; i < sizeof widths / sizeof *widths && code >= widths[i].first; i++)
		if (code <= widths[i].last)
			return widths[i].width;
	return 1;
}

/* A character at `at`; what is left of a text that is no UTF-8 (ours always is) counts octet by octet. */
static unsigned next(const char *at, size_t length, unsigned *width)
{
	uint32_t code;
	unsigned n = utf8_next((const uint8_t *)at, length, &code);

	*width = n ? width_of(code) : 1;
	return n ? n : 1;
}

unsigned canvas_text_width(const char *text, size_t length)
{
	unsigned total = 0, width;

	for (size_t i = 0; i < length; total += width)
		i += next(text + i, length - i, &width);
	return total;
}

size_t canvas_fitting(const char *text, size_t length, unsigned width)
{
	unsigned used = 0, one;
	size_t i = 0;

	while (i < length) {
		unsigned n = next(text + i, length - i, &one);

		if (used + one > width)
			break;
		used += one;
		i += n;
	}
	return i;
}

static void put_cell(struct canvas *c, unsigned at, const char *bytes, unsigned length, enum ink ink)
{
	if (at >= c->width)
		return;
	c->cells[at].length = (uint8_t)length;
	c->cells[at].ink = (uint8_t)ink;
	memcpy(c->cells[at].bytes, bytes, length);
}

unsigned canvas_text(struct canvas *c, unsigned at, const char *text, size_t length, enum ink ink)
{
	unsigned width;

	for (size_t i = 0; i < length;) {
		unsigned n = next(text + i, length - i, &width);
		struct cell *before = at && at <= c->width ? &c->cells[at - 1] : NULL;
		bool plain = n > 1 && !c->utf8;

		if (width && at + width <= c->width) {
			put_cell(c, at, plain ? "?" : text + i, plain ? 1 : n, ink);
			if (width == 2)
				put_cell(c, at + 1, plain ? "?" : "", plain, ink);
		} else if (!width && before && !plain && before->length && before->length + n <= sizeof before->bytes) {
			memcpy(before->bytes + before->length, text + i, n);
			before->length = (uint8_t)(before->length + n);
		}
		at += width;
		i += n;
	}
	return at;
}

void canvas_sign(struct canvas *c, unsigned at, const char *sign, enum ink ink)
{
	put_cell(c, at, sign, (unsigned)strlen(sign), ink);
}

static const char *sequence(enum ink ink, const char *protocol)
{
	switch (ink) {
	case INK_FAINT:
		return FAINT;
	case INK_PROTOCOL:
		return protocol;
	case INK_BAD:
		return COLOR_BAD;
	default:
		return "";
	}
}

void canvas_flush(struct canvas *c, const char *protocol, struct text *out)
{
	const char *now = "";
	unsigned end = c->width;

	while (end && c->cells[end - 1].length == 1 && c->cells[end - 1].bytes[0] == ' ')
		end--;
	for (unsigned i = 0; i < end; i++) {
		const char *wanted = c->color ? sequence(c->cells[i].ink, protocol) : "";

		if (strcmp(now, wanted))
			text_format(out, "%s%s", *now ? COLOR_RESET : "", wanted);
		now = wanted;
		text_add(out, c->cells[i].bytes, c->cells[i].length);
	}
	text_string(out, *now ? COLOR_RESET "\n" : "\n");
}

void canvas_blank(struct canvas *c)
{
	for (unsigned i = 0; i < c->width; i++)
		put_cell(c, i, " ", 1, INK_PLAIN);
}

void canvas_init(struct canvas *c, unsigned width, bool utf8, bool color)
{
	*c = (struct canvas){ mem_new(width, sizeof *c->cells), width, utf8, color };
	canvas_blank(c);
}

void canvas_release(struct canvas *c)
{
	free(c->cells);
}
