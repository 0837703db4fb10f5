/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of dialogues share. A request stands in a ring (the oldest is overwritten) and in a queue of its
 * conversation; what is remembered of a conversation hangs on its flow, and goes when there is nothing left.
 */
#pragma once

#include "analyse/dialogue.h"
#include "base/clock.h"
#include "base/pool.h"

enum dialogue_row {
	ROW_REQUEST_IN, ROW_RESPONSE_IN, ROW_RESPONSE_TIME, ROW_ANSWER, ROW_UNANSWERED, ROW_OTHER_HOST, ROW_LATE,
	ROW_REFUSED, ROW_IDENTICAL, ROW_TRANSFORM, DIALOGUE_ROWS
};

/* A row of a dissector's table in this run; def NULL: the protocol has none. */
struct row {
	const struct field_def *def;
	bool wanted;
};

/* What makes a protocol one of requests and answers. */
struct pairing_kind {
	const char *protocol;
	const char *request, *reply; /* rows that are there in the one and in the other */
	const char *content;         /* a row that a reply has when it is all of one; NULL: that is not known */
	bool stream;                 /* over TCP its octets count, not its messages */
	bool compared;               /* the answer should be the request */
	bool empty_is_optional;      /* servers need not answer an empty datagram */
	bool unasked;                /* over TCP servers may speak without having been asked */
	bool by_content;             /* its answers are recognised anywhere: what nobody knew may have asked for them */
};

/* The same in this run. */
struct pairing {
	const struct pairing_kind *kind;
	const struct dissector *dissector;
	const struct field_def *request, *reply, *content;
	struct row rows[DIALOGUE_ROWS];
};

enum { PAIRINGS = 2 };

#define REQUEST_SMALL 56
/*
 * What is told of it besides (struct dialogue) is put together only when somebody listens. Ordered by what is looked at
 * together, so that a request and its answer meet two cache lines.
 */
struct request {
	struct flow_dialogue *owner;  /* NULL: the slot is free */
	const struct pairing *pairing;
	struct request *next, *previous; /* in the queue */
	uint64_t sequence;            /* from 1; its slot is sequence modulo max */
	uint64_t frame;               /* 0: nobody asked for it */
	int64_t time;
	uint32_t octets;
	unsigned answers;             /* that came back */

	uint64_t response;            /* frame */
	int64_t response_time;
	uint32_t response_octets;
	uint8_t asker;                /* side of the flow */
	uint8_t nth;                  /* which layer of its protocol in its frame */
	uint8_t end;                  /* enum dialogue_end */
	bool open;                    /* neither answered nor refused */
	bool kept;                    /* the content is known whole */
	bool complete;                /* an answer had what was asked for (pairing.content) */
	bool broadcast, other_host, late, compared, identical; /* as in struct dialogue */
	bool was_refused;
	const char *transform;
	uint8_t *content;             /* `small`, or owned; NULL: empty, or not kept */
	union {
		uint64_t hash;        /* of the content, of a datagram */
		uint64_t stream_end;  /* echo over TCP: offset behind its last octet */
	};
	uint32_t content_length;

	/* Up to here a new one is zero. */
	uint8_t small[REQUEST_SMALL]; /* most contents: nothing is allocated for them */
	uint64_t refused;             /* the frame, when it was */
};

/* The requests of one side, the oldest first. */
struct queue {
	struct request *first, *last;
	struct request *open;     /* nothing before it is open */
	struct request *fresh;    /* nothing before it is open and younger than DIALOGUE_LATE */
	struct request *answered; /* the one that was answered last */
};

/* A datagram that may turn out to have been a request. */
struct stranger {
	struct flow_dialogue *owner; /* NULL: the slot is free */
	struct stranger *next;       /* of the same conversation */
	uint64_t frame;
	int64_t time;
	uint32_t octets;
};

/* A line of the cache each: for all, for the side that spoke first (it asks, mostly), for the rest. */
struct flow_dialogue {
	struct dialogues *dialogues;
	struct flow *flow;
	struct flow_dialogue *older, *newer; /* by last use, more or less */
	struct flow_dialogue **index_place;  /* in the index of broadcasts; NULL: not there */
	struct stranger *strangers;
	uint64_t heard;                      /* the last broadcast request that this host has answered */
	uint32_t moved;                      /* when it came to where it is in the list */
	uint16_t requests;                   /* in both queues */
	uint8_t stranger_count, stranger_side;

	struct queue asked[2];               /* by the side that asked */
	struct echo_stream *echo;            /* owned */
	struct chat_member *member;          /* owned */
	struct stranger *last_stranger;
	struct flow_dialogue *index_next;
};

#define PACKET_STRINGS 16
#define PACKET_STRING_MAX 160
#define BROADCAST_SLOTS 4096

struct dialogues {
	struct pairing pairings[PAIRINGS];
	struct foresight *foresight;         /* NULL: only what is known already is told */
	struct dialogue_listener listeners[DIALOGUE_LISTENERS_MAX];
	unsigned listener_count;
	const struct dissector *udp, *tcp;
	struct flow_dialogue *oldest, *newest;
	uint32_t flow_count;
	uint32_t uses;                       /* of flows, so far; it wraps */
	struct pool flows;
	struct request *ring;                /* begins at a cache line of ring_memory */
	void *ring_memory;
	uint32_t max;                        /* requests in it */
	uint64_t asked;                      /* requests so far */
	uint64_t shed;                       /* the content of requests up to this one was let go */
	size_t octets, octets_max;           /* kept in all */
	struct stranger *strangers;
	uint32_t next_stranger;
	struct flow_dialogue **broadcasts;   /* hash table, BROADCAST_SLOTS */
	struct opened {
		uint64_t number;             /* of the flow, plus 1; 0: nothing */
		int64_t time;
	} *opened;                           /* by number of the flow, modulo DIALOGUE_OPENED_MAX */
	/* Strings of notes, that live as long as the packet. */
	uint64_t strings_frame;
	unsigned string_count;
	char strings[PACKET_STRINGS][PACKET_STRING_MAX];
	struct chat_state *chat;
};

/* An application message. */
struct message {
	struct packet *packet;
	unsigned layer;
	struct flow *flow;
	unsigned side;
	const struct pairing *pairing;
	const uint8_t *data;      /* of what is compared */
	uint32_t length;          /* captured */
	uint32_t octets;          /* it had */
	bool whole;
};

/* ---- rows and notes (dialogue_rows.c) */

#define NOTES_MAX 24
struct notes {
	unsigned count;
	struct note list[NOTES_MAX];
};

/* They are many: only those that are there are written. */
static inline void notes_begin(struct notes *notes)
{
	notes->count = 0;
}

/* The row of that name; wanted as it is now. */
struct row row_named(const struct protocols *protocols, const char *name);
/* The same of a row that is read here: it is made wanted. */
const struct field_def *row_read(struct protocols *protocols, const char *name);
void pairings_find(struct dialogues *d, struct protocols *protocols);
void note_number(struct notes *notes, const struct row *row, uint64_t value);
/* The string is copied; what is longer than PACKET_STRING_MAX is cut. */
void note_string(struct dialogues *d, const struct packet *packet, struct notes *notes, const struct row *row,
		 const void *string, size_t length);
void notes_give(const struct notes *notes, struct packet *packet, unsigned layer);
/* The layer's field that is the row; NULL: it has none. */
const struct field *field_of(const struct packet *packet, unsigned layer, const struct field_def *def);
/* How many layers of the same protocol are before it. */
unsigned layer_nth(const struct packet *packet, unsigned layer);
uint64_t octets_hash(const void *octets, size_t length);

/* ---- what is remembered of a flow (dialogue_flow.c) */

struct flow_dialogue *flow_dialogue_of(struct dialogues *d, struct flow *flow);
/* Frees it when nothing is left in it. */
void flow_dialogue_settle(struct flow_dialogue *own);
/* All requests are told as over and forgotten. */
void flow_dialogue_end(struct flow_dialogue *own, enum dialogue_end end, uint64_t refused);
void stranger_add(struct flow_dialogue *own, const struct message *message);
/* Takes the oldest away. */
struct stranger stranger_take(struct flow_dialogue *own);
/* Where a request was sent from `asker` to many at `port`; NULL: nowhere. */
struct flow_dialogue *broadcast_find(const struct dialogues *d, const struct flow_end *asker, uint16_t port);
/* A broadcast was asked here now. */
void broadcast_index(struct flow_dialogue *own, unsigned asker);

/* ---- requests (dialogue_queue.c) */

/* A new one of that side, open, not yet told. */
struct request *request_new(struct flow_dialogue *own, const struct pairing *pairing, unsigned asker);
void request_keep(struct dialogues *d, struct request *request, const uint8_t *data, uint32_t length);
/* The octets may be kept: older contents were let go when there was no room. */
bool octets_take(struct dialogues *d, size_t length);
/* Told as over, and forgotten. */
void request_forget(struct dialogues *d, struct request *request, enum dialogue_end end, uint64_t refused);
void request_tell(const struct dialogues *d, const struct request *request, bool over);
void request_ahead(const struct dialogues *d, const struct request *request, enum dialogue_row row, uint64_t value);
/* It was answered, the first time or again, by the frame. */
void request_answered(struct dialogues *d, struct request *request, uint64_t frame, int64_t time, uint32_t octets);
/* `open` and `fresh` move on; they never go back, so that a flood costs nothing a packet. */
void queue_advance(struct queue *queue, int64_t now);
/* The oldest that is open; not in_order: rather the oldest that is not late already. */
struct request *queue_pick(struct queue *queue, int64_t now, bool in_order);

/* ---- pairing of messages (dialogue_pair.c) */

void message_asked(struct dialogues *d, const struct message *message);
void message_answered(struct dialogues *d, const struct message *message);
/* The notes of an answer, but for what its content tells. */
void answer_notes(struct notes *notes, const struct request *request, const struct frame *frame);

/* ---- echo (dialogue_echo.c, dialogue_stream.c) */

/* The request of the queue that the answer can be, by its content; NULL: none. */
struct request *echo_pick(const struct queue *queue, const struct message *answer);
/* Compares, remembers the result in the request, and notes it. */
void echo_notes(struct dialogues *d, struct notes *notes, struct request *request, const struct message *answer);
void echo_stream_free(struct dialogues *d, struct echo_stream *echo);

/* ---- chat (chat_dialogue.c) */

struct chat_state *chat_state_new(struct protocols *protocols);
void chat_state_free(struct dialogues *d);
bool chat_is(const struct chat_state *chat, const struct dissector *dissector);
void chat_message(struct dialogues *d, struct packet *packet, unsigned layer, struct flow *flow, unsigned side);
/* The connection is open, or at its end; packet NULL: the end of the capture. */
void chat_member_opened(struct dialogues *d, struct flow *flow);
void chat_member_left(struct dialogues *d, struct chat_member *member, const struct packet *packet);
void chat_finish(struct dialogues *d);
