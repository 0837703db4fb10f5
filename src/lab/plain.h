/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling text from binary. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* UTF-8 without control characters other than tab, CR, LF and ESC (colours). True for an empty span. */
bool plain_is_text(const uint8_t *s, size_t len);
