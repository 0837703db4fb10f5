/* SPDX-License-Identifier: BSD-2-Clause */
/* A run of four probes, three of them in flight, and what routers quote of them. */
#pragma once

#include "answering.h"

#include "probe/match.h"

enum { PORT = 40000, ASKED = 33434, IDENT = 0x1234, SEQUENCE = 0xfffffffe };

struct world {
	struct reader *reader;
	struct probe_base base;
	struct match *match;
	struct answer answer;
	struct probe *probe;
};

static inline int begin(void **state, int family, enum probe_method method)
{
	struct world *w = mem_new(1, sizeof *w);

	w->base = (struct probe_base){
		.family = family,
		.method = method,
		.ident = IDENT,
		.sequence = SEQUENCE,
		.source = family == AF_INET ? host4(US, 0) : host6(us6, 0),
		.target = family == AF_INET ? host4(TARGET, 0) : host6(target6, 0),
	};
	w->reader = reader_new();
	w->match = match_new(&w->base);
	for (unsigned i = 0; i < 4; i++) {
		struct probe *probe = match_add(w->match);

		probe->packet.ttl = (uint8_t)(i + 1);
		probe->packet.source_port = PORT;
		probe->packet.target_port = ASKED;
		probe->state = i < 3 ? PROBE_FLYING : PROBE_PLANNED;
	}
	*state = w;
	return 0;
}

static inline int udp4(void **state)
{
	return begin(state, AF_INET, PROBE_UDP);
}
static inline int udp6(void **state)
{
	return begin(state, AF_INET6, PROBE_UDP);
}
static inline int icmp4(void **state)
{
	return begin(state, AF_INET, PROBE_ICMP);
}
static inline int icmp6(void **state)
{
	return begin(state, AF_INET6, PROBE_ICMP);
}
static inline int tcp4(void **state)
{
	return begin(state, AF_INET, PROBE_TCP);
}
static inline int tcp6(void **state)
{
	return begin(state, AF_INET6, PROBE_TCP);
}

static inline int end(void **state)
{
	struct world *w = *state;

	match_free(w->match);
	reader_free(w->reader);
	free(w);
	return 0;
}

/* What a router quotes: of the probe with that key unless said otherwise. */
struct quoted {
	uint16_t key;
	uint32_t source, target; /* 0: ours */
	uint16_t source_port, target_port, id, checksum, payload, ident, seq;
	uint32_t sequence;
	unsigned octets; /* of what the IP header carries; 0: 8 */
};

static inline void add_carried(struct octets *o, const struct world *w, const struct quoted *q)
{
	uint16_t key = q->key;

	if (w->base.method == PROBE_ICMP) {
		add_echo(o, w->base.family == AF_INET ? 8 : 128, 0xbeef, q->ident ? q->ident : IDENT,
			 q->seq ? q->seq : key);
		return;
	}
	add(o, q->source_port ? q->source_port : PORT, 2);
	add(o, q->target_port ? q->target_port : ASKED, 2);
	if (w->base.method == PROBE_TCP) {
		add(o, q->sequence ? q->sequence : (uint32_t)SEQUENCE + key, 4);
		return;
	}
	add(o, 40, 2);
	add(o, q->checksum ? q->checksum : key, 2);
	add(o, 0xabcd, 2);
	add(o, q->payload ? q->payload : key, 2);
}

static inline void add_quoted(struct octets *o, const struct world *w, const struct quoted *q)
{
	static const uint8_t protocols[2][PROBE_METHODS] = {
		{ [PROBE_UDP] = IS_UDP, [PROBE_ICMP] = IS_ICMP, [PROBE_TCP] = IS_TCP },
		{ [PROBE_UDP] = IS_UDP, [PROBE_ICMP] = IS_ICMPV6, [PROBE_TCP] = IS_TCP },
	};
	bool v6 = w->base.family == AF_INET6;
	uint8_t protocol = protocols[v6][w->base.method];
	uint32_t begin;

	if (v6)
		add_ipv6(o, protocol, 40, 1, q->source ? router6 : us6, q->target ? router6 : target6);
	else
		add_ip(o, &(struct head){ .protocol = protocol,
					  .ttl = 1,
					  .id = q->id ? q->id : q->key,
					  .carries = 40,
					  .from = q->source ? q->source : US,
					  .to = q->target ? q->target : TARGET });
	begin = o->length;
	add_carried(o, w, q);
	o->length = begin + (q->octets ? q->octets : 8);
}

/* The answer of a router that quotes so. */
static inline enum match_answer exceeded(struct world *w, const struct quoted *q)
{
	struct octets o = { .length = 0 };

	if (w->base.family == AF_INET)
		add_error(&o, 11, 0, 0);
	else
		add_error6(&o, 3, 0, 0);
	add_quoted(&o, w, q);
	assert_true(read_octets(w->reader, &o, &w->answer));
	return match_take(w->match, &w->answer, &w->probe);
}

#define EXCEEDED(w, ...) exceeded(w, &(struct quoted){ __VA_ARGS__ })

/* The answer belongs to the probe of that key. */
static inline void belongs(struct world *w, enum match_answer got, uint16_t key, bool rewritten, bool guessed)
{
	assert_int_equal(got, MATCH_FIRST);
	assert_non_null(w->probe);
	assert_int_equal(w->probe->packet.key, key);
	assert_int_equal(w->probe->rewritten, rewritten);
	assert_int_equal(w->probe->guessed, guessed);
}

#define BELONGS(w, key_, rewritten, guessed, ...)                                                                      \
	belongs(w, EXCEEDED(w, .key = key_, ##__VA_ARGS__), key_, rewritten, guessed)
#define STRANGER(w, ...) assert_int_equal(EXCEEDED(w, ##__VA_ARGS__), MATCH_STRANGER)

#define TEST(function, set_up)                                                                                         \
	{                                                                                                              \
#function "/" #set_up, function, set_up, end, NULL                                                     \
	}
