/* SPDX-License-Identifier: BSD-2-Clause */
/* "Did you mean": the known word nearest to a mistyped one. */
#pragma once

/* The nearest of `words` (ended by NULL), or NULL when none is within a third of the word's letters. */
const char *nearest(const char *word, const char *const *words);
