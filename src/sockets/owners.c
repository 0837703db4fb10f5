/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/owners.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "sockets/destroyed.h"
#include "sockets/owners_parts.h"

/* ------------------------------------------------------------------------------------------------ life */

struct owners *owners_new(int64_t now, struct error *err)
{
	static const struct socktable_request everything = { .kinds = 1 << SOCKET_TCP | 1 << SOCKET_UDP };
	struct owners *owners = mem_new(1, sizeof *owners);
	struct error ignored;

	owners->read[SOCKET_TCP] = owners->read[SOCKET_UDP] = INT64_MIN;
	owners->events = destroyed_open(&ignored);
	owners->routes = locality_open(err);
	if (owners->routes < 0) {
		owners_free(owners);
		return NULL;
	}
	/* Without sock_diag there is /proc/net. */
	if (socktable_open(&owners->asked, &ignored) < 0)
		owners->asked.link = NULL;
	if (owners_read(owners, &everything, now) < 0) {
		error_set(err, "the sockets of this machine cannot be read: there is neither sock_diag nor /proc/net");
		owners_free(owners);
		return NULL;
	}
	if (owners_scan(owners, now, err) < 0) {
		owners_free(owners);
		return NULL;
	}
	return owners;
}

void owners_free(struct owners *owners)
{
	if (!owners)
		return;
	socktable_release(&owners->asked);
	socktable_release(&owners->all);
	holders_release(&owners->holders);
	tenures_release(&owners->tenures);
	owners_processes_release(owners);
	if (owners->events >= 0)
		close(owners->events);
	if (owners->routes >= 0)
		close(owners->routes);
	free(owners);
}

unsigned owners_hidden(const struct owners *owners)
{
	return owners->hidden;
}

/* ------------------------------------------------------------------------------------------------ what begins, ends */

bool owners_born(struct owners *owners, const struct socket_ends *ends, uint32_t pid, uint32_t thread, uint64_t cookie,
		 int64_t now)
{
	struct tenure tenure = { .id = cookie,
				 .any = address_is_any(&ends->local),
				 .serves_v4 = !ends->v6only,
				 .serves_v6 = ends->local.storage.ss_family == AF_INET6,
				 .born = true,
				 .since = now,
				 .seen = now,
				 .until = CLOCK_NEVER };
	struct tenure *known = tenure_find(&owners->tenures, cookie);
	uint64_t started;

	tenure.owner.processes[0] = owners_process(owners, pid, thread, &started);
	if (!tenure.owner.processes[0])
		return false;
	tenure.owner.count = 1;
	tenure.owner.certainty = OWNER_EXACT;
	end_key_from(&tenure.key, ends);
	if (known) {
		tenure.since =
			known->since < now && known->key.local.port == tenure.key.local.port ? known->since : now;
		tenure_disown(&owners->tenures, known);
		known->until = now;
	}
	/* Of a socket without cookie nobody tells the end: it is over when the next one takes its place. */
	for (known = tenure_of_port(&owners->tenures, tenure.key.kind, tenure.key.local.port); known;
	     known = tenure_next(known))
		if (known->born && !known->id && known->until == CLOCK_NEVER)
			known->until = now;
	tenure_add(&owners->tenures, &tenure);
	return true;
}

int owners_fd(const struct owners *owners)
{
	return owners->events;
}

struct collecting {
	struct owners *owners;
	int64_t now;
	void (*gone)(void *context, const struct socket *socket);
	void *context;
};

static bool is_supervised(const struct owners *owners, const struct socket *socket)
{
	const struct tenure *tenure = tenure_of_port(&owners->tenures, socket->kind, address_port(&socket->local));

	while (tenure && !tenure->born)
		tenure = tenure_next(tenure);
	return tenure != NULL;
}

/* Somebody whom nobody saw had a port of UDP that a supervised program had: of whose it is nothing is known. */
static void note_stranger(struct owners *owners, const struct socket *socket, int64_t now)
{
	struct tenure stranger = { .since = now, .seen = now, .until = now };

	if (socket->kind != SOCKET_UDP || !is_supervised(owners, socket))
		return;
	tenure_describe(&stranger, socket);
	tenure_add(&owners->tenures, &stranger);
}

static void collect_one(void *context, const struct socket *socket)
{
	const struct collecting *collecting = context;
	struct tenure *tenure = tenure_find(&collecting->owners->tenures, socket->cookie);

	if (!tenure)
		note_stranger(collecting->owners, socket, collecting->now);
	else if (tenure->until == CLOCK_NEVER)
		tenure->until = collecting->now;
	if (collecting->gone)
		collecting->gone(collecting->context, socket);
}

bool owners_collect(struct owners *owners, int64_t now, void (*gone)(void *context, const struct socket *socket),
		    void *context)
{
	struct collecting collecting = { owners, now, gone, context };

	return owners->events < 0 || destroyed_read(owners->events, collect_one, &collecting);
}

bool owners_still(struct owners *owners, const struct socket_ends *ends, uint64_t cookie, int64_t now)
{
	struct tenure *tenure = tenure_find(&owners->tenures, cookie);
	struct error ignored;
	struct socket socket;

	if (!tenure || tenure->until != CLOCK_NEVER || tenure->owner.more || !owners->asked.link ||
	    socktable_find(&owners->asked, ends->kind, &ends->local, &ends->remote, &socket, &ignored) <= 0 ||
	    socket.cookie != cookie || !owners_hold(owners, tenure))
		return false;
	tenure->seen = now;
	return true;
}
