/* SPDX-License-Identifier: BSD-2-Clause */
/* Capture filters given as trailing words, as tcpdump takes them. */
#pragma once

#include "base/text.h"
#include "cmd/options.h"

/*
 * Words from `first` on, joined into `room`, become *filter; a filter that -f gave as well is an error. Without words
 * *filter stays as it is.
 */
int expression_join(struct text *room, const char **filter, const struct words *words, size_t first, struct error *err);
