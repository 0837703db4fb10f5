/* SPDX-License-Identifier: BSD-2-Clause */
/* A stream for tests, and what it delivered as text: octets as they are, {12} for a hole, . for the end. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/stream.h"
#include "base/mem.h"
#include "base/text.h"

struct heard {
	struct stream *stream;
	struct text said;
	unsigned pieces;
	uint64_t last_frame;
	uint64_t next;     /* the offset that must come next */
	uint64_t frame;    /* number of the segment at hand */
};

static inline void hear(void *context, const struct stream_piece *piece)
{
	struct heard *heard = context;

	assert_int_equal(piece->offset, heard->next + piece->missing);
	assert_true(piece->length || piece->missing || piece->end);
	if (piece->missing)
		text_format(&heard->said, "{%llu}", (unsigned long long)piece->missing);
	if (piece->length)
		text_add(&heard->said, piece->data, piece->length);
	if (piece->end)
		text_char(&heard->said, '.');
	heard->next = piece->offset + piece->length;
	heard->last_frame = piece->frame;
	heard->pieces++;
}

static inline int set_up(void **state)
{
	struct heard *heard = mem_new(1, sizeof *heard);

	heard->stream = stream_new();
	*state = heard;
	return 0;
}

static inline int tear_down(void **state)
{
	struct heard *heard = *state;

	stream_free(heard->stream);
	text_release(&heard->said);
	free(heard);
	return 0;
}

/* flags: S for SYN, F for FIN. claimed: octets that the packet had. */
static inline void send_cut(struct heard *heard, uint32_t seq, const char *flags, const char *data, uint32_t claimed)
{
	const struct stream_segment segment = {
		.seq = seq, .syn = strchr(flags, 'S'), .fin = strchr(flags, 'F'), .data = (const uint8_t *)data,
		.length = (uint32_t)strlen(data), .claimed = claimed, .frame = ++heard->frame,
		.time = (int64_t)heard->frame * 1000,
	};

	stream_segment(heard->stream, &segment, hear, heard);
}

static inline void send_segment(struct heard *heard, uint32_t seq, const char *flags, const char *data)
{
	send_cut(heard, seq, flags, data, (uint32_t)strlen(data));
}

static inline void acked(struct heard *heard, uint32_t ack)
{
	stream_acked(heard->stream, ack, hear, heard);
}

static inline void finish(struct heard *heard)
{
	stream_finish(heard->stream, hear, heard);
}

static inline void assert_said(const struct heard *heard, const char *expected)
{
	size_t length = strlen(expected);

	if (heard->said.length != length || (length && memcmp(heard->said.data, expected, length) != 0))
		fail_msg("said '%.*s', not '%s'", (int)heard->said.length, heard->said.data, expected);
}
