/* SPDX-License-Identifier: BSD-2-Clause */
/* Colours of the 16 that every terminal has (ECMA-48 section 8.3.117). */
#pragma once

#define COLOR_RESET "\033[0m"
#define COLOR_BAD "\033[1;31m"
#define COLOR_LESS "\033[31m"  /* differences: what is missing, */
#define COLOR_MORE "\033[32m"  /* what is extra, */
#define COLOR_OTHER "\033[33m" /* what is otherwise */
/* The two sides of a conversation. */
#define COLOR_CLIENT "\033[36m"
#define COLOR_SERVER "\033[33m"

/* The sequence that begins a protocol's colour; "" when it has none. */
const char *color_of(const char *protocol);
