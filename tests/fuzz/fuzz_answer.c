/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any octets as an IP packet that comes in while probes are in flight. The head of the input says what they are.
 *
 *    0       1       2
 *   +-------+-------+---------
 *   | probes| octets| the packet, and so many octets that were not captured
 *   +-------+-------+---------
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "packet/dissect.h"
#include "probe/answer.h"
#include "probe/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD 2
#define RAW 101
#define PROBES 8
#define CHECK(truth)                                                                                                   \
	do {                                                                                                           \
		if (!(truth))                                                                                          \
			bug("%s:%d: not so: %s", __FILE__, __LINE__, #truth);                                          \
	} while (0)

/* Bits of the first octet; the two lowest are the method. */
enum { BIT_V6 = 4, BIT_CLASSIC = 8, BIT_EXPIRED = 16 };

/* 192.0.2.1 and 198.51.100.9; 2001:db8::1 and 2001:db8:0:9::9. */
static struct address host(bool v6, bool target)
{
	struct address address = { .length = v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in) };
	struct sockaddr_in *in = (struct sockaddr_in *)&address.storage;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address.storage;

	address.storage.ss_family = v6 ? AF_INET6 : AF_INET;
	if (v6)
		in6->sin6_addr = target ? (struct in6_addr){ { { 0x20, 1, 0x0d, 0xb8, [7] = 9, [15] = 9 } } }
					: (struct in6_addr){ { { 0x20, 1, 0x0d, 0xb8, [15] = 1 } } };
	else
		in->sin_addr.s_addr = htonl(target ? 0xc6336409 : 0xc0000201);
	return address;
}

static void fly(struct match *match, uint8_t how)
{
	static const enum probe_state states[] = { PROBE_FLYING, PROBE_FLYING, PROBE_EXPIRED, PROBE_FAILED };

	for (unsigned i = 0; i < PROBES; i++) {
		struct probe *probe = match_add(match);

		probe->packet.ttl = (uint8_t)(i + 1);
		probe->packet.source_port = 40000;
		probe->packet.target_port = (uint16_t)(how & BIT_CLASSIC ? 33434 + i : 33434);
		probe->packet.size = 64;
		probe->state = how & BIT_EXPIRED ? states[i % 4] : PROBE_FLYING;
	}
	match_add(match);
}

static void check_answer(const struct answer *answer, const struct probe_base *base)
{
	const struct answer_quote *quote = &answer->quote;
	char mark[16];

	CHECK(answer->kind < ANSWER_KINDS);
	CHECK(answer->from.length && answer->to.length);
	CHECK(answer->label_count <= ANSWER_LABELS && answer->interface_count <= ANSWER_INTERFACES);
	CHECK(quote->there == (answer->kind <= ANSWER_UNREACHABLE) && quote->there == quote->seen);
	CHECK(!quote->there || (quote->source.length && quote->target.length));
	for (unsigned i = 0; i < answer->interface_count; i++)
		CHECK(memchr(answer->interfaces[i].name, 0, sizeof answer->interfaces[i].name));
	CHECK(strlen(answer_mark(answer, base->method, mark)) < sizeof mark);
	answer_words(answer, base->method);
	CHECK(!answer_arrived(answer, base) || answer_ends(answer, base));
}

/* The same answer twice: only one of them is the first. */
static void take(const struct answer *answer, const struct probe_base *base, uint8_t how)
{
	struct match *match = match_new(base);
	const struct match_counts *counts = match_counts(match);
	struct probe *probe = NULL;
	enum match_answer first;

	fly(match, how);
	first = match_take(match, answer, &probe);
	CHECK(first != MATCH_AGAIN && (first == MATCH_STRANGER) == !probe);
	CHECK(!probe || (probe->answer && probe->answer != answer && probe->state != PROBE_FLYING));
	CHECK(counts->answers + counts->strangers == 1);
	if (probe && !probe->guessed)
		CHECK(match_take(match, answer, NULL) == MATCH_AGAIN && probe->again == 1);
	match_free(match);
}

/* Made once: the tables are large, and the fuzzer calls often. */
static const struct protocols *answers_wanted(void)
{
	static struct protocols *protocols;

	if (!protocols) {
		protocols = protocols_new();
		answer_want(protocols);
	}
	return protocols;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct packet packet;
	struct probe_base base = { .ident = 0x1234, .sequence = 0xfffffffc };
	struct frame frame = { .number = 1, .link = RAW };
	struct answer answer;
	uint8_t *copy;

	if (size < HEAD || size > 1 << 16)
		return 0;
	base.family = data[0] & BIT_V6 ? AF_INET6 : AF_INET;
	base.method = (enum probe_method)((data[0] & 3) % PROBE_METHODS);
	base.source = host(data[0] & BIT_V6, false);
	base.target = host(data[0] & BIT_V6, true);
	copy = mem_new(1, size - HEAD);
	memcpy(copy, data + HEAD, size - HEAD);
	frame.data = copy;
	frame.cap_length = (uint32_t)(size - HEAD);
	frame.wire_length = frame.cap_length + data[1];
	dissect(answers_wanted(), &frame, &packet);
	if (answer_read(&packet, &answer)) {
		check_answer(&answer, &base);
		take(&answer, &base, data[0]);
	}
	free(copy);
	return 0;
}
