/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets made up one by one and put into the table of conversations. Addresses are 10.0.0.N and fd00::N. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/flow.h"
#include "analyse/tcp.h"
#include "base/clock.h"
#include "base/mem.h"

enum { UDP = 17, TCP = 6, RAW_IPV4 = 228, RAW_IPV6 = 229 };

struct world {
	struct protocols *protocols;
	struct packet *packet;
	struct flows *flows;
	struct tcp_rows *rows;
	struct frame frame;
	uint8_t data[256];
	unsigned side;
	struct flow *flow;
	struct tcp_verdict verdict;
	unsigned forgotten;          /* flows that were, as the table told */
};

static inline void forget(void *context, struct flow *flow)
{
	struct world *w = context;

	w->forgotten++;
	tcp_flow_free(flow->tcp);
}

static inline struct world *world_new(uint32_t max)
{
	struct world *w = mem_new(1, sizeof *w);

	w->protocols = protocols_new();
	w->packet = mem_new(1, sizeof *w->packet);
	protocols_want_brief(w->protocols);
	protocols_want_roles(w->protocols);
	w->rows = tcp_rows_new(w->protocols);
	w->flows = flows_new(max, forget, w);
	w->frame = (struct frame){ .data = w->data, .has_time = true };
	return w;
}

static inline void world_free(struct world *w)
{
	flows_free(w->flows);
	tcp_rows_free(w->rows);
	protocols_free(w->protocols);
	free(w->packet);
	free(w);
}

static inline int set_up(void **state)
{
	*state = world_new(FLOWS_MAX);
	return 0;
}

static inline int tear_down(void **state)
{
	world_free(*state);
	return 0;
}

static inline void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

/* A header of IPv4 before `size` octets that stand behind it; what does not fit was not captured. */
static inline void dissect_ipv4(struct world *w, uint8_t protocol, uint32_t from, uint32_t to, uint32_t size)
{
	static const uint8_t header[20] = { 0x45, 0, 0, 0, 0, 0, 0, 0, 64 };

	memcpy(w->data, header, sizeof header);
	put16(w->data + 2, 20 + size);
	w->data[9] = protocol;
	put32(w->data + 12, 0x0a000000 | from);
	put32(w->data + 16, 0x0a000000 | to);
	w->frame.number++;
	w->frame.link = RAW_IPV4;
	w->frame.cap_length = w->frame.wire_length = 20 + size;
	if (w->frame.cap_length > sizeof w->data)
		w->frame.cap_length = sizeof w->data;
	dissect(w->protocols, &w->frame, w->packet);
}

/* A datagram without data; the conversation it belongs to is w->flow. */
static inline struct flow *datagram(struct world *w, uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port)
{
	uint8_t *at = w->data + 20;

	put16(at, from_port);
	put16(at + 2, to_port);
	put16(at + 4, 8);
	put16(at + 6, 0);
	dissect_ipv4(w, UDP, from, to, 8);
	w->flow = flows_packet(w->flows, w->packet, &w->side);
	return w->flow;
}

enum { FIN = 0x01, SYN = 0x02, RST = 0x04, PSH = 0x08, ACK = 0x10 };

#define TCP_LAYER 2 /* behind frame and ip */
#define CLIENT 0
#define SERVER 1
#define WINDOW 1000
#define SCALE(shift) ((shift) + 1)

struct sent {
	unsigned from;               /* CLIENT or SERVER */
	unsigned flags;
	uint32_t seq, ack, length;
	bool closed;                 /* the window: 0, else WINDOW */
	unsigned scale;              /* SCALE(shift count); 0: no such option */
};

/* The segment, `ms` after the one before; w->verdict says what was made of it. */
static inline const struct tcp_verdict *segment(struct world *w, int64_t ms, const struct sent *sent)
{
	uint8_t *at = w->data + 20;
	uint32_t options = sent->scale ? 4 : 0;

	put16(at, sent->from == CLIENT ? 40000 : 80);
	put16(at + 2, sent->from == CLIENT ? 80 : 40000);
	put32(at + 4, sent->seq);
	put32(at + 8, sent->ack);
	put16(at + 12, (5 + options / 4) << 12 | sent->flags);
	put16(at + 14, sent->closed ? 0 : WINDOW);
	put32(at + 16, 0);
	put32(at + 20, 0x03030001 | ((sent->scale - 1) & 0xff) << 8);
	w->frame.time += ms * NS_PER_MS;
	dissect_ipv4(w, TCP, sent->from == CLIENT ? 2 : 1, sent->from == CLIENT ? 1 : 2, 20 + options + sent->length);
	w->flow = flows_packet(w->flows, w->packet, &w->side);
	assert_non_null(w->flow);
	assert_true(tcp_follow(w->rows, w->flows, &w->flow, &w->side, w->packet, TCP_LAYER, &w->verdict));
	return &w->verdict;
}

#define SEGMENT(w, ms, ...) segment(w, ms, &(struct sent){ __VA_ARGS__ })

/* From the client, from the server: numbers as sent. */
#define UP(w, ms, flags_, seq_, ack_, length_) \
	SEGMENT(w, ms, .from = CLIENT, .flags = flags_, .seq = seq_, .ack = ack_, .length = length_)
#define DOWN(w, ms, flags_, seq_, ack_, length_) \
	SEGMENT(w, ms, .from = SERVER, .flags = flags_, .seq = seq_, .ack = ack_, .length = length_)

/* The client begins at 100, the server at 500; a round trip of 30 ms. */
static inline void handshake(struct world *w)
{
	UP(w, 0, SYN, 99, 0, 0);
	DOWN(w, 10, SYN | ACK, 499, 100, 0);
	UP(w, 20, ACK, 100, 500, 0);
}
