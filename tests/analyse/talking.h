/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conversations for tests: packets are put down one by one, then read as a file is, twice. What the others tell about a
 * packet, and what listeners hear, is compared as text.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/track.h"
#include "base/text.h"

enum { SERVER = 1, ALICE = 2, BOB = 3, CAROL = 4, EVERYBODY = 255 }; /* 10.0.0.x; 255.255.255.255 */

struct put {
	uint8_t *data;
	uint32_t length, cut;
	int64_t time;
};

struct talk {
	struct protocols *protocols;
	struct put *packets;
	unsigned count, room;
	int64_t now;           /* ns; goes on by a millisecond with each packet */
	struct text told;      /* of the packets, "1 date.request_in=1\n" */
	struct text dialogues; /* "date 1>2 answered\n", a line for each event */
	struct text lines;     /* "1 alice:hello heard 2\n" */
	struct text users;     /* "alice 1-9 said 2\n" */
	bool quiet;            /* nothing is put down as text but what listeners hear at the end */
};

/* One side of a TCP connection to 10.0.0.1. */
struct caller {
	unsigned host;
	uint16_t port, server_port;
	uint32_t seq[2];       /* next to be sent: by the client, by the server */
};

int talk_set_up(void **state);
int talk_tear_down(void **state);

void put_udp(struct talk *talk, unsigned from, uint16_t from_port, unsigned to, uint16_t to_port, const char *words);
void put_octets(struct talk *talk, unsigned from, uint16_t from_port, unsigned to, uint16_t to_port, const void *data,
		size_t length);
/* An ICMP port unreachable about the packet put down as number `about`. */
void put_refusal(struct talk *talk, unsigned about);
void wait_ms(struct talk *talk, int64_t ms);
/* The packet put down last was captured with so many octets only. */
void cut_last(struct talk *talk, uint32_t length);

struct caller call(struct talk *talk, unsigned host, uint16_t port, uint16_t server_port);
void put_up(struct talk *talk, struct caller *caller, const char *words);
void put_down(struct talk *talk, struct caller *caller, const char *words);
void put_segment(struct talk *talk, struct caller *caller, bool up, const void *data, size_t length);
void hang_up(struct talk *talk, struct caller *caller);
void server_hangs_up(struct talk *talk, struct caller *caller); /* first */
void put_reset(struct talk *talk, struct caller *caller);

/* Reads all that was put down, twice. */
void listen_twice(struct talk *talk);
/* The fields that other packets gave this one, in the order of their rows; "" when it got none. */
void assert_told(struct talk *talk, unsigned number, const char *fields);
void assert_text(struct text *text, const char *expected);
