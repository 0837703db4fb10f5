/* SPDX-License-Identifier: BSD-2-Clause */
/* Byte classes of ASCII, whatever the locale. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool ascii_is_digit(uint8_t c)
{
	return (uint8_t)(c - '0') <= 9;
}

static inline bool ascii_is_letter(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') <= 'z' - 'a';
}

static inline bool ascii_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* What lab programs leave after a message: CR, LF, the NUL of a C string. */
static inline bool ascii_is_ending(uint8_t c)
{
	return c == '\r' || c == '\n' || c == '\0';
}

static inline bool ascii_is_space(uint8_t c)
{
	return ascii_is_blank(c) || ascii_is_ending(c);
}

static inline uint8_t ascii_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* `data` starts with the NUL-terminated `word`, letters compared without their case. */
static inline bool ascii_starts_with(const uint8_t *data, size_t len, const char *word)
{
	size_t i = 0;

	while (i < len && word[i] != '\0' && ascii_lower(data[i]) == ascii_lower((uint8_t)word[i]))
		i++;
	return word[i] == '\0';
}
