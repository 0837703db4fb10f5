/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of reading an answer, for src/probe/answer*.c. */
#pragma once

#include "packet/packet.h"
#include "probe/probe.h"

/*
 * The packet that an ICMP error quotes, whose layers begin with number `first`. False: not so much as its addresses is
 * there, or it is none that could be a probe.
 */
bool answer_quote_read(const struct packet *packet, unsigned first, struct answer_quote *quote);
/* Of a datagram, quoted or not: octets 3 and 4 of what it carries, when they are there. */
void answer_payload_key(const struct packet *packet, const struct layer *udp, struct answer_quote *quote);
/* Labels, interfaces and what is wrong with them, of an ICMP error. */
void answer_extension_read(const struct packet *packet, struct answer *answer);
