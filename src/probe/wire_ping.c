/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMP without rights: a ping socket sends echo requests whose identifier is the kernel's, and gets the replies to it;
 * errors come through the error queue. Everything behind the IP header is as libnet built it, the checksum too.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/clock.h"
#include "net/endpoint.h"
#include "probe/craft.h"
#include "probe/wire_parts.h"

#define HEADER 8 /* of an echo */
#define IDENT_AT 4
#define SEQ_AT 6

struct ping {
	struct wire head;
	struct craft *craft;
	int fd;
	struct wire_stamps stamps;
	struct wire_message message;
};

static uint16_t read_u16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* The port of a ping socket is the identifier. One that another ping has is not insisted on. */
static int choose_ident(struct ping *ping, struct error *err)
{
	const struct narrator *n = ping->head.narrator;
	struct address at = ping->head.base.source;
	int bound;

	address_set_port(&at, ping->head.base.ident);
	bound = sock_bind(n, ping->fd, &at, "The port of a ping socket is the identifier of its echo requests.");
	if (bound < 0 && errno == EADDRINUSE) {
		address_set_port(&at, 0);
		bound = sock_bind(n, ping->fd, &at, "Another ping has that one; the kernel picks a free one.");
	}
	if (bound < 0 || sock_name(n, ping->fd, &at, "Which identifier is it?") < 0)
		return error_errno(err, "ping socket: no identifier is to be had");
	ping->head.base.ident = address_port(&at);
	return 0;
}

static enum wire_opened ping_open(struct wire *wire, struct error *err)
{
	struct ping *ping = (struct ping *)wire;

	ping->fd = sock_open_protocol(wire->narrator, wire->base.family, SOCK_DGRAM | SOCK_NONBLOCK,
				      wire->base.family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP,
				      "A ping socket takes no capability, but a group that may ping.");
	if (ping->fd < 0 && (errno == EACCES || errno == EPERM))
		return error_set(err, "ICMP probes: not permitted: the sysctl net.ipv4.ping_group_range leaves our "
				      "group out, and CAP_NET_RAW is missing; UDP probes work without either");
	if (ping->fd < 0)
		return error_errno(err, "ICMP probes: no ping socket");
	if (choose_ident(ping, err) < 0 || wire_ordinary(wire, ping->fd, err) < 0 ||
	    wire_watch(wire, ping->fd, EPOLLIN, "Replies (EPOLLIN), and errors, which need no asking.", err) < 0)
		return WIRE_FAILED;
	wire_stamps_begin(wire, ping->fd, &ping->stamps);
	wire_await_clock(wire);
	ping->craft = craft_new(&wire->base, err);
	return ping->craft ? WIRE_OPEN : WIRE_FAILED;
}

static void ping_close(struct wire *wire)
{
	struct ping *ping = (struct ping *)wire;

	if (ping->fd >= 0)
		sock_close(wire->narrator, ping->fd, NULL);
	craft_free(ping->craft);
}

static int ping_send(struct wire *wire, struct probe *probe)
{
	struct ping *ping = (struct ping *)wire;
	struct crafted crafted;
	struct iovec octets;
	struct error unsaid;

	if (craft_probe(ping->craft, &probe->packet, &crafted, &unsaid) < 0)
		return errno = EINVAL, -1;
	octets = (struct iovec){ (void *)(uintptr_t)(crafted.data + crafted.header), crafted.length - crafted.header };
	return wire_send_ordinary(wire, ping->fd, &ping->stamps, probe, &octets, &wire->base.target);
}

/* What the error queue holds next: 1 an answer, 0 something else, -1 nothing. It quotes from the ICMP header on. */
static int take_error(struct ping *ping, struct answer *answer, wire_left *left, void *context)
{
	struct wire_message *message = &ping->message;
	struct probe_packet packet = { .ttl = 0 };

	if (!wire_take(&ping->head, ping->fd, MSG_ERRQUEUE, message, "The error queue: who answers, and of what."))
		return -1;
	if (wire_stamps_tell(&ping->stamps, message, left, context) || message->length < HEADER)
		return 0;
	packet.key = read_u16(message->data + SEQ_AT);
	return packet.key && wire_answer_error(&ping->head, message, &packet, answer);
}

static int take_reply(struct ping *ping, struct answer *answer)
{
	struct wire_message *message = &ping->message;

	if (!wire_take(&ping->head, ping->fd, 0, message, "An echo reply."))
		return errno == EAGAIN ? -1 : 0;
	if (message->length < HEADER)
		return 0;
	*answer = (struct answer){
		.kind = ANSWER_ECHO,
		.family = ping->head.base.family,
		.from = message->name,
		.type = message->data[0],
		.code = message->data[1],
		.ttl = message->ttl,
		.ident = read_u16(message->data + IDENT_AT),
		.seq = read_u16(message->data + SEQ_AT),
		.to = ping->head.base.source,
		.time = message->time,
	};
	address_set_port(&answer->from, 0);
	return 1;
}

static int ping_receive(struct wire *wire, struct answer *answer, wire_left *left, void *context, struct error *err)
{
	struct ping *ping = (struct ping *)wire;
	int got;

	(void)err;
	while ((got = take_error(ping, answer, left, context)) == 0)
		;
	while (got < 0 && (got = take_reply(ping, answer)) == 0)
		;
	if (got < 0)
		return 0;
	answer->seen = clock_monotonic();
	return 1;
}

const struct wire_way wire_ping = {
	.limits = {
		.name = "ping socket and IP_RECVERR",
		.flows = true,
		.missing = "without CAP_NET_RAW the kernel builds the IP headers and keeps those that come back: "
			   "neither DSCP nor translators are seen, and the flow label of IPv6 is the kernel's",
	},
	.size = sizeof(struct ping),
	.open = ping_open,
	.send = ping_send,
	.receive = ping_receive,
	.close = ping_close,
};
