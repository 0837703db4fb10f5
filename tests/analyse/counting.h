/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams made up one by one, put through analysers, and the tables that come of them as text. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/analyser.h"
#include "base/mem.h"

#define SECOND INT64_C(1000000000)

struct counting {
	struct protocols *protocols;
	struct track *track;
	struct packet *packet;
	struct analysis analysis;
	struct frame frame;          /* the next one: number, times, drops */
	uint8_t data[4096];
	uint64_t given;
	struct text text;
};

static inline int counting_set_up(void **state)
{
	struct counting *c = mem_new(1, sizeof *c);

	c->protocols = protocols_new();
	c->packet = mem_new(1, sizeof *c->packet);
	c->frame = (struct frame){ .data = c->data, .link = 1, .has_time = true };
	c->analysis.options = (struct analysis_options){ .interval = SECOND, .people = true, .screen = 60 };
	*state = c;
	return 0;
}

static inline int counting_tear_down(void **state)
{
	struct counting *c = *state;

	analysis_release(&c->analysis);
	track_free(c->track);
	protocols_free(c->protocols);
	free(c->packet);
	text_release(&c->text);
	free(c);
	return 0;
}

/* After the options are as they shall be. */
static inline void counting_begin(struct counting *c, const char *analyser)
{
	analysis_add(&c->analysis, analyser_find(analyser));
	analysis_start(&c->analysis, c->protocols);
	c->track = track_new(c->protocols, TRACK_ALL, NULL);
	analysis_listen(&c->analysis, c->track);
}

static inline void put32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static inline void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* An Ethernet frame with a datagram of `length` letters, from 10.0.0.2; the link sends it to all when `all`. */
static inline void counting_udp(struct counting *c, uint32_t to, uint16_t from_port, uint16_t to_port, uint16_t length,
				bool all)
{
	uint8_t *ip = c->data + 14, *udp = ip + 20;

	assert_true(length + 42u <= sizeof c->data);
	memset(c->data, 0, 42);
	memset(c->data, all ? 0xff : 0x02, 6);
	c->data[6] = 0x02;
	c->data[12] = 0x08;
	ip[0] = 0x45;
	ip[8] = 64;
	ip[9] = 17;
	put16(ip + 2, (uint16_t)(length + 28));
	put32(ip + 12, 0x0a000002);
	put32(ip + 16, to);
	put16(ip + 10, (uint16_t)~checksum_fold(checksum_add(0, ip, 20)));
	put16(udp, from_port);
	put16(udp + 2, to_port);
	put16(udp + 4, (uint16_t)(length + 8));
	memset(udp + 8, 'x', length);
	c->frame.cap_length = c->frame.wire_length = length + 42u;
}

/* Sends what was made, at that time; asked: it passes the filter that there may be. */
static inline void counting_give(struct counting *c, int64_t time, bool asked)
{
	const struct tracked *tracked;

	if (!c->frame.number++)
		c->frame.first_time = time;
	c->frame.time = time;
	dissect(c->protocols, &c->frame, c->packet);
	tracked = track_packet(c->track, c->packet);
	if (!asked)
		return;
	c->given++;
	analysis_packet(&c->analysis, c->packet, tracked);
}

/* The end; the table, and the notes below it, as one text. */
static inline const char *counting_end(struct counting *c)
{
	const struct analysis_end end = {
		.track = c->track, .packets = c->given, .first_time = c->frame.first_time
	};
	const struct analysis_result *result = c->analysis.results;
	struct table table;

	track_finish(c->track);
	analysis_finish(&c->analysis, &end);
	table_init(&table, result->columns, result->column_count);
	for (size_t row = 0; row < result->rows; row++)
		c->analysis.analysers[0]->row(c->analysis.states[0], row, &table);
	table_print(&table, TABLE_PLAIN, &c->text);
	table_release(&table);
	if (result->notes.length)
		text_add(&c->text, result->notes.data, result->notes.length);
	text_char(&c->text, '\0');
	return c->text.data;
}
