/* SPDX-License-Identifier: BSD-2-Clause */
/* Which packets the raw way looks at; for wire_raw*.c only. */
#pragma once

#include "base/text.h"
#include "packet/packet.h"
#include "probe/wire_parts.h"

/* In the language of pcap-filter(7): our probes, and what may be an answer. */
void raw_filter(struct text *out, const struct wire *wire);

/* The answer before this one: a packet that comes in by a port of a bridge is seen there and at the bridge. */
#define RAW_LAST 160u
struct raw_last {
	const struct interface *interface;
	int64_t time;
	uint32_t length;
	uint8_t octets[RAW_LAST];
};
/* Whether it is the last one, seen elsewhere; else it is the last from now on. */
bool raw_seen(struct raw_last *last, const struct packet *packet);

/* Of the outermost transport layer. False: there is none. */
bool raw_source_port(const struct packet *packet, uint16_t *port);
bool raw_is_echo_request(const struct packet *packet);
