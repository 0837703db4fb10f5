/* SPDX-License-Identifier: BSD-2-Clause */
/* What a picture is written with: text that XML can hold, and styles for light and dark. */
#pragma once

#include "base/text.h"

struct dissector;

/* What XML 1.0 section 2.2 has no place for, and what utf8_unsafe() names, is a question mark. */
void svg_text(struct text *out, const char *bytes, size_t length);
/* A text from outside, whose control characters are to be seen. */
void svg_escaped(struct text *out, const char *string);

/* The element <style>: classes of a ladder, with a part for viewers that ask for dark. */
void svg_styles(struct text *out);
/* The class that has the protocol's colour. */
const char *svg_class(const struct dissector *protocol);
