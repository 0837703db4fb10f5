/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A chat room whose every callback, event, queue and line is checked. Two members, ann and zed, only listen: all that
 * is said to all must reach both in one order, and everybody else in that same order.
 */
#pragma once

#include "play_input.h"

#include "lab/chat.h"
#include "play/serving.h"

#define LISTENERS_IN 2u
#define MEMBERS 6u

struct member {
	struct connection *c; /* NULL: not there */
	uint64_t number;
	char name[CHAT_NICK_BYTES + 1];
	bool ended, closed;  /* on_end, on_close were called */
	struct text seen;    /* all that was ever queued for it */
	size_t checked;      /* octets of seen that were looked at */
	size_t left;         /* octets of seen that were sent */
	struct text flight;  /* of a send that is not done */
	bool flew;           /* there was one: more than the limit may be queued while it lasts */
	struct text said;    /* of a listener: what it heard that was said to all */
	size_t said_at;      /* of the others: how much of ann's they have heard */
	struct text called;  /* and their name, as far as they have heard; empty: they are not in the room yet */
};

struct world {
	struct service service;
	struct server_options options;
	struct reporter reporter;
	struct server server;
	struct chat_room *room;
	struct member members[MEMBERS];
	uint64_t in, out;
	bool inside;  /* a callback of the service runs */
	bool lazy;    /* news are left for later */
	bool heard;   /* both listeners have heard all that was said */
};

/* The room with its two listeners. */
struct world *world_new(void);
/* All others leave, the room is looked at, then the two leave. */
void world_end(struct world *w);
/* What a model does after callbacks, and what must be true then. */
void world_after(struct world *w);

void member_comes(struct world *w, struct member *member);
void member_goes(struct world *w, struct member *member);
void member_says(struct world *w, struct member *member, const uint8_t *data, size_t length);
/* Looks at what is queued for it and has not been looked at. */
void member_looks(struct world *w, struct member *member);
/* The network has taken so many octets of what is pending. */
void member_took(struct world *w, struct member *member, size_t length);
/* It takes what is pending, unless a send is in flight. */
void member_takes(struct world *w, struct member *member, size_t most);

/* Said to all: what somebody says or does, who comes and goes. To one: private lines, "* word: ..." of the server. */
bool order_to_all(const char *line, size_t length);
/* A line that was said to all has reached a member: it has missed none before. `said` is all such lines. */
void order_heard(const struct text *said, struct member *member, const char *line, size_t length);
/* Nothing that was said is missing. */
void order_whole(const struct text *said, struct member *member);
