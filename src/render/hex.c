/* SPDX-License-Identifier: BSD-2-Clause */
/* The octets of a packet, sixteen a line. */
#include "render/render.h"

static char *hex_part(char *at, const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < RENDER_HEX_ROW; i++) {
		if (i == RENDER_HEX_ROW / 2)
			*at++ = ' ';
		*at++ = ' ';
		if (i < length)
			put_hex(at, data[i], 2);
		else
			memset(at, ' ', 2);
		at += 2;
	}
	return at;
}

static char *text_part(char *at, const uint8_t *data, size_t length)
{
	*at++ = ' ';
	*at++ = ' ';
	for (size_t i = 0; i < length; i++)
		*at++ = data[i] >= ' ' && data[i] < 0x7f ? (char)data[i] : '.';
	return at;
}

void render_hex_row(struct text *out, uint64_t offset, unsigned digits, const uint8_t *data, size_t length, bool ascii)
{
	char *at = put_hex(text_room(out, 128), offset, digits);

	*at++ = ' ';
	at = hex_part(at, data, length);
	if (ascii)
		at = text_part(at, data, length);
	else
		while (at[-1] == ' ')
			at--;
	text_wrote(out, at);
}

void render_hex(struct text *out, const uint8_t *data, size_t length, bool ascii)
{
	unsigned digits = length > 0x10000 ? 8 : 4;

	for (size_t offset = 0; offset < length; offset += RENDER_HEX_ROW) {
		size_t here = length - offset < RENDER_HEX_ROW ? length - offset : RENDER_HEX_ROW;

		render_hex_row(out, offset, digits, data + offset, here, ascii);
		text_char(out, '\n');
	}
}
