/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 (RFC 3629), one code point at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the code point at the start of bytes[0..length). Returns the octets it takes (1-4), or 0 when the octets
 * there are no UTF-8 (overlong, surrogate, past U+10FFFF, cut). length must not be 0.
 */
unsigned utf8_next(const uint8_t *bytes, size_t length, uint32_t *code);

/* True when the whole span is UTF-8. */
bool utf8_valid(const uint8_t *bytes, size_t length);

/*
 * True for code points that must never reach a terminal as they are: C0 and C1 controls, DEL, line separators, and
 * the marks that change the direction of writing.
 */
bool utf8_unsafe(uint32_t code);
