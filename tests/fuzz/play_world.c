/* SPDX-License-Identifier: BSD-2-Clause */
/* The chat room of fuzz_play, and all that must hold of it. */
#include "play_world.h"

#include "lab/ascii.h"

#define BURST 16 /* times its limit: what a queue may hold while a send is in flight */

/* ------------------------------------------------------------------------------------------------ who is meant */

static struct member *member_of(struct world *w, uint64_t number)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		if (w->members[i].number == number)
			return &w->members[i];
	}
	bug("nobody has number %d", (int)number);
}

static bool same_name(const char *a, const char *b)
{
	while (*a && ascii_lower((uint8_t)*a) == ascii_lower((uint8_t)*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

static void check_name(struct world *w, const struct event *event)
{
	struct member *member = member_of(w, event->connection);

	CHECK(chat_nick_is_valid((const uint8_t *)event->user, strlen(event->user)));
	for (unsigned i = 0; i < MEMBERS; i++) {
		const struct member *other = &w->members[i];

		if (other != member && other->c && other->c->phase == CONNECTION_OPEN)
			CHECK(!same_name(other->name, event->user));
	}
	memcpy(member->name, event->user, strlen(event->user) + 1);
}

static void note(void *context, const struct event *event)
{
	play_check_event(event);
	if (event->kind == EVENT_NAMED)
		check_name(context, event);
	else if (event->kind == EVENT_RELAYED)
		play_check_chat_line(event->data, event->length);
}

/* ------------------------------------------------------------------------------------------------ the callbacks */

static struct member *enter(struct world *w, const struct connection *c)
{
	struct member *member = member_of(w, connection_number(c));

	CHECK(!w->inside && !member->closed);
	w->inside = true;
	return member;
}

static void watch_connect(void *self, struct connection *c)
{
	struct world *w = self;

	enter(w, c);
	chat_service.on_connect(w->room, c);
	w->inside = false;
}

static size_t watch_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	struct world *w = self;
	size_t taken;

	CHECK(!enter(w, c)->ended && c->phase == CONNECTION_OPEN);
	taken = chat_service.on_data(w->room, c, data, length);
	w->inside = false;
	return taken;
}

static size_t watch_wait(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	struct world *w = self;
	size_t taken;

	CHECK(!enter(w, c)->ended && c->phase == CONNECTION_OPEN);
	taken = chat_service.on_wait(w->room, c, data, length);
	w->inside = false;
	return taken;
}

static void watch_end(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	struct world *w = self;
	struct member *member = enter(w, c);

	CHECK(!member->ended && c->phase == CONNECTION_ENDED);
	member->ended = true;
	chat_service.on_end(w->room, c, data, length);
	w->inside = false;
}

static void watch_close(void *self, struct connection *c, const char *why)
{
	struct world *w = self;
	struct member *member = enter(w, c);

	CHECK(why && c->phase == CONNECTION_DEAD);
	member->closed = true;
	chat_service.on_close(w->room, c, why);
	w->inside = false;
}

/* ------------------------------------------------------------------------------------------------ what they hear */

static void hear(struct world *w, struct member *member, const char *line, size_t length)
{
	play_check_chat_line(line, length);
	if (!w->heard || !order_to_all(line, length))
		return;
	if (member < w->members + LISTENERS_IN)
		text_add(&member->said, line, length);
	else
		order_heard(&w->members[0].said, member, line, length);
}

/* What is queued now goes on from what was queued before, and is whole lines. */
void member_looks(struct world *w, struct member *member)
{
	size_t length, had = member->seen.length - member->left;
	const uint8_t *data = connection_pending(member->c, &length);

	if (member->c->phase == CONNECTION_DEAD || member->c->deaf)
		return;
	CHECK(length >= had && (!had || !memcmp(data, member->seen.data + member->left, had)));
	if (length > had)
		text_add(&member->seen, data + had, length - had);
	while (member->checked < member->seen.length) {
		const char *line = member->seen.data + member->checked;
		const char *lf = memchr(line, '\n', member->seen.length - member->checked);

		CHECK(lf);
		hear(w, member, line, (size_t)(lf - line) + 1);
		member->checked += (size_t)(lf - line) + 1;
	}
}

void member_took(struct world *w, struct member *member, size_t length)
{
	connection_sent(member->c, length);
	member->left += length;
	w->out += length;
	if (connection_over(member->c))
		connection_news(member->c); /* every model looks at what it has sent */
}

void member_takes(struct world *w, struct member *member, size_t most)
{
	size_t length;

	if (member->c->sending || !connection_pending(member->c, &length))
		return;
	member_looks(w, member);
	member_took(w, member, length < most ? length : most);
}

static void check_listeners(const struct world *w)
{
	const struct text *ann = &w->members[0].said, *zed = &w->members[1].said;

	CHECK(ann->length == zed->length && (!ann->length || !memcmp(ann->data, zed->data, ann->length)));
}

static void hear_all(struct world *w)
{
	for (unsigned i = 0; i < LISTENERS_IN; i++) {
		const struct connection *c = w->members[i].c;

		w->heard = w->heard && c && c->phase == CONNECTION_OPEN;
	}
	for (unsigned i = 0; i < MEMBERS; i++) {
		if (!w->members[i].c)
			continue;
		member_looks(w, &w->members[i]);
		if (i < LISTENERS_IN)
			member_takes(w, &w->members[i], SIZE_MAX);
		else if (w->heard)
			order_whole(&w->members[0].said, &w->members[i]);
	}
	if (w->heard)
		check_listeners(w);
}

/* ------------------------------------------------------------------------------------------------ coming and going */

void member_comes(struct world *w, struct member *member)
{
	if (member->c)
		return;
	member->number = w->server.next_number;
	member->said_at = w->members[0].said.length;
	member->c = server_admit(&w->server, -1, &(struct address){ 0 });
}

void member_goes(struct world *w, struct member *member)
{
	if (member->c->phase == CONNECTION_CLOSING && connection_over(member->c) && !member->c->deaf)
		CHECK(member->left == member->seen.length);
	server_forget(&w->server, member->c);
	CHECK(member->closed);
	text_release(&member->seen);
	text_release(&member->flight);
	text_release(&member->said);
	text_release(&member->called);
	*member = (struct member){ 0 };
}

static void check_connection(const struct world *w, const struct member *member)
{
	const struct connection *c = member->c;
	size_t limit = w->options.queue_limit ? w->options.queue_limit : SERVER_QUEUE_LIMIT;

	limit *= member->flew ? BURST : 1;
	CHECK(c->phase != CONNECTION_ENDED && (c->phase == CONNECTION_OPEN) == !c->why);
	CHECK(c->queue.length - c->queue_sent <= limit && c->queue.length <= 2 * limit);
	CHECK(c->input.length == 0);
	CHECK(c->phase == CONNECTION_OPEN || !c->wait_until);
	CHECK(!c->wait_until || w->server.next_wait <= c->wait_until);
	CHECK(c->phase != CONNECTION_DEAD || (!c->queue.length && !connection_reads(c)));
	CHECK(!connection_over(c) || c->dirty);
}

static void settle(struct world *w)
{
	struct connection *c;

	while ((c = server_news(&w->server))) {
		struct member *member = member_of(w, connection_number(c));

		CHECK(member->c == c);
		if (connection_over(c))
			member_goes(w, member);
	}
}

void world_after(struct world *w)
{
	uint64_t there = 0;

	hear_all(w);
	for (unsigned i = 0; i < MEMBERS; i++) {
		if (!w->members[i].c)
			continue;
		check_connection(w, &w->members[i]);
		there++;
	}
	CHECK(w->server.connection_count == there);
	CHECK(w->server.tally->octets_in == w->in && w->server.tally->octets_out == w->out);
	if (w->lazy)
		return;
	settle(w);
	hear_all(w);
}

/* ------------------------------------------------------------------------------------------------ the whole */

void member_says(struct world *w, struct member *member, const uint8_t *data, size_t length)
{
	if (!member->c || !connection_reads(member->c))
		return;
	w->in += length;
	connection_received(member->c, data, length);
}

static void set_up(struct world *w)
{
	static const char *const names[LISTENERS_IN] = { "ann\n", "zed\n" };

	for (unsigned i = 0; i < LISTENERS_IN; i++) {
		member_comes(w, &w->members[i]);
		member_says(w, &w->members[i], (const uint8_t *)names[i], strlen(names[i]));
	}
	world_after(w);
	w->heard = true;
}

/* When all others have left the room holds the two, in the order of their coming, and nobody else. */
static void check_room(struct world *w)
{
	static const char want[] = "* here: ann, zed\n";
	const struct text *seen = &w->members[0].seen;
	size_t before = seen->length;

	member_says(w, &w->members[0], (const uint8_t *)"/list\n", 6);
	world_after(w);
	CHECK(seen->length - before == strlen(want) && !memcmp(seen->data + before, want, strlen(want)));
}

static const struct service watched = {
	.name = "chat",
	.on_connect = watch_connect,
	.on_data = watch_data,
	.on_wait = watch_wait,
	.on_end = watch_end,
	.on_close = watch_close,
};

struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof *w);

	if (!w)
		abort();
	w->service = watched;
	w->service.state_size = chat_service.state_size;
	w->service.line_limit = chat_service.line_limit;
	w->reporter = (struct reporter){ (1u << EVENT_KINDS) - 1, note, w };
	w->options = (struct server_options){ .service = &w->service, .self = w, .reporter = &w->reporter,
					      .signals = -1 };
	w->room = chat_room_new();
	server_init(&w->server, &w->options);
	set_up(w);
	return w;
}

void world_end(struct world *w)
{
	w->lazy = false;
	for (unsigned i = LISTENERS_IN; i < MEMBERS; i++) {
		world_after(w);
		if (w->members[i].c)
			member_goes(w, &w->members[i]);
	}
	world_after(w);
	if (w->heard)
		check_room(w);
	for (unsigned i = 0; i < LISTENERS_IN; i++) {
		if (w->members[i].c)
			member_goes(w, &w->members[i]);
	}
	CHECK(!w->server.connections && !w->server.dirty);
	server_release(&w->server);
	chat_room_free(w->room);
	free(w);
}
