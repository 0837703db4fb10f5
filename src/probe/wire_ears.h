/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Raw sockets that hear what may be an answer, each packet as a frame from its IP header on; for wire_raw.c only.
 *
 * A packet socket hears it too, and our own probes beside it; but to open one takes looking at all interfaces and
 * compiling a filter, and to close one the kernel takes 8 to 30 ms. So it is for when packets are to be saved.
 */
#pragma once

#include "packet/frame.h"
#include "probe/wire_parts.h"

#define EARS 2u           /* ICMP, and UDP or TCP */
#define EARS_HEADER 40u   /* octets of an IPv6 header, which raw sockets keep for themselves */

struct wire_ears {
	int fds[EARS];
	uint8_t protocols[EARS]; /* numbers of IANA's */
	unsigned count;
	struct wire_message message;
	uint8_t whole[EARS_HEADER + WIRE_DATA];
};

/* Opens and watches them. -1 with err; what is open is closed by wire_ears_close(). */
int wire_ears_open(struct wire *wire, struct wire_ears *ears, struct error *err);
void wire_ears_close(struct wire *wire, struct wire_ears *ears);

/* The next packet, which lives until the next call. False: there is none now. */
bool wire_ears_next(struct wire *wire, struct wire_ears *ears, struct frame *frame);
