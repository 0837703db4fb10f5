/* SPDX-License-Identifier: BSD-2-Clause */
/* Two runs of an exercise, packet by packet, and what the comparison says of them. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/compare.h"

#define MODEL 0
#define OTHER 1
#define RAW_IP 101

/* A capture in the making. */
struct run {
	struct protocols *protocols;
	struct track *track;
	struct transcript *transcript;
	struct packet *packet;
	struct frame frame;
	uint8_t data[2048];
	int status;
	struct error err;
};

struct exercise {
	struct compare_rules *rules;
	struct run runs[2];
	struct comparison comparison;
	struct text told;
};

static inline void begin(struct exercise *e)
{
	for (unsigned i = 0; i < 2; i++) {
		struct run *run = &e->runs[i];

		run->protocols = protocols_new();
		run->packet = calloc(1, sizeof *run->packet);
		assert_non_null(run->packet);
		protocols_want_all(run->protocols);
		run->track = track_new(run->protocols, TRACK_ALL, NULL);
		run->transcript = transcript_new(e->rules);
		run->frame = (struct frame){
			.data = run->data, .link = RAW_IP, .has_time = true, .time = 1700000000000000000
		};
	}
}

static inline struct exercise *exercise_new(void)
{
	struct exercise *e = calloc(1, sizeof *e);

	assert_non_null(e);
	e->rules = compare_rules_new();
	begin(e);
	return e;
}

static inline void exercise_free(struct exercise *e)
{
	for (unsigned i = 0; i < 2; i++) {
		transcript_free(e->runs[i].transcript);
		track_free(e->runs[i].track);
		protocols_free(e->runs[i].protocols);
		free(e->runs[i].packet);
	}
	comparison_release(&e->comparison);
	compare_rules_free(e->rules);
	text_release(&e->told);
	free(e);
}

static inline void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

/* The run has seen the packet whose IPv4 payload of `length` octets stands at data + 20. */
static inline void seen(struct run *run, uint8_t protocol, uint32_t from, uint32_t to, size_t length)
{
	memset(run->data, 0, 20);
	run->data[0] = 0x45;
	put16(run->data + 2, (unsigned)length + 20);
	run->data[8] = 64;
	run->data[9] = protocol;
	put32(run->data + 12, from);
	put32(run->data + 16, to);
	run->frame.number++;
	run->frame.time += 1000000;
	run->frame.cap_length = run->frame.wire_length = (uint32_t)length + 20;
	dissect(run->protocols, &run->frame, run->packet);
	if (run->status == 0)
		run->status = transcript_packet(run->transcript, run->packet, track_packet(run->track, run->packet),
						track_flows(run->track), &run->err);
}

struct end {
	uint32_t address;
	uint16_t port;
};

static inline void udp(struct run *run, struct end from, struct end to, const char *what)
{
	size_t length = strlen(what);
	uint8_t *udp = run->data + 20;

	put16(udp, from.port);
	put16(udp + 2, to.port);
	put16(udp + 4, (unsigned)length + 8);
	put16(udp + 6, 0);
	memcpy(udp + 8, what, length);
	seen(run, 17, from.address, to.address, length + 8);
}

/* All differences, a line each. */
static inline const char *differences(struct exercise *e)
{
	static const char none[] = "-";

	for (unsigned i = 0; i < 2; i++) {
		track_finish(e->runs[i].track);
		assert_int_equal(e->runs[i].status, 0);
		assert_int_equal(transcript_finish(e->runs[i].transcript, &e->runs[i].err), 0);
	}
	compare(e->runs[MODEL].transcript, e->runs[OTHER].transcript, e->rules, &e->comparison);
	for (uint32_t i = 0; i < e->comparison.count; i++) {
		const struct difference *d = &e->comparison.differences[i];

		text_format(&e->told, "%s %u %u %s>%s %s [%s] %s %s %s\n", compare_change_names[d->change],
			    (unsigned)d->golden, (unsigned)d->student, d->from ? d->from : none, d->to ? d->to : none,
			    d->message ? d->message : none, d->words ? d->words : none, d->field ? d->field : none,
			    d->before ? d->before : none, d->after ? d->after : none);
	}
	text_char(&e->told, '\0');
	return e->told.data;
}

#define CLIENT ((struct end){ 0x0a000002, 40000 })
#define DATE_SERVER ((struct end){ 0x0a000001, 5555 })
#define ECHO_SERVER ((struct end){ 0x0a000001, 3500 })
#define OTHER_CLIENT ((struct end){ 0xc0a80105, 51234 })
#define OTHER_DATE_SERVER ((struct end){ 0xc0a80101, 5555 })
#define OTHER_ECHO_SERVER ((struct end){ 0xc0a80101, 3500 })

#define NOON "2026-01-31 12:00:00.000001\n"
#define LATER "2026-03-01 08:15:09.123456\n"
