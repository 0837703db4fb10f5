/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe/wire_ears.h"

#include <errno.h>
#include <linux/icmp.h>
#include <linux/net_tstamp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string.h>

#define LINKTYPE_IPV4 228
#define LINKTYPE_IPV6 229

/* ------------------------------------------------------------------------------------------------ opening */

/* Errors and, for probes that are echo requests, the replies: the others are not even queued. */
static int filter_icmp(const struct wire *wire, int fd)
{
	const char *why = "Of all ICMP messages those that can be an answer.";
	const bool echo = wire->base.method == PROBE_ICMP;
	struct icmp6_filter v6;

	if (wire->base.family == AF_INET)
		return sock_set(wire->narrator, fd, &sock_icmp_filter,
				~(1 << ICMP_DEST_UNREACH | 1 << ICMP_TIME_EXCEEDED | 1 << ICMP_PARAMETERPROB |
				  (echo ? 1 << ICMP_ECHOREPLY : 0)),
				why);
	ICMP6_FILTER_SETBLOCKALL(&v6);
	ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &v6);
	ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &v6);
	ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &v6);
	ICMP6_FILTER_SETPASS(ICMP6_PARAM_PROB, &v6);
	if (echo)
		ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &v6);
	return sock_set_octets(wire->narrator, fd, &sock_icmp6_filter, &v6, sizeof v6, why);
}

static int set_options(const struct wire *wire, int fd, struct error *err)
{
	if (sock_set(wire->narrator, fd, &sock_timestamping,
		     SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE,
		     "The kernel is to tell when each answer came in, whenever we get to read it.") < 0)
		return error_errno(err, "the kernel does not tell when packets come in");
	if (wire->base.family == AF_INET6 &&
	    sock_set(wire->narrator, fd, &sock_v6recvhops, 1, "With which hop limit did an answer arrive?") < 0)
		return error_errno(err, "the kernel does not tell hop limits");
	return wire_bind_device(wire, fd, err);
}

static int open_ear(struct wire *wire, struct wire_ears *ears, uint8_t protocol, const char *why, struct error *err)
{
	int fd = sock_open_protocol(wire->narrator, wire->base.family, SOCK_RAW | SOCK_NONBLOCK, protocol, why);

	if (fd < 0)
		return error_errno(err, "%s: answers cannot be heard", wire_method_name(wire->base.method));
	ears->fds[ears->count] = fd;
	ears->protocols[ears->count++] = protocol;
	if (set_options(wire, fd, err) < 0)
		return -1;
	return wire_watch(wire, fd, EPOLLIN, "Answers.", err);
}

/* Answers of the host itself, which are not of ICMP. */
static int open_second(struct wire *wire, struct wire_ears *ears, struct error *err)
{
	static const uint8_t protocols[PROBE_METHODS] = { [PROBE_UDP] = IPPROTO_UDP, [PROBE_TCP] = IPPROTO_TCP };
	const uint8_t protocol = protocols[wire->base.method];

	if (!protocol)
		return 0;
	if (open_ear(wire, ears, protocol, "A raw socket gets a copy of what the host itself answers.", err) < 0)
		return -1;
	if (sock_connect(wire->narrator, ears->fds[1], &wire->base.target, "From this host, and from no other.") < 0)
		return error_errno(err, "%s: answers cannot be heard", wire_method_name(wire->base.method));
	return 0;
}

int wire_ears_open(struct wire *wire, struct wire_ears *ears, struct error *err)
{
	const uint8_t protocol = wire->base.family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;

	if (open_ear(wire, ears, protocol, "A raw socket gets a copy of every ICMP message that comes in.", err) < 0)
		return -1;
	if (filter_icmp(wire, ears->fds[0]) < 0)
		return error_errno(err, "the kernel does not choose ICMP messages");
	return open_second(wire, ears, err);
}

void wire_ears_close(struct wire *wire, struct wire_ears *ears)
{
	for (unsigned i = 0; i < ears->count; i++)
		sock_close(wire->narrator, ears->fds[i], NULL);
}

/* ------------------------------------------------------------------------------------------------ hearing */

/*
 * Of IPv6 a raw socket gives what the header carries, behind all extension headers. The parts of the header that
 * answers are read from are put back in front of it (RFC 8200 section 3).
 */
static void put_header(const struct wire *wire, struct wire_ears *ears, uint8_t protocol)
{
	const struct wire_message *message = &ears->message;
	const struct sockaddr_in6 *from = (const void *)&message->name.storage;
	const struct sockaddr_in6 *to = (const void *)&wire->base.source.storage;
	uint8_t *header = ears->whole;

	memset(header, 0, EARS_HEADER);
	header[0] = 0x60;
	header[4] = (uint8_t)(message->length >> 8);
	header[5] = (uint8_t)message->length;
	header[6] = protocol;
	header[7] = message->ttl;
	memcpy(header + 8, &from->sin6_addr, 16);
	memcpy(header + 24, &to->sin6_addr, 16);
	memcpy(header + EARS_HEADER, message->data, message->length);
}

bool wire_ears_next(struct wire *wire, struct wire_ears *ears, struct frame *frame)
{
	const bool v6 = wire->base.family == AF_INET6;
	struct wire_message *message = &ears->message;
	unsigned i = 0;

	while (i < ears->count && !wire_take(wire, ears->fds[i], 0, message, "An answer, perhaps."))
		i++;
	if (i == ears->count)
		return false;
	if (v6)
		put_header(wire, ears, ears->protocols[i]);
	*frame = (struct frame){
		.data = v6 ? ears->whole : message->data,
		.cap_length = (uint32_t)(message->length + (v6 ? EARS_HEADER : 0)),
		.link = v6 ? LINKTYPE_IPV6 : LINKTYPE_IPV4,
		.has_time = message->time != 0,
		.time = message->time,
		.has_flags = true,
		.flags = FRAME_IN,
	};
	frame->wire_length = frame->cap_length;
	return true;
}
