/* SPDX-License-Identifier: BSD-2-Clause */
/* What a packet that came in means as an answer to a probe. */
#pragma once

#include "packet/dissect.h"
#include "probe/probe.h"

/*
 * The rows that answers are read from; protocols that answer_read() is to be used with must have been told. One a run.
 */
void answer_want(struct protocols *protocols);

/*
 * Reads a dissected packet. False when it answers nobody's probe: anything but ICMP errors that quote UDP, TCP or ICMP
 * echo, echo replies, TCP segments with RST, or with SYN and ACK, and UDP datagrams. answer->seen is left to the
 * caller; time is the frame's. What is not there, because the packet is cut or lies about itself, is not told.
 */
bool answer_read(const struct packet *packet, struct answer *answer);

/* "!H", "!X", "!<13>"...: what people know an unreachable by; "" for the destination's own way to answer a probe. */
const char *answer_mark(const struct answer *answer, enum probe_method method, char out[16]);
/* A sentence on the same: "host unreachable". NULL when there is nothing to say. */
const char *answer_words(const struct answer *answer, enum probe_method method);
/* Whether whoever sends this is the end of the path: the destination itself, or a router that lets nothing pass. */
bool answer_ends(const struct answer *answer, const struct probe_base *base);
/* Whether it is the destination that answers. */
bool answer_arrived(const struct answer *answer, const struct probe_base *base);
