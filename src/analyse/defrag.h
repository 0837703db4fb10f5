/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IP datagrams put together from their fragments: IPv4 (RFC 791 section 3.2, RFC 815) and IPv6 (RFC 8200 section 4.5).
 * Overlaps are told (RFC 5722 forbids them): the first octets count.
 */
#pragma once

#include "analyse/foresight.h"
#include "packet/dissect.h"

#define DEFRAG_DATAGRAMS_MAX 1024       /* that are not whole yet; the oldest is given up for a new one */
#define DEFRAG_OCTETS_MAX (16u << 20)   /* of memory for fragments that are kept, all together */
#define DEFRAG_OCTETS_SHORT (4u << 20)  /* for who only looks at packets as they pass */
#define DEFRAG_FRAGMENTS_MAX 8192       /* of one datagram: with more it is given up */
#define DEFRAG_TIME 60                  /* seconds, by the capture's clock: RFC 8200 section 4.5; then it is given up */

struct defrag;

struct defrag *defrag_new(struct protocols *protocols);
void defrag_free(struct defrag *defrag);
/* Keeps at most so many octets, instead of DEFRAG_OCTETS_MAX. */
void defrag_limit(struct defrag *defrag, size_t octets);

/* From now on tells the foresight in which packet fragments are put together (ip.reassembled_in). Borrowed. */
void defrag_look_ahead(struct defrag *defrag, struct foresight *foresight);

/*
 * Takes a packet that may be a fragment. With the last missing one the datagram's content is dissected in the packet
 * (dissect_carried), as if it had come whole. Notes say which fragments it came from (ip.fragment, ip.fragment.count,
 * ip.reassembled.length, ip.fragment.overlap, ...; Wireshark's names). Fragments quoted by an ICMP error, and those
 * that were not captured whole, are left alone. In a tunnel, where a datagram that is whole again may hold a fragment,
 * the answer is that of the innermost one.
 */
enum defrag_answer {
	DEFRAG_NONE,  /* no fragment, or one that is left alone */
	DEFRAG_WAITS, /* a fragment: what it carries comes with the whole datagram */
	DEFRAG_WHOLE  /* the last missing one */
};
enum defrag_answer defrag_packet(struct defrag *defrag, struct packet *packet);

/* Where a fragment's datagram was put together (ip.reassembled_in) is put there from now on. */
void defrag_look_ahead(struct defrag *defrag, struct foresight *foresight);

/* The octets that dissect_carried was given live until the next call of defrag_packet() or defrag_free(). */

/* Datagrams that are not whole yet, and the octets of memory that they cost. */
uint32_t defrag_waiting(const struct defrag *defrag);
size_t defrag_octets(const struct defrag *defrag);
