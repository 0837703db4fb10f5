/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Application messages as they were sent, whatever packets they came in: what a TCP segment holds of a message whose
 * rest comes later is held back and dissected with the rest, in the packet that brought it; what comes too early waits
 * for what is before it; what comes again is not dissected again. RFC 9293 section 3.10.
 *
 * Who ends messages with LF is seen from the direction itself. As long as it never did, each segment is a message (most
 * chats of the lab send none), unless the sender's TCP has cut it: the segment is as long as segments get, or has no
 * PSH. When LF comes in the end, what came right before is joined. Of what a date server says the form tells more: the
 * beginning of a date is held back, and what comes behind words that were shown may be their rest.
 */
#pragma once

#include "analyse/flow.h"
#include "analyse/foresight.h"
#include "analyse/learned.h"
#include "analyse/stream.h"
#include "analyse/tcp.h"
#include "packet/dissect.h"

#define MESSAGES_HELD_MAX (64u << 10) /* octets of a message that are held back in one direction */
/* Memory for what waits and is held back in all conversations; what the one silent for longest has goes first. */
#define MESSAGES_OCTETS_MAX (16u << 20)
#define MESSAGES_OCTETS_SHORT (3u << 20) /* for who only looks at packets as they pass */

struct messages;

/* Called for each piece of a stream whose protocol has no messages (echo), in order. */
typedef void messages_piece(void *context, struct packet *packet, unsigned layer, struct flow *flow, unsigned side,
			    const struct stream_piece *piece);

/* octets: one of the limits above. */
struct messages *messages_new(struct protocols *protocols, const struct foresight *foresight, size_t octets);
/* What only the end of the file tells is put there from now on. */
void messages_look_ahead(struct messages *messages, struct foresight *ahead);
void messages_free(struct messages *messages);

/* The length that the header of a datagram tells, itself counted; 0: that was not captured. udp: its layer. */
static inline uint32_t datagram_length(const struct packet *packet, const struct layer *udp)
{
	return udp->length >= 6 ? (uint32_t)load_be(layer_octets(packet, udp) + 4, 2) : 0;
}

/* A datagram: dissected as what its flow is known to speak. transport: its layer. */
void messages_datagram(struct messages *messages, struct packet *packet, unsigned transport, struct flow *flow,
		       unsigned side);

/*
 * A segment, judged: dissected anew when that is needed, and its protocol learned. Octets that the packet then points
 * to live until the next call. False: nothing of its data is new.
 */
bool messages_segment(struct messages *messages, struct packet *packet, unsigned transport, struct flow *flow,
		      unsigned side, const struct tcp_verdict *verdict, messages_piece *piece, void *context);

/* The first message of the segment that was given last was shown before, and comes again with its rest. */
bool messages_again(const struct flow *flow);

/* NULL is allowed. */
void flow_messages_free(struct flow_messages *messages);
