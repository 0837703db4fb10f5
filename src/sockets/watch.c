/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/watch.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sockets/watch_parts.h"

#define SLOTS 256 /* at first */

/* A look while it is compared. */
struct look {
	struct watch *watch;
	const struct socktable *table;
	const struct holders *holders;
	int64_t now;
	watch_tell *tell;
	void *context;
	bool again;
};

struct watch *watch_new(void)
{
	struct watch *watch = mem_new(1, sizeof *watch);

	watch->size = SLOTS;
	watch->slots = mem_new(watch->size, sizeof(struct watched *));
	pool_init(&watch->pool, sizeof(struct watched));
	return watch;
}

static bool everything(void *context, struct watched *watched)
{
	(void)context;
	(void)watched;
	return true;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	watched_sweep(watch, everything, NULL);
	pool_release(&watch->pool);
	free(watch->slots);
	free(watch->destroyed);
	free(watch);
}

/* A connection that waits for accept() has no inode yet. */
bool watch_asks(const struct watch *watch, const struct socktable *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct socket *socket = &table->list[i];
		const struct watched *watched = socket->inode ? watched_find(watch, socket) : NULL;

		if (socket->inode && (!watched || !watched->socket.inode))
			return true;
	}
	return false;
}

/* ------------------------------------------------------------------------------------------------ telling */

static void tell(const struct look *look, struct watched *watched, struct watch_event event)
{
	event.holders = watched->holders;
	event.holder_count = watched->holder_count;
	event.told = watched->told;
	if (look->tell(look->context, &event))
		watched->told = true;
}

/* Processes are looked for while the socket has an inode; later those that had it are remembered. */
static bool own(const struct look *look, struct watched *watched)
{
	const struct holder *holders;
	size_t count;

	if (!look->holders || !watched->socket.inode)
		return false;
	holders = holders_of(look->holders, watched->socket.inode, &count);
	return count && watched_own(watched, holders, count);
}

/* ------------------------------------------------------------------------------------------------ what is there */

/* watched: what was told to be gone, and is there again; NULL: it was never seen. */
static void meet(const struct look *look, struct watched *watched, const struct socket *socket)
{
	if (watched)
		watched->over = watched->told = false;
	else
		watched = watched_add(look->watch, socket);
	watched->look = look->watch->look;
	watched->since = look->now;
	watched->first = watched->look == 1;
	own(look, watched);
	tell(look, watched,
	     (struct watch_event){ .change = watched->first ? WATCH_THERE : WATCH_NEW, .socket = socket });
}

static bool same_end(const struct address *a, const struct address *b)
{
	return (!a->length && !b->length) || address_equal(a, b);
}

static unsigned difference(const struct socket *before, const struct socket *socket)
{
	return (before->state == socket->state ? 0 : WATCH_STATE) |
	       (same_end(&before->local, &socket->local) ? 0 : WATCH_LOCAL) |
	       (same_end(&before->remote, &socket->remote) && before->peer_inode == socket->peer_inode ? 0
												       : WATCH_REMOTE);
}

static void see_again(const struct look *look, struct watched *watched, const struct socket *socket)
{
	struct socket before = watched->socket;
	unsigned what = difference(&before, socket);

	if (watched->look == look->watch->look)
		return; /* the table has it twice */
	watched->look = look->watch->look;
	watched->destroyed = false; /* it waits out its time under the same cookie */
	watched_update(watched, socket);
	before.name = watched->socket.name;
	what |= own(look, watched) ? WATCH_OWNER : 0;
	if (what)
		tell(look, watched,
		     (struct watch_event){
			     .change = WATCH_CHANGED, .what = what, .socket = socket, .before = &before });
}

/* ------------------------------------------------------------------------------------------------ what is not */

static bool is_gone(void *context, struct watched *watched)
{
	struct look *look = context;
	uint64_t missing = look->watch->look - watched->look;

	if (watched->over)
		return look->now >= watched->forget;
	if (!missing)
		return false;
	if (missing < 2 && !watched->destroyed) {
		look->again = true;
		return false;
	}
	tell(look, watched,
	     (struct watch_event){ .change = WATCH_GONE,
				   .socket = &watched->socket,
				   .lived = watched->first ? -1 : look->now - watched->since });
	watched->over = true;
	watched->forget = look->now + WATCH_LATE;
	return watched->destroyed || !watched->socket.cookie;
}

void watch_destroyed(struct watch *watch, const struct socket *socket)
{
	struct watched *watched = watched_find(watch, socket);

	if (watched) {
		watched->destroyed = true;
		if (watched->over)
			watched->forget = INT64_MIN;
		return;
	}
	if (!address_port(&socket->local))
		return;
	if (watch->destroyed_count == WATCH_DESTROYED) {
		watch->missed++;
		return;
	}
	if (watch->destroyed_count == watch->destroyed_room) {
		watch->destroyed_room = watch->destroyed_room ? 2 * watch->destroyed_room : 64;
		watch->destroyed = mem_resize(watch->destroyed, watch->destroyed_room, sizeof *watch->destroyed);
	}
	watch->destroyed[watch->destroyed_count++] = *socket;
}

uint64_t watch_missed(struct watch *watch)
{
	uint64_t missed = watch->missed;

	watch->missed = 0;
	return missed;
}

/* Ended, never seen, and nor does it wait out its time in the table. */
static void tell_brief(const struct look *look)
{
	struct watch *watch = look->watch;

	for (size_t i = 0; i < watch->destroyed_count; i++) {
		struct watch_event event = { .change = WATCH_BRIEF, .socket = &watch->destroyed[i] };

		if (!watched_find(watch, event.socket))
			look->tell(look->context, &event);
	}
	watch->destroyed_count = 0;
}

bool watch_compare(struct watch *watch, const struct socktable *table, const struct holders *holders, int64_t now,
		   watch_tell *tell_event, void *context)
{
	struct look look = { watch, table, holders, now, tell_event, context, false };

	watch->look++;
	for (size_t i = 0; i < table->count; i++) {
		struct watched *watched = watched_find(watch, &table->list[i]);

		if (watched && !watched->over)
			see_again(&look, watched, &table->list[i]);
		else
			meet(&look, watched, &table->list[i]);
	}
	tell_brief(&look);
	watched_sweep(watch, is_gone, &look);
	return look.again;
}
