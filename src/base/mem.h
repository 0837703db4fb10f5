/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that is there or the program ends: running out of it is not an answer that a caller could use. */
#pragma once

#include <stddef.h>

/* The caller owns what is returned and frees it with free(). Zeroed: mem_new. Sizes are checked before multiplying. */
void *mem_new(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *mem_resize(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *mem_copy_string(const char *text) __attribute__((malloc, returns_nonnull));
/* `length` octets of text and a NUL. */
char *mem_copy_bytes(const void *bytes, size_t length) __attribute__((malloc, returns_nonnull));
