/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probes as octets, built with libnet and sent by others. No right is needed and no socket opened; nobody else in the
 * program knows that libnet exists.
 */
#pragma once

#include "base/error.h"
#include "probe/probe.h"

struct craft;

struct craft *craft_new(const struct probe_base *base, struct error *err);
void craft_free(struct craft *craft); /* NULL is allowed */

/* An IP packet, header and all. The octets belong to the craft until the next call. */
struct crafted {
	const uint8_t *data;
	size_t length;
	size_t header;       /* octets of the IP header with its options */
};

/* -1 with err: a size that is too small or too large. All checksums are right, the one of the IPv4 header too. */
int craft_probe(struct craft *craft, const struct probe_packet *packet, struct crafted *out, struct error *err);
