/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests and their answers (date, echo), and who heard what (chat). What is found becomes fields of the packets
 * (date.request_in, echo.identical, chat.receivers, ...) and, for who listens, events.
 *
 * Over UDP a request is answered by the first datagram that comes back from the port it went to: of this conversation,
 * or, for a request to a broadcast or multicast address, from any host to the asker's port. Over TCP date answers are
 * paired in order, and echo is compared as a stream of octets.
 */
#pragma once

#include "analyse/flow.h"
#include "analyse/foresight.h"
#include "analyse/stream.h"
#include "packet/dissect.h"

#define DIALOGUES_MAX 16384      /* requests that are remembered, answered or not; the oldest is forgotten first */
#define DIALOGUES_SHORT 2048     /* for who only looks at packets as they pass */
#define DIALOGUE_LATE 1000000000 /* ns: an answer that takes longer is late (lab programs wait a second) */
/* Conversations of which something is remembered; the one silent for longest goes, give or take an eighth of them. */
#define DIALOGUE_FLOWS_MAX 65536
#define DIALOGUE_OCTETS_MAX (32u << 20) /* octets of echoes and lines kept to compare; without them none is compared */
#define DIALOGUE_OCTETS_SHORT (3u << 20) /* for who only looks at packets as they pass */
#define DIALOGUE_STRANGERS_MAX 4096 /* datagrams kept in case that they were requests; 8 of a conversation */
#define DIALOGUE_OPENED_MAX 4096 /* TCP connections whose beginning is remembered */
#define ECHO_QUEUE_MAX (64u << 10) /* octets of one TCP connection that wait for their echo */
#define ECHO_EXTRA_MAX 64        /* octets that a server may put before or behind what it sends back */
#define CHAT_LINES_MAX 4096      /* lines whose copies are waited for */
#define CHAT_COPY_TIME 5000000000 /* ns: after that a line is no copy of an earlier one */
#define CHAT_TEXT_MAX 1024       /* octets of a line that are kept */
#define CHAT_BROADCASTERS_MAX 4096 /* users of chats without a server */
#define CHAT_SCAN_MAX 256        /* members of a room, or equal lines, that are looked through for one message */

enum dialogue_end {
	DIALOGUE_OPEN,        /* no answer so far */
	DIALOGUE_ANSWERED,
	DIALOGUE_REFUSED,     /* an ICMP error came back, or a reset */
	DIALOGUE_UNANSWERED,  /* the capture or the connection ended, or it was forgotten, without an answer */
	DIALOGUE_NOT_EXPECTED /* the same, but of an empty echo request over UDP: many servers do not answer one */
};

/* One request and what became of it. */
struct dialogue {
	const struct dissector *protocol; /* date, echo */
	const struct dissector *transport; /* udp, tcp */
	uint32_t stream;                  /* flow.number */
	struct flow_end client, server;   /* server: whom the request was sent to */
	uint8_t address_length;
	uint64_t request, response;       /* frames; 0: none */
	int64_t request_time, response_time; /* ns since 1970 */
	uint32_t request_octets, response_octets; /* of the messages */
	unsigned answers;                 /* datagrams that came back */
	bool broadcast;                   /* the request went to more than one host */
	bool other_host;                  /* a broadcast was answered by a host of its own address */
	bool late;
	enum dialogue_end end;
	/* Echo: */
	bool compared;                    /* both were captured whole */
	bool identical;
	const char *transform;            /* "upper case", "prefix"...: a constant string; NULL: none that is known */
	uint64_t refused;                 /* DIALOGUE_REFUSED: the frame of the ICMP error, or of the reset */
	/*
	 * Over TCP a date may come without having been asked for (RFC 867): then request is 0, and request_time that of
	 * the connection's first packet; 0 when its beginning is not known. An echo's request is a segment with data.
	 */
};

/* A line of chat that went to a server, or by broadcast, and who heard it. */
struct chat_said {
	uint64_t frame;
	int64_t time;
	uint32_t stream;
	/* Valid during the call; NULL: absent. The first line of many chats is a name: then kind is join. */
	const struct field *user, *to, *text, *kind;
	unsigned receivers;           /* hosts or connections other than the speaker's that got a copy */
	bool returned;                /* the speaker got one too */
	unsigned others;              /* other connections to that server; 0: who heard it is not known */
	bool broadcast;               /* over UDP, without a server: there are no copies */
	bool leaked;                  /* a private line that somebody else than its addressee got */
	const struct dissector *transport; /* whose number `stream` is */
};

/* Somebody in a chat, told when he has left, or at the end. */
struct chat_user {
	const char *name;             /* not ended by NUL, not trusted; NULL: he never said it */
	size_t name_length;
	const struct dissector *transport;
	uint32_t stream;              /* his connection; by broadcast: of his first line */
	struct flow_end end;          /* his */
	uint8_t address_length;
	uint64_t joined, left;        /* frames: where he said his name, or his first line; left 0: still there */
	int64_t joined_time, left_time;
	unsigned lines, private_lines; /* said */
	unsigned heard;               /* copies of other people's lines that he got */
	bool broadcast;
};

/* Each may be NULL. Called in the order of the packets; what is pointed to is valid during the call. */
struct dialogue_listener {
	/* Each time something happens to it: asked, answered (again), refused; and once at its end, with end set. */
	void (*dialogue)(void *context, const struct dialogue *dialogue, bool over);
	/* When no more copies of it can come (CHAT_COPY_TIME), or at the end; in the order of the lines. */
	void (*said)(void *context, const struct chat_said *said);
	void *context;
	void (*user)(void *context, const struct chat_user *user);
};

#define DIALOGUE_LISTENERS_MAX 8

struct dialogues;

/*
 * protocols: marks what it reads; must be called before packets are dissected. max: requests remembered; octets: of
 * echoes and of lines of chat.
 */
struct dialogues *dialogues_new(struct protocols *protocols, uint32_t max, size_t octets);
void dialogues_listen(struct dialogues *dialogues, const struct dialogue_listener *listener);
/* What later packets tell about earlier ones (FIELD_AHEAD) is put here from now on. */
void dialogues_look_ahead(struct dialogues *dialogues, struct foresight *foresight);
void dialogues_free(struct dialogues *dialogues);

/*
 * An application message in its packet: the layer `layer` (date, echo, chat) of a packet of the flow, or the data of a
 * datagram that nobody knew (then the layer is data; when the datagram is empty, udp). Adds its notes to the packet.
 * Called for each message layer of a packet, in order. Repeated segments (TCP) are not given.
 */
void dialogues_message(struct dialogues *dialogues, struct packet *packet, unsigned layer, struct flow *flow,
		       unsigned side);
/* Octets of an echo over TCP, in order; the notes belong to the packet that is at hand. */
void dialogues_stream(struct dialogues *dialogues, struct packet *packet, unsigned layer, struct flow *flow,
		      unsigned side, const struct stream_piece *piece);
/* An ICMP error about a packet of the flow, sent by `side`; a TCP connection that was opened, or has ended. */
void dialogues_refused(struct dialogues *dialogues, struct packet *packet, struct flow *flow, unsigned side);
void dialogues_opened(struct dialogues *dialogues, const struct packet *packet, struct flow *flow);
void dialogues_closed(struct dialogues *dialogues, const struct packet *packet, struct flow *flow);
/* No packet will come any more: what is open is told as unanswered. */
void dialogues_finish(struct dialogues *dialogues);
/* Frees what was hung on a flow. NULL is allowed. */
void flow_dialogue_free(struct flow_dialogue *dialogue);
