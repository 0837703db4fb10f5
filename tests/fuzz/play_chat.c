/* SPDX-License-Identifier: BSD-2-Clause */
/* The chat server as a model drives it: clients come, send in any pieces, are quiet, read slowly, break and go. */
#include <errno.h>

#include "play_world.h"

/* ------------------------------------------------------------------------------------------------ what happens */

static void end(struct world *w, struct member *member, uint8_t argument)
{
	(void)w;
	(void)argument;
	connection_ended(member->c);
}

/* Its time is over; with an odd argument all of them are looked at. */
static void wait(struct world *w, struct member *member, uint8_t argument)
{
	if (!member->c->wait_until)
		return;
	member->c->wait_until = w->server.next_wait = 1;
	server_tick(&w->server, argument & 1 ? NULL : member->c);
}

static void fail(struct world *w, struct member *member, uint8_t argument)
{
	static const int errors[] = { EAGAIN, ECONNRESET, ETIMEDOUT, EIO };

	(void)w;
	connection_failed(member->c, errors[argument % 4]);
}

static void fail_to_send(struct world *w, struct member *member, uint8_t argument)
{
	static const int errors[] = { EAGAIN, ECONNRESET, EPIPE, ENETDOWN };
	bool flying = member->c->sending;

	member_looks(w, member);
	member->c->sending = member->c->full = false;
	connection_unsent(member->c, errors[argument % 4]);
	if (flying)
		connection_lags(member->c);
	if (member->c->deaf)
		member->left = member->seen.length;
}

static void take_some(struct world *w, struct member *member, uint8_t argument)
{
	member_takes(w, member, argument == 255 ? SIZE_MAX : (size_t)argument * 8);
}

/* As a model does that hands the kernel a copy of the queue's front, and hears later how much of it went. */
static void begin_send(struct world *w, struct member *member, uint8_t argument)
{
	size_t length, most = ((size_t)argument + 1) * 64;
	const uint8_t *data = connection_pending(member->c, &length);

	if (!data || member->c->sending)
		return;
	member_looks(w, member);
	text_clear(&member->flight);
	text_add(&member->flight, data, length < most ? length : most);
	member->c->sending = member->flew = true;
}

static void finish_send(struct world *w, struct member *member, uint8_t argument)
{
	size_t length, went = (size_t)argument * 16;
	const uint8_t *data = connection_pending(member->c, &length);

	if (!member->c->sending)
		return;
	member->c->sending = member->c->full = false;
	if (member->c->phase == CONNECTION_DEAD)
		return;
	CHECK(length >= member->flight.length && !memcmp(data, member->flight.data, member->flight.length));
	member_looks(w, member);
	member_took(w, member, went < member->flight.length ? went : member->flight.length);
	if (went < member->flight.length)
		connection_lags(member->c);
}

static void turn_away(struct world *w, struct member *member, uint8_t argument)
{
	(void)w;
	(void)argument;
	connection_drop(member->c, "turned away", "turned away");
}

static void stop(struct world *w, struct member *member, uint8_t argument)
{
	(void)argument;
	member_goes(w, member);
}

static const struct {
	uint8_t letter;
	void (*happens)(struct world *w, struct member *member, uint8_t argument);
} acts[] = {
	{ 'e', end },        { 'w', wait },        { 'r', fail },      { 's', fail_to_send }, { 't', take_some },
	{ 'f', begin_send }, { 'F', finish_send }, { 'x', turn_away }, { 'q', stop },
};
#define ACTS (sizeof acts / sizeof *acts)

/* 'c' comes, 'l' leaves news for later, 'n' looks at them; else one of the four pieces, or an act with its argument. */
static void step(struct world *w, struct play_input *in)
{
	struct member *member = &w->members[LISTENERS_IN + play_octet(in) % (MEMBERS - LISTENERS_IN)];
	uint8_t letter = play_octet(in), argument;
	size_t length, act = 0;
	uint8_t *piece = play_piece(in, letter, &length);

	if (piece) {
		member_says(w, member, piece, length);
		free(piece);
	} else if (letter == 'c') {
		member_comes(w, member);
	} else if (letter == 'l' || letter == 'n') {
		w->lazy = letter == 'l';
	} else {
		argument = play_octet(in);
		while (act < ACTS && acts[act].letter != letter)
			act++;
		if (member->c)
			acts[act < ACTS ? act : letter % ACTS].happens(w, member, argument);
	}
	world_after(w);
}

void play_chat(struct play_input *in)
{
	static const uint32_t limits[] = { 0, 256, 1100, 5000, 70000 };
	struct world *w = world_new();

	w->options.queue_limit = limits[play_octet(in) % (sizeof limits / sizeof *limits)];
	while (in->length)
		step(w, in);
	world_end(w);
}
