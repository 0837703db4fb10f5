/* SPDX-License-Identifier: BSD-2-Clause */
/* date listen, chat listen: every broadcast that arrives at a port, once. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/interfaces.h"
#include "play/asking.h"

#define HEARD_MOST 16           /* datagrams that are remembered */
#define HEARD_INTERFACES 8      /* interfaces on which one may be heard again */
#define HEARD_NS (5 * NS_PER_S) /* a busy machine may be slow to take the second */

/* A datagram of a moment ago. */
struct heard {
	uint64_t hash;
	size_t length;
	struct address from;
	int64_t at;
	unsigned interfaces[HEARD_INTERFACES];
	unsigned interface_count;
};

struct listening {
	const struct listener_options *options;
	struct tally *tally;
	int fd;
	struct address local;
	struct heard heard[HEARD_MOST]; /* a ring */
	unsigned next;
	uint8_t *data;
};

struct arrival {
	struct address from;
	size_t length;
	unsigned interface; /* 0: not told */
};

/* ------------------------------------------------------------------------------------------------ heard twice */

/* FNV-1a: what is compared comes from this machine itself, nobody is to be kept from finding a collision. */
static uint64_t hash_of(const uint8_t *data, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ data[i]) * 0x100000001b3u;
	return hash;
}

static bool has_address(const struct interfaces *all, const char *host)
{
	size_t length = strlen(host);

	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < all->list[i].address_count; k++)
			if (!strncmp(all->list[i].addresses[k], host, length) &&
			    all->list[i].addresses[k][length] == '/')
				return true;
	return false;
}

static bool both_are_ours(const struct address *a, const struct address *b)
{
	char host_a[ADDRESS_TEXT], host_b[ADDRESS_TEXT];
	struct interfaces all = { 0 };
	struct error err;
	bool ours;

	if (interfaces_read(&all, &err) < 0)
		return false;
	ours = has_address(&all, address_host_text(a, host_a)) && has_address(&all, address_host_text(b, host_b));
	interfaces_release(&all);
	return ours;
}

static bool heard_on(const struct heard *heard, unsigned interface)
{
	for (unsigned i = 0; i < heard->interface_count; i++)
		if (heard->interfaces[i] == interface)
			return true;
	return heard->interface_count == HEARD_INTERFACES;
}

/*
 * A program of this machine that sends its broadcast by every interface is heard by us once for each of them, from
 * another address each time but from one port. What comes again by the same interface has been said again.
 */
static bool is_known(struct listening *l, const struct arrival *arrival)
{
	uint64_t hash = hash_of(l->data, arrival->length);
	int64_t now = clock_monotonic();
	struct heard *heard;

	if (!arrival->interface)
		return false;
	for (unsigned i = 0; i < HEARD_MOST; i++) {
		heard = &l->heard[(l->next + i) % HEARD_MOST];
		if (!heard->interface_count || heard->hash != hash || heard->length != arrival->length ||
		    now - heard->at > HEARD_NS || address_port(&heard->from) != address_port(&arrival->from) ||
		    heard_on(heard, arrival->interface) || !both_are_ours(&heard->from, &arrival->from))
			continue;
		heard->interfaces[heard->interface_count++] = arrival->interface;
		return true;
	}
	heard = &l->heard[l->next++ % HEARD_MOST];
	*heard = (struct heard){ .hash = hash,
				 .length = arrival->length,
				 .from = arrival->from,
				 .at = now,
				 .interfaces = { arrival->interface },
				 .interface_count = 1 };
	return false;
}

/* ------------------------------------------------------------------------------------------------ hearing */

static unsigned interface_of(struct msghdr *message)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		struct in_pktinfo v4;
		struct in6_pktinfo v6;

		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&v4, CMSG_DATA(c), sizeof v4);
			return (unsigned)v4.ipi_ifindex;
		}
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&v6, CMSG_DATA(c), sizeof v6);
			return v6.ipi6_ifindex;
		}
	}
	return 0;
}

/* 1: a datagram; 0: none was there after all; -1 with err. */
static int take(struct listening *l, struct arrival *arrival, struct error *err)
{
	_Alignas(struct cmsghdr) uint8_t control[256];
	struct iovec vector = { l->data, DATAGRAM_MOST };
	struct msghdr message = { .msg_name = &arrival->from.storage,
				  .msg_namelen = sizeof arrival->from.storage,
				  .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof control };
	ssize_t got =
		sock_recvmsg(l->options->client.narrator, l->fd, &message, MSG_DONTWAIT,
			     "Takes one datagram, who sent it and, in the packet information, by which interface it "
			     "came.");

	if (got < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOMEM || errno == ENOBUFS))
		return 0;
	if (got < 0)
		return error_errno(err, "nothing can be received any more");
	arrival->from.length = message.msg_namelen;
	arrival->length = (size_t)got;
	arrival->interface = interface_of(&message);
	return 1;
}

static void hear(struct listening *l, const struct arrival *arrival)
{
	const struct client *client = &l->options->client;
	struct event event = { .kind = EVENT_RECEIVED,
			       .type = SOCK_DGRAM,
			       .local = &l->local,
			       .peer = &arrival->from,
			       .data = l->data,
			       .length = arrival->length };
	struct date_value date;
	char note[96];

	l->tally->datagrams++;
	l->tally->messages_in++;
	l->tally->octets_in += arrival->length;
	if (l->options->dates && date_parse(l->data, arrival->length, &date))
		l->tally->equal++;
	else if (l->options->dates)
		l->tally->altered++;
	if (arrival->length > BROADCAST_SAFE) {
		snprintf(note, sizeof note, "%zu octets: the course's listener shows only the first %u",
			 arrival->length, BROADCAST_SAFE);
		event.note = note;
	}
	report(client->reporter, event);
}

static enum client_answer listen_on(struct listening *l, struct error *err)
{
	const struct client *client = &l->options->client;
	struct wait wait = { .fd = l->fd, .why = "Waits for the next datagram of anybody." };

	wait.until = clock_deadline(client->timeout_ns);
	while (!client->count || l->tally->datagrams < client->count) {
		unsigned there = client_wait(client, &wait);
		struct arrival arrival = { 0 };
		int got;

		if (there == WAIT_SIGNAL)
			return CLIENT_DONE;
		if (!there)
			return l->tally->datagrams ? CLIENT_DONE : CLIENT_NO;
		got = take(l, &arrival, err);
		if (got < 0)
			return CLIENT_ERROR;
		if (got && !is_known(l, &arrival))
			hear(l, &arrival);
		if (got)
			wait.until = clock_deadline(client->timeout_ns);
	}
	return CLIENT_DONE;
}

static int open_listener(struct listening *l, struct error *err)
{
	const struct client *client = &l->options->client;
	const char *host = client->host ? client->host : client->family == AF_INET6 ? "::" : "0.0.0.0";
	struct addresses list = { 0 };

	if (endpoint_resolve(client->narrator, host, client->port, client->family, SOCK_DGRAM, &list, err) < 0)
		return -1;
	l->fd = endpoint_bind(client->narrator, &list.list[0], SOCK_DGRAM, ENDPOINT_SHARED | ENDPOINT_PKTINFO,
			      &l->local, err);
	addresses_release(&list);
	return l->fd < 0 ? -1 : 0;
}

enum client_answer listen_run(const struct listener_options *options, struct tally *tally, struct error *err)
{
	struct listening l = { .options = options, .tally = tally };
	enum client_answer answer;

	if (open_listener(&l, err) < 0)
		return CLIENT_ERROR;
	l.data = mem_new(DATAGRAM_MOST, 1);
	report(options->client.reporter,
	       (struct event){ .kind = EVENT_LISTENING, .type = SOCK_DGRAM, .local = &l.local });
	answer = listen_on(&l, err);
	client_done(&options->client, l.tally);
	sock_close(options->client.narrator, l.fd, "Gives the port back.");
	free(l.data);
	return answer;
}
