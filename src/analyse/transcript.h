/* SPDX-License-Identifier: BSD-2-Clause */
/* How the parts of the comparison see a capture: hosts, conversations and what was said in them. */
#pragma once

#include "analyse/compare.h"
#include "analyse/stream.h"

enum { HOST_NONE = UINT32_MAX, HOST_ALL = UINT32_MAX - 1 };

/* A slice of transcript.strings. */
struct slice {
	size_t at;
	uint32_t length;
};

/* A value of a message. */
struct said_value {
	const char *name;         /* of the field */
	struct slice text;        /* as it is shown, or its octets when they are quoted */
	bool quoted;
	uint64_t octets;          /* of all of it */
	uint64_t digest;          /* of all of it */
};

struct said {
	uint64_t frame;
	uint32_t conversation;
	uint32_t from;            /* host */
	uint8_t side;             /* 0 or 1; after transcript_finish: 0 client, 1 server */
	bool dropped;
	const char *protocol;     /* name of the dissector */
	struct slice kind, words; /* "request"; as the line shows it, escaped */
	uint32_t first_value, value_count;
	uint64_t digest;          /* of side, protocol, kind and values */
	uint64_t payload;         /* digest of its octets; 0: it has none */
};

/* Octets of one side of a connection whose protocol has no messages, until they are one. */
struct turn {
	uint32_t message;         /* + 1; 0: none is open */
	const char *kind;
	struct text octets;
	uint64_t total, digest;
};

enum connection_end { CONNECTION_UNSEEN, CONNECTION_UNANSWERED, CONNECTION_OPENED, CONNECTION_REFUSED };

struct conversation {
	const char *transport;    /* name of a dissector */
	const char *application;  /* NULL: nobody knew it */
	bool has_port, broadcast;
	uint16_t ports[2];        /* of both sides */
	uint8_t server;           /* side; after transcript_finish: 1 */
	uint32_t hosts[2];        /* by side; after transcript_finish: client, server */
	struct flow_end asker;    /* of a broadcast */
	uint8_t address_length;

	/* While packets come. */
	enum connection_end connection;
	uint32_t opening;         /* message + 1 */
	bool closed[2], reset[2];
	bool in_messages;         /* its protocol has messages: data beside them is a part of one */
	const struct dissector *stream_protocol;
	struct stream *streams[2];
	struct turn *turns;       /* 2, or NULL */

	/* After transcript_finish: its messages, in order, and what they are all together. */
	uint32_t first, count;
	uint64_t digest;
};

/* Numbers by 64-bit keys. */
struct numbers {
	struct {
		uint64_t key;
		uint32_t number;  /* + 1; 0: free */
	} *slots;
	uint32_t room, count;
};
/* The key's number; `number` when it is new (*made). */
uint32_t numbers_of(struct numbers *numbers, uint64_t key, uint32_t number, bool *made);
/* UINT32_MAX: it has none. */
uint32_t numbers_find(const struct numbers *numbers, uint64_t key);

#define RECENT 64 /* packets among which a second copy is looked for */

struct transcript {
	const struct compare_rules *rules;
	const struct dissector *tcp, *udp, *data, *padding;
	const struct field_def *ip_id;
	const struct dissector *ip;

	struct conversation *conversations;
	struct said *messages;
	struct said_value *values;
	uint32_t conversation_count, message_count, value_count;
	struct text strings;
	struct numbers hosts, by_key;
	uint32_t host_count;
	uint64_t turn_octets;     /* of turns that are open */
	uint64_t waiting;         /* octets in streams that wait for what is before them */
	bool full;                /* a limit was reached */
	struct {
		uint64_t content, way; /* digests of what was sent, and of how it came here */
		int64_t time;
	} recent[RECENT];
	unsigned recent_at;
};

/* FNV-1a, continued from `digest` (DIGEST_START at first). */
#define DIGEST_START UINT64_C(0xcbf29ce484222325)
uint64_t digest_of(uint64_t digest, const void *octets, size_t length);
static inline uint64_t digest_number(uint64_t digest, uint64_t number)
{
	return digest_of(digest, &number, sizeof number);
}

/* ------------------------------------------------------------------------------------------------ who with whom */

uint32_t transcript_host(struct transcript *transcript, const uint8_t *address, unsigned length);
/* A new conversation, or UINT32_MAX: there are too many. */
uint32_t transcript_converse(struct transcript *transcript, const char *transport);
uint64_t transcript_flow_key(const struct flow *flow);
/* The flow's conversation, made when the packet is its first. UINT32_MAX: there are too many. */
uint32_t transcript_conversation(struct transcript *transcript, const struct packet *packet, const struct flow *flow);
/* In a conversation with everybody several flows come together: who asked is always its side 0. */
unsigned transcript_side(const struct conversation *conversation, const struct flow *flow, unsigned side);

/* ------------------------------------------------------------------------------------------------ messages */

/* A new message of the conversation; NULL: there are too many. It is valid until the next one. */
struct said *transcript_said(struct transcript *transcript, uint64_t frame, uint32_t conversation, unsigned side,
			     const char *protocol);
/* Kept with the transcript. */
struct slice said_keep(struct transcript *transcript, const void *octets, size_t length);
void said_value(struct transcript *transcript, struct said *said, const char *name, const char *string);
/* All octets of a turn, of which the first ones are at hand. */
void said_octets(struct transcript *transcript, struct said *said, const char *name, const struct turn *turn);
/* kind, words and values of what the layer says, by the rules. */
void said_layer(struct transcript *transcript, struct said *said, const struct packet *packet,
		const struct layer *layer);
/* The same of chosen fields of a layer, by name; the list ends with NULL. */
void said_fields(struct transcript *transcript, struct said *said, const struct packet *packet,
		 const struct layer *layer, const char *const *names);
/* The values that the rules want besides, from all the packet. */
void said_strict(struct transcript *transcript, struct said *said, const struct packet *packet);
/* `12 octets "hello stream"`, of which the first `kept` are at hand. */
void describe_octets(struct text *out, const void *octets, size_t kept, uint64_t total);
/* "request" where the layer has a row date.request that says so; "" where it has none. */
const char *layer_kind(const struct packet *packet, const struct layer *layer);
void said_kind(struct transcript *transcript, struct said *said, const char *kind);
void said_words(struct transcript *transcript, struct said *said, const char *words);

/* Octets of a connection whose protocol has no messages: transcript_turn.c. */
/* The row that holds them; NULL: the protocol has messages, or no such row. */
const struct field_def *octets_row(const struct dissector *protocol);
void turn_segment(struct transcript *transcript, uint32_t conversation, unsigned side, const struct packet *packet,
		  const struct tracked *tracked, const struct layer *layer);
/* What is open becomes a message, and streams are given back. drop: they were parts of messages. */
void turns_end(struct transcript *transcript, uint32_t conversation, bool drop);

/*
 * The same packet captured twice, on two interfaces or by a mirror. One that came the same way and has no number of its
 * own may as well have been sent twice. TCP has numbers of its own and is told apart by them.
 */
bool transcript_is_copy(struct transcript *transcript, const struct packet *packet, unsigned transport);
/* -1 with err when a limit was reached. */
int transcript_room(const struct transcript *transcript, struct error *err);

/* ------------------------------------------------------------------------------------------------ rules */

bool rules_count_field(const struct compare_rules *rules, const struct field_def *def);
bool rules_count_protocol(const struct compare_rules *rules, const struct dissector *protocol);
/* A packet without ports: counts by these fields; NULL: it does not count. Ends with NULL. */
const char *const *rules_plain_fields(const struct compare_rules *rules, const struct packet *packet,
				      const struct layer *layer);
bool rules_count_port(const struct compare_rules *rules);
bool rules_count_order(const struct compare_rules *rules);
/* The nth of the fields that count besides; NULL: there are no more. */
const struct field_def *rules_strict(const struct compare_rules *rules, size_t n, const struct dissector **dissector);
