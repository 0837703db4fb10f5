/* SPDX-License-Identifier: BSD-2-Clause */
/* What is told of a datagram that was put together, in the fields of ip and of ipv6.fraghdr. For defrag.c. */
#pragma once

#include "analyse/datagram.h"
#include "packet/dissect.h"

/* The layer's dissector, and its rows; NULL: nobody wants that one. */
struct datagram_rows {
	const struct dissector *dissector;
	const struct field_def *fragments, *fragment, *overlap, *conflict, *tails, *too_long, *count, *length;
	const struct field_def *in; /* for a later reading, which knows whether it wants it */
};

/* prefix: of the rows' names ("ip."); in: the rest of the name of the row that says where it is put together. */
void datagram_rows_find(struct datagram_rows *rows, const struct protocols *protocols, const char *dissector,
			const char *prefix, const char *in);

/* Adds the fields to the packet's layer, and puts the datagram's pieces in order. */
void datagram_tell(const struct datagram_rows *rows, struct packet *packet, unsigned layer, struct datagram *datagram);
