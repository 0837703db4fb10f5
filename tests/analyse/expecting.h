/* SPDX-License-Identifier: BSD-2-Clause */
/* For the tests of expectations: datagrams of made-up hosts, judged by a list. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/expect.h"
#include "base/mem.h"
#include "packet/dissect.h"
#include "render/render.h"

#define NOON INT64_C(1769860800000000000)
#define MS INT64_C(1000000)

struct world {
	struct protocols *protocols;
	struct track *track;         /* made with the first packet */
	struct expectations *list;
	struct packet *packet;
	struct frame frame;
	uint8_t data[2048];
	struct text text;
};

static inline void world_value(void *context, const struct field *field, struct text *out)
{
	(void)context;
	render_value_named(out, field);
}

static inline void world_line(void *context, const struct packet *packet, struct text *out)
{
	(void)context;
	text_format(out, "line of %llu", (unsigned long long)packet->frame->number);
}

static inline int world_open(void **state)
{
	static const struct expect_words words = { .value = world_value, .packet = world_line };
	struct world *w = mem_new(1, sizeof *w);

	w->protocols = protocols_new();
	w->packet = mem_new(1, sizeof *w->packet);
	w->list = expectations_new(&words);
	*state = w;
	return 0;
}

static inline int world_close(void **state)
{
	struct world *w = *state;

	track_free(w->track);
	expectations_free(w->list);
	protocols_free(w->protocols);
	text_release(&w->text);
	free(w->packet);
	free(w);
	return 0;
}

static inline void expects(struct world *w, const char *text)
{
	struct error err = { "" };

	if (expectations_add(w->list, text, NULL, &err) < 0)
		fail_msg("%s", err.text);
}

static inline void world_start(struct world *w)
{
	struct dialogue_listener listener;

	expectations_want(w->list, w->protocols);
	w->track = track_new(w->protocols, TRACK_ALL, NULL);
	expectations_listener(w->list, &listener);
	track_listen(w->track, &listener);
}

static inline void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* A datagram from 10.0.0.`from` to 10.0.0.`to`, `ms` milliseconds after noon; checksums are left out. */
static inline void datagram(struct world *w, unsigned from, unsigned from_port, unsigned to, unsigned to_port,
			    const char *text, int64_t ms)
{
	uint8_t *ip = w->data + 14, *udp = ip + 20;
	unsigned length = (unsigned)strlen(text);

	if (!w->track)
		world_start(w);
	assert_true(length < sizeof w->data - 100);
	memset(w->data, 0, 42);
	memcpy(w->data, "\x02\0\0\0\0\1\x02\0\0\0\0\2\x08", 13);
	ip[0] = 0x45;
	put16(ip + 2, 28 + length);
	ip[8] = 64;
	ip[9] = 17;
	ip[12] = ip[16] = 10;
	ip[15] = (uint8_t)from;
	ip[19] = (uint8_t)to;
	put16(udp, from_port);
	put16(udp + 2, to_port);
	put16(udp + 4, 8 + length);
	memcpy(udp + 8, text, length);
	w->frame = (struct frame){
		.number = w->frame.number + 1, .time = NOON + ms * MS, .has_time = true, .link = 1, .data = w->data,
		.cap_length = 42 + length, .wire_length = 42 + length, .first_time = NOON,
	};
	dissect(w->protocols, &w->frame, w->packet);
	expectations_packet(w->list, w->packet, track_packet(w->track, w->packet));
}

#define REPLY "2026-01-31 12:00:00.000000\n"
/* Client 10.0.0.2 asks server 10.0.0.1, and is answered. */
static inline void ask(struct world *w, int64_t ms)
{
	datagram(w, 2, 40000, 1, 5555, "", ms);
}

static inline void answer(struct world *w, int64_t ms)
{
	datagram(w, 1, 5555, 2, 40000, REPLY, ms);
}

static inline void world_end(struct world *w, const char *incomplete)
{
	if (!w->track)
		world_start(w);
	track_finish(w->track);
	expectations_finish(w->list, incomplete);
}

/* The verdict of the list's only expectation, and that its sentence has `part` in it. */
static inline void verdict_is(struct world *w, enum expect_verdict verdict, const char *part)
{
	struct expect_answer found = expectations_answer(w->list, expectations_count(w->list) - 1);

	if (found.verdict != verdict || !strstr(found.says, part))
		fail_msg("verdict %d: %s", found.verdict, found.says);
}
