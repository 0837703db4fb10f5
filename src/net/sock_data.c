/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls that carry octets. */
#include <errno.h>
#include <linux/errqueue.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/uio.h>

#include "net/narrate.h"

/* Whether a receiving call on this descriptor, with these flags, waits for somebody. */
static bool receive_sleeps(int fd, int flags)
{
	return !(flags & (MSG_DONTWAIT | MSG_ERRQUEUE)) && call_blocks(fd);
}

static void write_flags(struct call *call, int flags)
{
	text_string(&call->line, ", ");
	narrate_message_flags(&call->line, flags);
}

/* ------------------------------------------------------------------------------------------------ send, sendto */

static __attribute__((cold)) ssize_t tell_sendto(const struct narrator *n, int fd, const void *data, size_t length,
						 int flags, const struct address *to, const char *why, ssize_t result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "%s(%d, ", to ? "sendto" : "send", fd);
	narrate_quoted(&call.line, data, length);
	text_format(&call.line, ", %zu", length);
	write_flags(&call, flags);
	if (to) {
		text_string(&call.line, ", ");
		narrate_address(&call.line, to);
	}
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

ssize_t sock_send(const struct narrator *n, int fd, const void *data, size_t length, int flags, const char *why)
{
	ssize_t result = send(fd, data, length, flags | MSG_NOSIGNAL);

	return n ? tell_sendto(n, fd, data, length, flags | MSG_NOSIGNAL, NULL, why, result) : result;
}

ssize_t sock_sendto(const struct narrator *n, int fd, const void *data, size_t length, int flags,
		    const struct address *to, const char *why)
{
	const struct sockaddr *name = (const struct sockaddr *)&to->storage;
	ssize_t result = sendto(fd, data, length, flags | MSG_NOSIGNAL, name, to->length);

	return n ? tell_sendto(n, fd, data, length, flags | MSG_NOSIGNAL, to, why, result) : result;
}

/* ------------------------------------------------------------------------------------------------ recv, recvfrom */

/* got < 0: nothing came (yet). */
static void write_recv(struct call *call, int fd, const void *data, ssize_t got, size_t size, int flags)
{
	text_format(&call->line, "recv(%d, ", fd);
	if (got >= 0)
		narrate_quoted(&call->line, data, (size_t)got < size ? (size_t)got : size);
	else
		text_string(&call->line, "data");
	text_format(&call->line, ", %zu", size);
	write_flags(call, flags);
	text_char(&call->line, ')');
}

static __attribute__((cold)) ssize_t recv_told(const struct narrator *n, int fd, void *data, size_t size, int flags,
					       const char *why)
{
	struct call call;
	ssize_t result;

	call_begin(&call, n, why);
	if (receive_sleeps(fd, flags)) {
		write_recv(&call, fd, NULL, -1, size, flags);
		call_wait(&call);
	}
	result = recv(fd, data, size, flags);
	call_made(&call);
	write_recv(&call, fd, data, result, size, flags);
	call_over(&call, result);
	return result;
}

ssize_t sock_recv(const struct narrator *n, int fd, void *data, size_t size, int flags, const char *why)
{
	return n ? recv_told(n, fd, data, size, flags, why) : recv(fd, data, size, flags);
}

static ssize_t receive_from(int fd, void *data, size_t size, int flags, struct address *from)
{
	ssize_t result;

	if (!from)
		return recvfrom(fd, data, size, flags, NULL, NULL);
	from->length = sizeof from->storage;
	result = recvfrom(fd, data, size, flags, (struct sockaddr *)&from->storage, &from->length);
	if (result < 0)
		from->length = 0;
	return result;
}

static void write_recvfrom(struct call *call, int fd, const void *data, ssize_t got, size_t size, int flags,
			   const struct address *from)
{
	text_format(&call->line, "recvfrom(%d, ", fd);
	if (got >= 0)
		narrate_quoted(&call->line, data, (size_t)got < size ? (size_t)got : size);
	else
		text_string(&call->line, "data");
	text_format(&call->line, ", %zu", size);
	write_flags(call, flags);
	text_string(&call->line, ", ");
	if (got >= 0 || !from)
		narrate_address(&call->line, from);
	else
		text_string(&call->line, "from");
	text_char(&call->line, ')');
}

static __attribute__((cold)) ssize_t recvfrom_told(const struct narrator *n, int fd, void *data, size_t size,
						   int flags, struct address *from, const char *why)
{
	struct call call;
	ssize_t result;

	call_begin(&call, n, why);
	if (receive_sleeps(fd, flags)) {
		write_recvfrom(&call, fd, NULL, -1, size, flags, from);
		call_wait(&call);
	}
	result = receive_from(fd, data, size, flags, from);
	call_made(&call);
	write_recvfrom(&call, fd, data, result, size, flags, from);
	call_over(&call, result);
	return result;
}

ssize_t sock_recvfrom(const struct narrator *n, int fd, void *data, size_t size, int flags, struct address *from,
		      const char *why)
{
	return n ? recvfrom_told(n, fd, data, size, flags, from, why) : receive_from(fd, data, size, flags, from);
}

/* ------------------------------------------------------------------------------------------------ messages */

#define CONTROL_ROOM 256 /* octets of control data that are looked at */

static size_t octets_of(const struct msghdr *message)
{
	size_t length = 0;

	for (size_t i = 0; i < message->msg_iovlen; i++)
		length += message->msg_iov[i].iov_len;
	return length;
}

static void write_octets(struct text *line, const struct msghdr *message, size_t length)
{
	uint8_t start[NARRATE_OCTETS + 1];
	size_t wanted = length < sizeof start ? length : sizeof start, have = 0;

	for (size_t i = 0; i < message->msg_iovlen && have < wanted; i++) {
		const struct iovec *part = &message->msg_iov[i];
		size_t taken = part->iov_len < wanted - have ? part->iov_len : wanted - have;

		if (taken)
			memcpy(start + have, part->iov_base, taken);
		have += taken;
	}
	narrate_quoted(line, start, have < sizeof start ? have : length);
}

/* 0: none is named. */
static void write_interface(struct text *line, unsigned index)
{
	char name[IF_NAMESIZE];

	if (!index || !if_indextoname(index, name))
		return;
	text_string(line, " on ");
	text_escaped(line, name, strlen(name));
}

static void write_pktinfo(struct text *line, const void *data, bool sent)
{
	struct in_pktinfo info;

	memcpy(&info, data, sizeof info);
	text_string(line, "IP_PKTINFO ");
	text_wrote(line, put_ipv4(text_room(line, 16), ntohl((sent ? info.ipi_spec_dst : info.ipi_addr).s_addr)));
	write_interface(line, (unsigned)info.ipi_ifindex);
}

static void write_v6pktinfo(struct text *line, const void *data, bool sent)
{
	struct in6_pktinfo info;

	(void)sent;
	memcpy(&info, data, sizeof info);
	text_string(line, "IPV6_PKTINFO ");
	text_wrote(line, put_ipv6(text_room(line, 46), info.ipi6_addr.s6_addr));
	write_interface(line, info.ipi6_ifindex);
}

static void write_segment(struct text *line, const void *data, bool sent)
{
	uint16_t octets;

	(void)sent;
	memcpy(&octets, data, sizeof octets);
	text_format(line, "UDP_SEGMENT %u", octets);
}

/* What a router or a host said of a datagram that it could not deliver. */
static void write_refusal(struct text *line, const void *data, bool sent)
{
	struct sock_extended_err refusal;
	const char *name;

	(void)sent;
	memcpy(&refusal, data, sizeof refusal);
	name = strerrorname_np((int)refusal.ee_errno);
	text_format(line, "IP_RECVERR %s, ICMP type %u code %u", name ? name : "E?", refusal.ee_type, refusal.ee_code);
}

/* Where a datagram came to or leaves from, how it is to be cut, and why it came back. */
static const struct control {
	int level, type;
	size_t size;
	void (*write)(struct text *line, const void *data, bool sent);
} controls[] = {
	{ IPPROTO_IP, IP_PKTINFO, sizeof(struct in_pktinfo), write_pktinfo },
	{ IPPROTO_IPV6, IPV6_PKTINFO, sizeof(struct in6_pktinfo), write_v6pktinfo },
	{ SOL_UDP, UDP_SEGMENT, sizeof(uint16_t), write_segment },
	{ IPPROTO_IP, IP_RECVERR, sizeof(struct sock_extended_err), write_refusal },
	{ IPPROTO_IPV6, IPV6_RECVERR, sizeof(struct sock_extended_err), write_refusal },
};

static void write_control(struct text *line, const struct cmsghdr *header, bool sent)
{
	text_string(line, ", ");
	for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
		const struct control *c = &controls[i];

		if (header->cmsg_level == c->level && header->cmsg_type == c->type &&
		    header->cmsg_len >= CMSG_LEN(c->size)) {
			c->write(line, CMSG_DATA(header), sent);
			return;
		}
	}
	text_format(line, "control %d/%d", header->cmsg_level, header->cmsg_type);
}

/* A copy, because control data need not lie where a struct cmsghdr may. */
static void write_controls(struct text *line, const struct msghdr *message, bool sent)
{
	union {
		struct cmsghdr header;
		char octets[CONTROL_ROOM];
	} room;
	struct msghdr copy = { .msg_control = room.octets, .msg_controllen = message->msg_controllen };

	if (!message->msg_control || !message->msg_controllen)
		return;
	if (copy.msg_controllen > sizeof room)
		copy.msg_controllen = sizeof room;
	memcpy(room.octets, message->msg_control, copy.msg_controllen);
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&copy); at; at = CMSG_NXTHDR(&copy, at))
		write_control(line, at, sent);
}

void narrate_message(struct text *line, const struct msghdr *message, size_t length, bool sent)
{
	struct address peer = { .length = message->msg_name ? message->msg_namelen : 0 };

	text_char(line, '{');
	if (peer.length && peer.length <= sizeof peer.storage) {
		memcpy(&peer.storage, message->msg_name, peer.length);
		narrate_address(line, &peer);
		text_string(line, ", ");
	}
	write_octets(line, message, length);
	write_controls(line, message, sent);
	if (!sent && message->msg_flags & ~MSG_CMSG_CLOEXEC) {
		text_string(line, ", ");
		narrate_message_flags(line, message->msg_flags & ~MSG_CMSG_CLOEXEC);
	}
	text_char(line, '}');
}

static __attribute__((cold)) ssize_t tell_sendmsg(const struct narrator *n, int fd, const struct msghdr *message,
						  int flags, const char *why, ssize_t result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "sendmsg(%d, ", fd);
	narrate_message(&call.line, message, octets_of(message), true);
	write_flags(&call, flags);
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

ssize_t sock_sendmsg(const struct narrator *n, int fd, const struct msghdr *message, int flags, const char *why)
{
	ssize_t result = sendmsg(fd, message, flags | MSG_NOSIGNAL);

	return n ? tell_sendmsg(n, fd, message, flags | MSG_NOSIGNAL, why, result) : result;
}

static __attribute__((cold)) ssize_t recvmsg_told(const struct narrator *n, int fd, struct msghdr *message, int flags,
						  const char *why)
{
	struct call call;
	ssize_t result;

	call_begin(&call, n, why);
	if (receive_sleeps(fd, flags)) {
		text_format(&call.line, "recvmsg(%d, message", fd);
		write_flags(&call, flags);
		text_char(&call.line, ')');
		call_wait(&call);
	}
	result = recvmsg(fd, message, flags);
	call_made(&call);
	text_format(&call.line, "recvmsg(%d, ", fd);
	if (result >= 0)
		narrate_message(&call.line, message, (size_t)result, false);
	else
		text_string(&call.line, "message");
	write_flags(&call, flags);
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

ssize_t sock_recvmsg(const struct narrator *n, int fd, struct msghdr *message, int flags, const char *why)
{
	return n ? recvmsg_told(n, fd, message, flags, why) : recvmsg(fd, message, flags);
}

/* ------------------------------------------------------------------------------------------------ many messages */

static void write_messages(struct text *line, const struct mmsghdr *messages, unsigned count, bool sent)
{
	text_char(line, '[');
	for (unsigned i = 0; i < count; i++) {
		const struct msghdr *message = &messages[i].msg_hdr;

		text_string(line, i ? ", " : "");
		if (i == NARRATE_LIST) {
			text_string(line, "...");
			break;
		}
		narrate_message(line, message, sent ? octets_of(message) : messages[i].msg_len, sent);
	}
	text_char(line, ']');
}

static __attribute__((cold)) int tell_sendmmsg(const struct narrator *n, int fd, const struct mmsghdr *messages,
					       unsigned count, int flags, const char *why, int result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "sendmmsg(%d, ", fd);
	write_messages(&call.line, messages, count, true);
	text_format(&call.line, ", %u", count);
	write_flags(&call, flags);
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

int sock_sendmmsg(const struct narrator *n, int fd, struct mmsghdr *messages, unsigned count, int flags,
		  const char *why)
{
	int result = sendmmsg(fd, messages, count, flags | MSG_NOSIGNAL);

	return n ? tell_sendmmsg(n, fd, messages, count, flags | MSG_NOSIGNAL, why, result) : result;
}

static void write_recvmmsg(struct call *call, int fd, const struct mmsghdr *messages, int got, unsigned count,
			   int flags)
{
	text_format(&call->line, "recvmmsg(%d, ", fd);
	if (got >= 0)
		write_messages(&call->line, messages, (unsigned)got, false);
	else
		text_string(&call->line, "messages");
	text_format(&call->line, ", %u", count);
	write_flags(call, flags);
	text_string(&call->line, ", NULL)");
}

static __attribute__((cold)) int recvmmsg_told(const struct narrator *n, int fd, struct mmsghdr *messages,
					       unsigned count, int flags, const char *why)
{
	struct call call;
	int result;

	call_begin(&call, n, why);
	if (receive_sleeps(fd, flags)) {
		write_recvmmsg(&call, fd, NULL, -1, count, flags);
		call_wait(&call);
	}
	result = recvmmsg(fd, messages, count, flags, NULL);
	call_made(&call);
	write_recvmmsg(&call, fd, messages, result, count, flags);
	call_over(&call, result);
	return result;
}

int sock_recvmmsg(const struct narrator *n, int fd, struct mmsghdr *messages, unsigned count, int flags,
		  const char *why)
{
	return n ? recvmmsg_told(n, fd, messages, count, flags, why) : recvmmsg(fd, messages, count, flags, NULL);
}
