/* SPDX-License-Identifier: BSD-2-Clause */
/* Small facts about values that several outputs share. */
#pragma once

#include "render/render.h"
#include "render/time.h"

#define VALUE_ROOM 96 /* octets that a value of fixed size may need */

/* True for a FIELD_TIME that text outputs show as seconds since 1970: its name ends with _epoch. */
bool value_is_epoch(const struct field_def *def);
/* Hexadecimal digits that a FIELD_HEX is shown with: two an octet. */
unsigned value_hex_digits(const struct field *field);
/* "0x" and the digits. */
char *value_put_hex(char *at, const struct field *field);
char *value_put_int(char *at, int64_t value);

/* As render_value and render_value_named, with a time cache that outlives the call. */
void value_text(struct text *out, struct time_cache *cache, const struct field *field);
void value_text_named(struct text *out, struct time_cache *cache, const struct field *field);
