/* SPDX-License-Identifier: BSD-2-Clause */
/* The sockets to which an end may belong now. */
#include "sockets/owners_parts.h"

#define FRESH (20 * NS_PER_MS) /* a table that was read so short a time ago is not read again */

/* It was there when the reading had begun, for all that is known of before only when that was over. */
static struct tenure *meet(struct owners *owners, const struct socket *socket, int64_t now, int64_t over)
{
	struct tenure *tenure = tenure_find(&owners->tenures, socket_identity(socket));
	struct tenure fresh = { .since = over, .until = CLOCK_NEVER, .checked = 0, .scans = owners->scans };

	if (tenure && tenure->key.local.port != address_port(&socket->local)) {
		tenure->until = now;
		tenure_disown(&owners->tenures, tenure);
		tenure = NULL;
	}
	if (!tenure) {
		tenure_describe(&fresh, socket);
		tenure = tenure_add(&owners->tenures, &fresh);
	} else {
		tenure_describe(tenure, socket);
	}
	/* The end of what is there was not told by the kernel: it was missing in a table, in which it is again. */
	if (socket->inode)
		tenure->until = CLOCK_NEVER;
	tenure->seen = now;
	return tenure;
}

/*
 * Sockets of the kind that are not there any more have ended. A supervised one may be about to be there; the kernel
 * tells of its end.
 */
static void part_with_others(struct owners *owners, uint8_t kind, int64_t now)
{
	for (struct tenure *tenure = owners->tenures.newest; tenure; tenure = tenure->older)
		if (tenure->key.kind == kind && tenure->until == CLOCK_NEVER && tenure->seen < now && !tenure->born)
			tenure->until = now;
}

int owners_read(struct owners *owners, const struct socktable_request *request, int64_t now)
{
	int64_t begun = clock_monotonic(), over;
	struct error ignored;

	for (uint8_t kind = SOCKET_TCP; kind <= SOCKET_UDP && !request->states; kind++)
		if (request->kinds & 1u << kind)
			owners->looked[kind] = now;
	if (socktable_read(&owners->all, request, &ignored) < 0)
		return -1;
	over = now + clock_monotonic() - begun;
	for (size_t i = 0; i < owners->all.count; i++)
		if (address_port(&owners->all.list[i].local) && socket_identity(&owners->all.list[i]))
			meet(owners, &owners->all.list[i], now, over);
	for (uint8_t kind = SOCKET_TCP; kind <= SOCKET_UDP && !request->states; kind++)
		if (request->kinds & 1u << kind && !owners->all.interrupted && !owners->all.cut &&
		    !(owners->all.unreadable & 1u << kind)) {
			part_with_others(owners, kind, now);
			owners->read[kind] = now;
		}
	return 0;
}

static void add(struct look *look, struct tenure *tenure)
{
	if (look->count < OWNERS_MOST)
		look->list[look->count++] = tenure;
	else
		look->more = true;
}

/*
 * A supervised socket of TCP may be about to be there, and the kernel tells of its end before its port is another's.
 * One of UDP is there when it was seen; without sock_diag that is not to be known.
 */
static bool is_there(const struct owners *owners, const struct tenure *tenure)
{
	if (tenure->until != CLOCK_NEVER || !tenure->born)
		return tenure->until == CLOCK_NEVER && tenure->inode;
	return tenure->key.kind == SOCKET_TCP || !owners->asked.link || tenure->seen >= owners->looked[SOCKET_UDP];
}

/* Those with this peer come first. */
static void collect(struct owners *owners, const struct end_key *key, bool listeners, struct look *look)
{
	for (unsigned connected = 2; connected--;)
		for (struct tenure *t = tenure_of_port(&owners->tenures, key->kind, key->local.port); t;
		     t = tenure_next(t))
			if (is_there(owners, t) && tenure_serves(t, key) && (t->key.remote.port != 0) == connected &&
			    (!listeners || t->listens || t->born))
				add(look, t);
}

/* The last reading serves for packets that came before it. */
static bool is_fresh(const struct owners *owners, enum socket_kind kind, const struct moment *moment)
{
	return owners->read[kind] >= moment->packet && moment->now - owners->read[kind] < FRESH;
}

static void look_udp(struct owners *owners, const struct end_key *key, const struct moment *moment, struct look *look)
{
	static const struct socktable_request request = { .kinds = 1 << SOCKET_UDP };

	if (!is_fresh(owners, SOCKET_UDP, moment))
		owners_read(owners, &request, moment->now);
	collect(owners, key, false, look);
}

static void look_listeners(struct owners *owners, const struct end_key *key, int64_t now, struct look *look)
{
	static const struct socktable_request request = { .kinds = 1 << SOCKET_TCP,
							  .states = SOCKET_STATE(SOCKET_LISTEN) };

	owners_read(owners, &request, now);
	collect(owners, key, true, look);
}

/* An address of one link is found under its interface only, and without sock_diag nothing is found alone. */
static void look_all_tcp(struct owners *owners, const struct end_key *key, const struct moment *moment,
			 struct look *look)
{
	static const struct socktable_request request = { .kinds = 1 << SOCKET_TCP };

	if (!is_fresh(owners, SOCKET_TCP, moment))
		owners_read(owners, &request, moment->now);
	collect(owners, key, false, look);
	if (look->count && look->list[0]->key.remote.port)
		look->count = 1;
}

static bool is_of_link(const struct end_key *key)
{
	return key->local.address[0] == 0xfe && (key->local.address[1] & 0xc0) == 0x80;
}

/* What a program has closed is closing or waiting out its time; the rest of those without inode is not accepted yet. */
static bool is_unaccepted(const struct socket *socket)
{
	return !socket->inode && (socket->state == SOCKET_SYN_RECV || socket->state == SOCKET_NEW_SYN_RECV ||
				  socket->state == SOCKET_ESTABLISHED || socket->state == SOCKET_CLOSE_WAIT);
}

/* The connection itself is nobody's else, whoever has the port besides. */
static void look_tcp(struct owners *owners, const struct socket_ends *ends, const struct end_key *key,
		     const struct moment *moment, struct look *look)
{
	int64_t begun = clock_monotonic();
	struct error ignored;
	struct socket socket;
	struct tenure *tenure;
	int found = owners->asked.link
			    ? socktable_find(&owners->asked, SOCKET_TCP, &ends->local, &ends->remote, &socket, &ignored)
			    : -1;

	if (found < 0 || (!found && is_of_link(key))) {
		look_all_tcp(owners, key, moment, look);
		return;
	}
	look->unaccepted = found && is_unaccepted(&socket);
	if (found && (socket.state == SOCKET_LISTEN || look->unaccepted)) {
		look_listeners(owners, key, moment->now, look);
		look->listener = !look->unaccepted;
	} else if (found && socket.inode && socket_identity(&socket)) {
		tenure = meet(owners, &socket, moment->now, moment->now + clock_monotonic() - begun);
		if (tenure->until == CLOCK_NEVER)
			add(look, tenure);
	}
}

void owners_look(struct owners *owners, const struct socket_ends *ends, const struct end_key *key,
		 const struct moment *moment, struct look *look)
{
	*look = (struct look){ .count = 0 };
	if (key->kind == SOCKET_UDP)
		look_udp(owners, key, moment, look);
	else
		look_tcp(owners, ends, key, moment, look);
}
