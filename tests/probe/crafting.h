/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of craft share: addresses, and checksums computed in a way of their own. */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "probe/craft.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define FLOW_LABEL 0xabcdeu
#define IDENT 0x1234
#define SEQUENCE 0xfffffff0u
#define SOURCE_PORT 40000
#define TARGET_PORT 33434

static inline struct address host(const char *text)
{
	struct address address = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address.storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address.storage;

	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		address.length = sizeof *v4;
	} else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		address.length = sizeof *v6;
	}
	return address;
}

static inline struct probe_base base_of(int version, enum probe_method method)
{
	return (struct probe_base){
		.family = version == 4 ? AF_INET : AF_INET6,
		.method = method,
		.source = host(version == 4 ? "192.0.2.1" : "2001:db8::1"),
		.target = host(version == 4 ? "198.51.100.2" : "2001:db8:1::2"),
		.ident = IDENT,
		.sequence = SEQUENCE,
	};
}

static inline struct probe_packet packet_of(uint16_t key, uint16_t checksum, uint16_t size)
{
	return (struct probe_packet){
		.ttl = 7, .key = key, .source_port = SOURCE_PORT, .target_port = TARGET_PORT, .checksum = checksum,
		.flow_label = FLOW_LABEL, .size = size,
	};
}

static inline unsigned get16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* Octet by octet: what RFC 1071 says, and slowly. */
static inline unsigned slow_sum(unsigned sum, const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		sum += i % 2 ? data[i] : (unsigned)data[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return sum;
}

/* The sum over the pseudo header and all that the IP header carries; 0xffff: the checksum in it is right. */
static inline unsigned transport_sum(const struct crafted *crafted)
{
	const uint8_t *data = crafted->data;
	bool v4 = data[0] >> 4 == 4;
	unsigned protocol = v4 ? data[9] : data[6], length = (unsigned)(crafted->length - crafted->header), sum = 0;

	if (protocol != IPPROTO_ICMP)
		sum = slow_sum(protocol + length, data + (v4 ? 12 : 8), v4 ? 8 : 32);
	return slow_sum((sum & 0xffff) + (sum >> 16), data + crafted->header, length);
}

/* Of IPv4 as above; of IPv6, which has none: 0xffff. */
static inline unsigned header_sum(const struct crafted *crafted)
{
	return crafted->data[0] >> 4 == 4 ? slow_sum(0, crafted->data, crafted->header) : 0xffff;
}
