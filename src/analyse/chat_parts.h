/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of chat dialogues share: rooms (the server's end of connections) with their members (the connections),
 * and the lines that were said, in a ring, found by their text.
 */
#pragma once

#include "analyse/dialogue_parts.h"

#define CHAT_NAME_MAX 128
#define CHAT_GOT 16        /* lines that a member got lately */
#define CHAT_ROOM_SLOTS 1024
#define CHAT_LINE_SLOTS 4096
#define CHAT_USER_SLOTS 8192

enum name_source { NAME_NONE, NAME_GUESSED, NAME_SAID }; /* from how lines look; from a join, a new name, a server */

struct chat_name {
	uint8_t length;
	uint8_t source;
	uint8_t octets[CHAT_NAME_MAX]; /* behind `length` anything */
};

struct chat_member {
	struct room *room;
	struct flow *flow;
	struct chat_member *next, *previous;  /* in the room */
	struct chat_name name;
	uint64_t joined, left;
	int64_t joined_time, left_time;
	unsigned lines, private_lines, heard;
	uint8_t client;                       /* his side */
	uint8_t got_next;
	struct {
		uint64_t hash, sequence; /* the last of this text by this speaker */
		uint32_t stream;
	} got[CHAT_GOT];
};

struct room {
	struct room *next;                    /* in the same slot */
	const struct dissector *transport;
	struct flow_end server;
	uint64_t id;
	struct chat_member *members;
	unsigned count;
	unsigned most;                        /* that there were at a time */
};

#define LINE_SMALL 64

/* Text that was said. */
struct line {
	uint64_t sequence;         /* from 1; its slot is sequence modulo CHAT_LINES_MAX */
	uint64_t room;             /* 0: broadcast */
	uint64_t hash;
	uint64_t frame;
	int64_t time;
	struct line *next;         /* later, in the same list */
	uint8_t *octets;           /* `small`, or owned: text, then user, then to */
	uint32_t text_length;      /* as it was said */
	uint32_t stream;

	uint16_t text_kept, user_length, to_length;
	uint8_t nth;
	bool is_private, is_command;
	bool is_name;              /* it was a name, as the server then said */
	bool returned, leaked;
	unsigned receivers, others;
	const struct dissector *transport;
	struct field kind;
	/* Up to here a new one is zero. */
	uint8_t small[LINE_SMALL]; /* most of them: nothing is allocated for those */
	struct chat_name speaker;  /* his name; what he says of himself is in user */
};

/* In the order of the lines. */
struct line_list {
	struct line *first, *last;
};

struct broadcaster;

struct chat_state {
	const struct dissector *dissector, *tcp;
	const struct field_def *kind, *user, *to, *text;
	struct row line_in, receiver, receivers, returned, leaked, peer;
	struct room *rooms[CHAT_ROOM_SLOTS];
	uint64_t room_count;       /* ever */
	struct line *lines;        /* CHAT_LINES_MAX, from a cache line of lines_memory on */
	void *lines_memory;
	uint64_t said, told;       /* sequences: of the newest line; of the last that listeners were told of */
	struct line_list by_text[CHAT_LINE_SLOTS];
	struct broadcaster *broadcasters; /* CHAT_BROADCASTERS_MAX */
	uint32_t next_broadcaster;
	struct broadcaster *by_name[CHAT_USER_SLOTS];
};

/* A chat message of a packet, its fields looked up; they may be NULL. */
struct chat_said_now {
	struct packet *packet;
	unsigned layer;
	struct flow *flow;
	unsigned side;
	const struct field *kind, *user, *to, *text;
};

static inline bool field_is(const struct field *field, const char *word)
{
	return field && field->length == strlen(word) && !memcmp(field->value.bytes, word, field->length);
}

/* ---- members (chat_members.c) */

struct chat_member *member_of(struct dialogues *d, struct flow *flow, unsigned client);
bool name_is(const struct chat_name *name, const uint8_t *octets, size_t length); /* ASCII letters in any case */
bool name_known(const struct chat_name *name);
void name_copy(struct chat_name *name, const struct chat_name *from);
/* A guess does not replace what was said. */
void name_set(struct chat_name *name, const struct field *field, enum name_source source);
struct chat_member *member_named(const struct room *room, const uint8_t *name, size_t length);
struct chat_member *member_at(const struct room *room, uint32_t stream);
/* A datagram or a line tells that he is not here any more. */
void member_leaves(struct chat_member *member, const struct frame *frame);

/* ---- lines (chat_lines.c) */

/* speaker NULL: by broadcast. */
void line_add(struct dialogues *d, const struct chat_said_now *now, const struct chat_member *speaker);
/* The line that a message from the server to the member is a copy of; NULL: none. */
struct line *line_of_copy(struct chat_state *chat, const struct chat_said_now *now, struct chat_member *member);
/* The first line of the room with exactly this text, by somebody whose name is not known; NULL: none. */
struct line *line_that_named(struct chat_state *chat, const struct room *room, const struct field *name);
bool line_is_of(const struct line *line, const struct chat_member *member);
/* The oldest of all goes first. */
void line_forget(struct dialogues *d, struct line *line);

/* ---- what became of them (chat_tell.c) */

void lines_tell_one(struct dialogues *d); /* of the oldest */
/* Tells of the lines that can have no more copies at that time. */
void lines_tell(struct dialogues *d, int64_t now);
void lines_tell_all(struct dialogues *d);

/* ---- chats without a server (chat_broadcast.c) */

struct broadcaster *broadcasters_new(void);
void broadcast_said(struct dialogues *d, const struct chat_said_now *now);
void broadcasters_tell(struct dialogues *d);
void user_tell(const struct dialogues *d, const struct chat_user *user);
