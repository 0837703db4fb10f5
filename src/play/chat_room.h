/* SPDX-License-Identifier: BSD-2-Clause */
/* The chat: who is there, by which name, and what goes from one to the others. The protocol is docs/protocols/chat.md.
 */
#pragma once

#include "lab/chat.h"
#include "play/chat_input.h"
#include "play/service.h"

#define CHAT_LISTED_MOST 1000u  /* names that /list tells */
#define CHAT_REFUSALS_MOST 100u /* that are told of what came at once */

/* A connection's state. Only who has a name is in the room: the others neither speak nor hear. */
struct chat_member {
	struct connection *connection;
	struct chat_member *next, *previous; /* in the room, in the order in which they were named */
	struct chat_member *next_alike;      /* with names that fall together in the table */
	char name[CHAT_NICK_BYTES + 1];      /* "": none yet */
	size_t name_length;
	bool gone;         /* it said goodbye: nothing that it sends is taken any more */
	unsigned refusals; /* of what came at once */
	struct chat_input input;
};

static inline bool chat_is_named(const struct chat_member *member)
{
	return member->name_length > 0;
}

/* A notice to one member, without the star and the LF: "* " and so on. Names are valid and text is, so it is a line. */
void chat_tell(struct chat_member *member, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for "* refused: ". */
void chat_refuse(struct chat_member *member, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Who is called that, letters of ASCII compared without their case; NULL: nobody. */
struct chat_member *chat_room_find(const struct chat_room *room, struct chat_span name);
/* Enters the room, or changes the name there, and says so to everybody. The name is valid and nobody else's. */
void chat_room_name(struct chat_room *room, struct chat_member *member, struct chat_span name);
/* Leaves the room, if it is there, and says so to those who stay. */
void chat_room_leave(struct chat_room *room, struct chat_member *member);

/* What a member in the room says, to all others, to one (and back to itself, as it arrives), or of itself to all. */
void chat_room_say(struct chat_room *room, struct chat_member *member, struct chat_span text);
void chat_room_whisper(struct chat_member *from, struct chat_member *to, struct chat_span text);
void chat_room_act(struct chat_room *room, struct chat_member *member, struct chat_span text);

/* Tells a member the names. */
void chat_room_list(const struct chat_room *room, struct chat_member *member);

/* ------------------------------------------------------------------------------------------------ chat_commands.c */

/* A valid line that starts with / or @, from anybody. */
void chat_command(struct chat_room *room, struct chat_member *member, struct chat_span line);
/* A valid line that does not, from somebody without a name: it should be the name. */
void chat_first_line(struct chat_room *room, struct chat_member *member, struct chat_span line);
