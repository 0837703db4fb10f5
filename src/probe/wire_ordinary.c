/* SPDX-License-Identifier: BSD-2-Clause */
/* What the ways without rights share: options of ordinary sockets, and errors as their queues tell them. */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "base/clock.h"
#include "probe/wire_parts.h"

#define TRIES 3u

/* Options that a family has, each under its own name. */
static const struct ordinary {
	const struct sock_option *v4, *v6;
	const char *why;
	bool needed;
} options[] = {
	{ &sock_recverr, &sock_v6recverr,
	  "ICMP errors are to be kept in the error queue, with who sent them and what they quote.", true },
	{ &sock_recvttl, &sock_v6recvhops, "With which TTL did an answer arrive?", false },
	{ &sock_recverr_rfc4884, &sock_v6recverr_rfc4884, "ICMP extensions (MPLS labels, interfaces) as well.", false },
};

static int set_traffic(const struct wire *wire, int fd)
{
	const bool v6 = wire->base.family == AF_INET6;

	if (wire->base.tos && sock_set(wire->narrator, fd, v6 ? &sock_v6class : &sock_tos, wire->base.tos,
				       "DSCP and ECN of every probe.") < 0)
		return -1;
	/* PROBE: never in fragments, and whatever is known of the path's MTU is not looked at. */
	if (v6)
		return sock_set(wire->narrator, fd, &sock_v6mtu_discover, IPV6_PMTUDISC_PROBE,
				"In one piece, whatever was learned of the path before.");
	return sock_set(wire->narrator, fd, &sock_mtu_discover,
			wire->base.dont_fragment ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT,
			wire->base.dont_fragment ? "DF is set, whatever was learned of the path before."
						 : "DF is not set: routers may cut the probe into fragments.");
}

int wire_ordinary(const struct wire *wire, int fd, struct error *err)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		const struct ordinary *option = &options[i];

		if (sock_set(wire->narrator, fd, wire->base.family == AF_INET6 ? option->v6 : option->v4, 1,
			     option->why) < 0 && option->needed)
			return error_errno(err, "%s: the kernel tells of no errors",
					   wire_method_name(wire->base.method));
	}
	if (set_traffic(wire, fd) < 0)
		return error_errno(err, "%s: the kernel refuses how they are to be sent",
				   wire_method_name(wire->base.method));
	return wire_bind_device(wire, fd, err);
}

static ssize_t send_once(const struct wire *wire, int fd, uint8_t ttl, const struct iovec *octets,
			 const struct address *to)
{
	const bool v6 = wire->base.family == AF_INET6;
	union {
		struct cmsghdr header;
		char octets[CMSG_SPACE(sizeof(int))];
	} control = { .octets = { 0 } };
	struct msghdr message = {
		.msg_name = (void *)(uintptr_t)&to->storage,
		.msg_namelen = to->length,
		.msg_iov = (void *)(uintptr_t)octets,
		.msg_iovlen = 1,
		.msg_control = control.octets,
		.msg_controllen = sizeof control,
	};
	int value = ttl;

	control.header.cmsg_level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	control.header.cmsg_type = v6 ? IPV6_HOPLIMIT : IP_TTL;
	control.header.cmsg_len = CMSG_LEN(sizeof value);
	memcpy(CMSG_DATA(&control.header), &value, sizeof value);
	return sock_sendmsg(wire->narrator, fd, &message, 0,
			    "A probe: its TTL is ours to choose, the kernel builds the IP header.");
}

/*
 * While an ICMP error of an earlier probe is pending, the kernel returns it in place of sending. So it is taken away
 * first (it stays in the error queue), and who still gets one tries again: what is an error of this machine stays.
 */
int wire_send_ordinary(struct wire *wire, int fd, struct wire_stamps *stamps, struct probe *probe,
		       const struct iovec *octets, const struct address *to)
{
	int error = 0;

	for (unsigned tries = 0; tries < TRIES; tries++) {
		sock_get(NULL, fd, &sock_error, &error, NULL);
		wire_stamps_sending(stamps, probe->packet.key);
		probe->sent = clock_monotonic();
		if (send_once(wire, fd, probe->packet.ttl, octets, to) >= 0) {
			wire_stamps_sent(stamps);
			return 0;
		}
		error = errno;
		wire_stamps_begin(wire, fd, stamps);
		if (error == EMSGSIZE)
			break;
	}
	return errno = error, -1;
}

/* ------------------------------------------------------------------------------------------------ errors */

/* As answer_read() sees them; a time that was exceeded by fragments is nothing that happens on the way. */
static const struct {
	uint8_t origin, type;
	int code; /* ANY: each */
	enum answer_kind kind;
} kinds[] = {
#define ANY (-1)
	{ SO_EE_ORIGIN_ICMP, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, ANSWER_EXCEEDED },
	{ SO_EE_ORIGIN_ICMP, ICMP_DEST_UNREACH, ANY, ANSWER_UNREACHABLE },
	{ SO_EE_ORIGIN_ICMP, ICMP_PARAMETERPROB, ANY, ANSWER_UNREACHABLE },
	{ SO_EE_ORIGIN_ICMP6, ICMP6_TIME_EXCEEDED, ICMP6_TIME_EXCEED_TRANSIT, ANSWER_EXCEEDED },
	{ SO_EE_ORIGIN_ICMP6, ICMP6_DST_UNREACH, ANY, ANSWER_UNREACHABLE },
	{ SO_EE_ORIGIN_ICMP6, ICMP6_PACKET_TOO_BIG, ANY, ANSWER_UNREACHABLE },
	{ SO_EE_ORIGIN_ICMP6, ICMP6_PARAM_PROB, ANY, ANSWER_UNREACHABLE },
};

static bool kind_of(const struct sock_extended_err *error, enum answer_kind *kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i].origin != error->ee_origin || kinds[i].type != error->ee_type ||
		    (kinds[i].code != ANY && kinds[i].code != error->ee_code))
			continue;
		*kind = kinds[i].kind;
		return true;
	}
	return false;
}

static bool tells_mtu(const struct sock_extended_err *error)
{
	return error->ee_origin == SO_EE_ORIGIN_ICMP6
		? error->ee_type == ICMP6_PACKET_TOO_BIG
		: error->ee_type == ICMP_DEST_UNREACH && error->ee_code == ICMP_FRAG_NEEDED;
}

/* As if the quoted packet had been seen, as far as the kernel has looked at it. */
static void fill_quote(const struct wire *wire, const struct probe_packet *packet, struct answer_quote *quote)
{
	static const uint8_t protocols[2][PROBE_METHODS] = {
		{ [PROBE_UDP] = IPPROTO_UDP, [PROBE_ICMP] = IPPROTO_ICMP, [PROBE_TCP] = IPPROTO_TCP },
		{ [PROBE_UDP] = IPPROTO_UDP, [PROBE_ICMP] = IPPROTO_ICMPV6, [PROBE_TCP] = IPPROTO_TCP },
	};

	quote->there = true;
	quote->seen = false;
	quote->protocol = protocols[wire->base.family == AF_INET6][wire->base.method];
	quote->source = wire->base.source;
	quote->target = wire->base.target;
	if (wire->base.method != PROBE_ICMP) {
		address_set_port(&quote->source, packet->source_port);
		address_set_port(&quote->target, packet->target_port);
	}
	quote->id = packet->key;
	quote->has_transport = true;
	quote->ident = wire->base.ident;
	quote->seq = packet->key;
	quote->sequence = wire->base.sequence + packet->key;
}

bool wire_answer_error(struct wire *wire, const struct wire_message *message, const struct probe_packet *packet,
		       struct answer *answer)
{
	enum answer_kind kind;

	if (!message->has_error || !message->offender.length || !kind_of(&message->error, &kind))
		return false;
	*answer = (struct answer){
		.kind = kind,
		.family = wire->base.family,
		.from = message->offender,
		.type = message->error.ee_type,
		.code = message->error.ee_code,
		.ttl = message->ttl,
		.mtu = tells_mtu(&message->error) ? message->error.ee_info : 0,
		.to = wire->base.source,
		.time = message->time,
	};
	address_set_port(&answer->from, 0);
	fill_quote(wire, packet, &answer->quote);
	wire_answer_extension(wire, message, packet, answer);
	return true;
}
