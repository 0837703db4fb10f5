/* SPDX-License-Identifier: BSD-2-Clause */
/* Times as text. What stays the same from packet to packet is kept: the zone's offset, the text of the second. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "render/render.h"

/* The form named as after -t: a, ad, d... -1 with err when there is none. */
int time_form(const char *name, enum render_time *time, struct error *err);

#define TIME_ROOM 64 /* octets that any writer here may need */

/* Zero-initialise it. One cache may serve local and UTC times in turn, but is quick only when it serves one kind. */
struct time_cache {
	bool set, utc;
	uint64_t start;                    /* ns of the second that `column` and `words` are of, modulo 2^64 */
	int64_t block_first, block_last;   /* seconds in which offset and zone are valid */
	int32_t offset;                    /* seconds east of UTC */
	char zone[16];
	char column[20];                   /* 2026-11-22 14:00:00. */
	char words[22];                    /* Nov 22, 2026 14:00:00. */
};

/* The time column; "-" when the frame has no time. */
char *time_column(struct time_cache *cache, const struct render_options *options, const struct frame *frame, char *at);
/* Octets that the column has, or 0 when it depends on the value and goes to the right. */
unsigned time_width(const struct render_options *options);
/* Local time in tshark's words: Nov 22, 2026 14:00:00.123456789 UTC */
char *time_words(struct time_cache *cache, int64_t nanoseconds, char *at);
/* Local time for people: 2026-11-22 14:00:00.123456789 UTC */
char *time_date(struct time_cache *cache, int64_t nanoseconds, char *at);
