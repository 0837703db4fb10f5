/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets put together octet by octet, and read as answers. We are 192.0.2.1, the target is 198.51.100.9. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "base/mem.h"
#include "packet/dissect.h"
#include "probe/answer.h"

enum { RAW = 101, V4 = 20, V6 = 40 };
enum { IS_ICMP = 1, IS_TCP = 6, IS_UDP = 17, IS_ICMPV6 = 58 };

#define US 0xc0000201
#define ROUTER 0xc6336401
#define TARGET 0xc6336409

static const uint8_t us6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
static const uint8_t router6[16] = { 0x20, 0x01, 0x0d, 0xb8, [7] = 5, [15] = 1 };
static const uint8_t target6[16] = { 0x20, 0x01, 0x0d, 0xb8, [7] = 9, [15] = 9 };

struct octets {
	uint8_t data[1024];
	uint32_t length;
};

static inline void add(struct octets *o, uint64_t value, unsigned width)
{
	assert_true(o->length + width <= sizeof o->data);
	while (width-- > 0)
		o->data[o->length++] = (uint8_t)(value >> (8 * width));
}

static inline void add_bytes(struct octets *o, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(o, bytes[i], 1);
}

struct head {
	uint8_t protocol, ttl, tos;
	uint16_t id, carries; /* octets behind the header */
	uint32_t from, to;
};

static inline void add_ip(struct octets *o, const struct head *head)
{
	add(o, 0x45, 1);
	add(o, head->tos, 1);
	add(o, 20u + head->carries, 2);
	add(o, head->id, 2);
	add(o, 0, 2);
	add(o, head->ttl, 1);
	add(o, head->protocol, 1);
	add(o, 0, 2);
	add(o, head->from, 4);
	add(o, head->to, 4);
}

static inline void add_ipv6(struct octets *o, uint8_t next, uint16_t carries, uint8_t limit, const uint8_t *from,
			    const uint8_t *to)
{
	add(o, 0x6ab12345, 4);
	add(o, carries, 2);
	add(o, next, 1);
	add(o, limit, 1);
	add_bytes(o, from, 16);
	add_bytes(o, to, 16);
}

static inline void add_udp(struct octets *o, uint16_t from, uint16_t to, uint16_t length, uint16_t checksum)
{
	add(o, from, 2);
	add(o, to, 2);
	add(o, length, 2);
	add(o, checksum, 2);
}

static inline void add_echo(struct octets *o, uint8_t type, uint16_t checksum, uint16_t ident, uint16_t seq)
{
	add(o, type, 1);
	add(o, 0, 1);
	add(o, checksum, 2);
	add(o, ident, 2);
	add(o, seq, 2);
}

static inline void add_tcp(struct octets *o, uint16_t from, uint16_t to, uint32_t seq, uint32_t ack, uint8_t flags)
{
	add(o, from, 2);
	add(o, to, 2);
	add(o, seq, 4);
	add(o, ack, 4);
	add(o, 0x5000u | flags, 2);
	add(o, 0, 2);
	add(o, 0, 4);
}

/* An ICMP error of IPv4 from a router to us; `rest` is the word behind the checksum. The quotation follows. */
static inline void add_error(struct octets *o, uint8_t type, uint8_t code, uint32_t rest)
{
	add_ip(o, &(struct head){ .protocol = IS_ICMP, .ttl = 60, .from = ROUTER, .to = US });
	add(o, type, 1);
	add(o, code, 1);
	add(o, 0, 2);
	add(o, rest, 4);
}

static inline void add_error6(struct octets *o, uint8_t type, uint8_t code, uint32_t rest)
{
	add_ipv6(o, IS_ICMPV6, 0, 60, router6, us6);
	add(o, type, 1);
	add(o, code, 1);
	add(o, 0, 2);
	add(o, rest, 4);
}

/* ------------------------------------------------------------------------------------------------ reading */

struct reader {
	struct protocols *protocols;
	struct packet *packet;
};

static inline struct reader *reader_new(void)
{
	struct reader *reader = mem_new(1, sizeof *reader);

	reader->protocols = protocols_new();
	reader->packet = mem_new(1, sizeof *reader->packet);
	answer_want(reader->protocols);
	return reader;
}

static inline void reader_free(struct reader *reader)
{
	protocols_free(reader->protocols);
	free(reader->packet);
	free(reader);
}

/* The outer length is set right; the octets are in an allocation of their own, so that a step too far is seen. */
static inline bool read_octets(struct reader *reader, const struct octets *o, struct answer *answer)
{
	uint8_t *data = mem_new(1, o->length);
	struct frame frame = {
		.number = 1,
		.time = 42,
		.has_time = true,
		.link = RAW,
		.data = data,
		.cap_length = o->length,
		.wire_length = o->length,
	};
	bool v6, read;

	memcpy(data, o->data, o->length);
	v6 = data[0] >> 4 == 6;
	if (o->length >= V4 && !v6) {
		data[2] = (uint8_t)(o->length >> 8);
		data[3] = (uint8_t)o->length;
	}
	if (o->length >= V6 && v6) {
		data[4] = (uint8_t)((o->length - V6) >> 8);
		data[5] = (uint8_t)(o->length - V6);
	}
	dissect(reader->protocols, &frame, reader->packet);
	read = answer_read(reader->packet, answer);
	free(data);
	return read;
}

static inline struct address host4(uint32_t host, uint16_t port)
{
	struct address address = { .length = sizeof(struct sockaddr_in) };

	*(struct sockaddr_in *)&address.storage = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(host),
		.sin_port = htons(port),
	};
	return address;
}

static inline struct address host6(const uint8_t host[16], uint16_t port)
{
	struct address address = { .length = sizeof(struct sockaddr_in6) };
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address.storage;

	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	memcpy(v6->sin6_addr.s6_addr, host, 16);
	return address;
}

static inline void assert_address(const struct address *address, const char *text)
{
	char out[ADDRESS_TEXT];

	assert_string_equal(address_text(address, out), text);
}
