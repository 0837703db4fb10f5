/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TCP without rights: each probe is a connection of its own that is begun with a small TTL and never used. The socket
 * itself says whose answer came. Whatever answers ends it: an open port is left at once, with a reset.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/clock.h"
#include "net/endpoint.h"
#include "probe/wire_parts.h"

#define SOCKETS 256u /* at a time; of more the oldest is given up */

/* A probe on its way; key 0: none. */
struct attempt {
	int fd;
	struct probe_packet packet;
};

struct connect {
	struct wire head;
	struct attempt list[SOCKETS];
	unsigned next;
	struct wire_message message;
};

static enum wire_opened connect_open(struct wire *wire, struct error *err)
{
	(void)err;
	wire->source_port = 0;
	return WIRE_OPEN;
}

/* Without lingering the kernel forgets the connection at once: a reset where there was one, nothing else. */
static void give_up(struct connect *c, struct attempt *attempt, const char *why)
{
	if (!attempt->packet.key)
		return;
	sock_set_linger(c->head.narrator, attempt->fd, 0, "No time to linger: an open connection is reset.");
	sock_close(c->head.narrator, attempt->fd, why);
	attempt->packet.key = 0;
}

static void connect_close(struct wire *wire)
{
	struct connect *c = (struct connect *)wire;

	for (unsigned i = 0; i < SOCKETS; i++)
		give_up(c, &c->list[i], NULL);
}

/* -1 with errno. */
static int begin(struct connect *c, int fd, struct probe *probe)
{
	struct wire *wire = &c->head;
	struct address to = wire->base.target;
	struct error unsaid;

	address_set_port(&to, probe->packet.target_port);
	if (wire_ordinary(wire, fd, &unsaid) < 0 ||
	    sock_set(wire->narrator, fd, wire->base.family == AF_INET6 ? &sock_v6hops : &sock_ttl, probe->packet.ttl,
		     "The probe is the SYN: it gets as far as this.") < 0)
		return -1;
	sock_set(wire->narrator, fd, &sock_syncnt, 1,
		 "One repetition of the SYN: with fewer the kernel does not do.");
	probe->sent = clock_monotonic();
	if (sock_connect(wire->narrator, fd, &to, "Sends the SYN and does not wait.") < 0 && errno != EINPROGRESS)
		return -1;
	return wire_watch(wire, fd, EPOLLOUT, "Writable: connected. An error says what came instead.", &unsaid);
}

static int connect_send(struct wire *wire, struct probe *probe)
{
	struct connect *c = (struct connect *)wire;
	struct attempt *attempt = &c->list[c->next];
	uint16_t port = 0;
	int fd, error;

	give_up(c, attempt, "The oldest attempt makes room.");
	fd = wire_reserve(wire, SOCK_STREAM, &port, "A connection for this probe alone.");
	if (fd < 0)
		return -1;
	probe->packet.source_port = port;
	if (begin(c, fd, probe) < 0) {
		error = errno;
		sock_close(wire->narrator, fd, NULL);
		return errno = error, -1;
	}
	*attempt = (struct attempt){ .fd = fd, .packet = probe->packet };
	c->next = (c->next + 1) % SOCKETS;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ answers */

static void answer_as(struct connect *c, const struct attempt *attempt, enum answer_kind kind, struct answer *answer)
{
	const struct probe_base *base = &c->head.base;

	*answer = (struct answer){
		.kind = kind,
		.family = base->family,
		.from = base->target,
		.acknowledged = base->sequence + attempt->packet.key + 1,
		.to = base->source,
		.quote = { .id = attempt->packet.key },
	};
	address_set_port(&answer->from, attempt->packet.target_port);
	address_set_port(&answer->to, attempt->packet.source_port);
}

/* How the handshake ended, when no ICMP error has ended it. */
static bool take_end(struct connect *c, const struct attempt *attempt, struct answer *answer)
{
	static const struct {
		int error;
		enum answer_kind kind;
	} ends[] = {
		{ 0, ANSWER_TCP_OPEN }, { ECONNREFUSED, ANSWER_TCP_CLOSED }, { ECONNRESET, ANSWER_TCP_CLOSED },
	};
	int error = 0;

	if (sock_get(c->head.narrator, attempt->fd, &sock_error, &error, "How did the handshake end?") < 0)
		return false;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (ends[i].error != error)
			continue;
		answer_as(c, attempt, ends[i].kind, answer);
		return true;
	}
	return false;
}

static bool take_error(struct connect *c, const struct attempt *attempt, struct answer *answer)
{
	while (wire_take(&c->head, attempt->fd, MSG_ERRQUEUE, &c->message, "The error queue: who answers?"))
		if (wire_answer_error(&c->head, &c->message, &attempt->packet, answer))
			return true;
	return false;
}

static struct attempt *attempt_of(struct connect *c, int fd)
{
	for (unsigned i = 0; i < SOCKETS; i++)
		if (c->list[i].packet.key && c->list[i].fd == fd)
			return &c->list[i];
	return NULL;
}

static int connect_receive(struct wire *wire, struct answer *answer, wire_left *left, void *context,
			   struct error *err)
{
	struct connect *c = (struct connect *)wire;
	struct epoll_event event;
	struct attempt *attempt;
	bool found;

	(void)left;
	(void)context;
	(void)err;
	while (sock_epoll_wait(wire->narrator, wire->epoll, &event, 1, 0, "Has anything been answered?") > 0) {
		attempt = attempt_of(c, event.data.fd);
		if (!attempt)
			continue;
		found = take_error(c, attempt, answer) ||
			(event.events & EPOLLOUT && take_end(c, attempt, answer));
		if (found || event.events & EPOLLOUT)
			give_up(c, attempt, "This probe is over.");
		if (!found)
			continue;
		answer->seen = clock_monotonic();
		return 1;
	}
	return 0;
}

const struct wire_way wire_connect = {
	.limits = {
		.name = "connect() and IP_RECVERR",
		.missing = "without CAP_NET_RAW the kernel opens a connection for each probe: every one has a source "
			   "port and a flow of its own, times are by the program's clock, a SYN without answer is "
			   "repeated after a second, and neither DSCP nor translators are seen",
	},
	.size = sizeof(struct connect),
	.open = connect_open,
	.send = connect_send,
	.receive = connect_receive,
	.close = connect_close,
};
