/* SPDX-License-Identifier: BSD-2-Clause */
/* A row of a terminal, put together in cells so that words may lie over lines. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum ink { INK_PLAIN, INK_FAINT, INK_PROTOCOL, INK_BAD };

struct cell {
	char bytes[12];               /* a character and the marks on it; none: the second half of a wide one */
	uint8_t length, ink;
};

struct canvas {
	struct cell *cells;
	unsigned width;               /* what is put beyond it is left out */
	bool utf8;                    /* else a character of more than one octet is a question mark */
	bool color;
};

void canvas_init(struct canvas *canvas, unsigned width, bool utf8, bool color);
void canvas_release(struct canvas *canvas);

void canvas_blank(struct canvas *canvas);
/* One character. */
void canvas_sign(struct canvas *canvas, unsigned at, const char *sign, enum ink ink);
/* Returns the column behind the text; it may lie beyond the width. */
unsigned canvas_text(struct canvas *canvas, unsigned at, const char *text, size_t length, enum ink ink);
/* The row as it stands, without blanks at its end, and a newline. protocol: the sequence of INK_PROTOCOL. */
void canvas_flush(struct canvas *canvas, const char *protocol, struct text *out);

/* Columns that a text takes: wide characters take two, marks none. */
unsigned canvas_text_width(const char *text, size_t length);
/* Octets of the text that fit into `width` columns. */
size_t canvas_fitting(const char *text, size_t length, unsigned width);
