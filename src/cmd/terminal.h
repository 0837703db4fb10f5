/* SPDX-License-Identifier: BSD-2-Clause */
/* What standard output can show. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/* --color WHEN: auto (NULL: the same), always or never. -1 with err for another word. */
int terminal_color(const char *when, bool *color, struct error *err);

/* Columns: of the terminal that standard output is, else $COLUMNS, else 80. */
unsigned terminal_width(void);

/* Whether the locale of the environment writes UTF-8. */
bool terminal_is_utf8(void);
