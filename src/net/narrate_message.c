/* SPDX-License-Identifier: BSD-2-Clause */
/* How a message is told: who it is from or for, its octets, and what the kernel or the caller says beside them. */
#include <inttypes.h>
#include <linux/errqueue.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/uio.h>
#include <time.h>

#include "net/narrate.h"

#define CONTROL_ROOM 256 /* octets of control data that are looked at */

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

/* Who says what the error queue holds. */
static const struct value_name origins[] = {
	{ SO_EE_ORIGIN_LOCAL, "this machine" },
	{ SO_EE_ORIGIN_ICMP, "ICMP" },
	{ SO_EE_ORIGIN_ICMP6, "ICMPv6" },
	{ 0, NULL },
};

/* What a router or a host said of a datagram that it could not deliver; or that there is a time stamp, or that
 * octets which were sent without a copy are no longer needed. */
static void write_refusal(struct text *line, const void *data, bool sent)
{
	struct sock_extended_err refusal;
	const char *name;

	(void)sent;
	memcpy(&refusal, data, sizeof refusal);
	if (refusal.ee_origin == SO_EE_ORIGIN_TIMESTAMPING) {
		text_format(line, "time stamp of packet %u", refusal.ee_data);
		return;
	}
	if (refusal.ee_origin == SO_EE_ORIGIN_ZEROCOPY) {
		text_format(line, "MSG_ZEROCOPY: calls %u to %u are over%s", refusal.ee_info, refusal.ee_data,
			    refusal.ee_code == SO_EE_CODE_ZEROCOPY_COPIED ? ", copied" : "");
		return;
	}
	name = strerrorname_np((int)refusal.ee_errno);
	text_format(line, "IP_RECVERR %s, ", name ? name : "E?");
	narrate_value(line, origins, refusal.ee_origin);
	if (refusal.ee_origin != SO_EE_ORIGIN_LOCAL)
		text_format(line, " type %u code %u", refusal.ee_type, refusal.ee_code);
	if (refusal.ee_info)
		text_format(line, " info %u", refusal.ee_info);
}

static void write_ttl(struct text *line, const void *data, bool sent)
{
	int ttl;

	(void)sent;
	memcpy(&ttl, data, sizeof ttl);
	text_format(line, "IP_TTL %d", ttl);
}

static void write_class(struct text *line, const void *data, bool sent)
{
	(void)sent;
	text_format(line, "IP_TOS %u", *(const uint8_t *)data);
}

static void write_hops(struct text *line, const void *data, bool sent)
{
	int hops;

	(void)sent;
	memcpy(&hops, data, sizeof hops);
	text_format(line, "IPV6_HOPLIMIT %d", hops);
}

/* The first of three: the software's. */
static void write_time(struct text *line, const void *data, bool sent)
{
	struct timespec time;

	(void)sent;
	memcpy(&time, data, sizeof time);
	text_format(line, "SCM_TIMESTAMPING %lld.%09ld", (long long)time.tv_sec, time.tv_nsec);
}

static void write_stamp(struct text *line, const void *data, bool sent)
{
	struct timeval time;

	(void)sent;
	memcpy(&time, data, sizeof time);
	text_format(line, "SO_TIMESTAMP %lld.%06ld", (long long)time.tv_sec, (long)time.tv_usec);
}

static void write_stamp_ns(struct text *line, const void *data, bool sent)
{
	struct timespec time;

	(void)sent;
	memcpy(&time, data, sizeof time);
	text_format(line, "SO_TIMESTAMPNS %lld.%09ld", (long long)time.tv_sec, time.tv_nsec);
}

static uint32_t number(const void *data)
{
	uint32_t value;

	memcpy(&value, data, sizeof value);
	return value;
}

static void write_drops(struct text *line, const void *data, bool sent)
{
	(void)sent;
	text_format(line, "SO_RXQ_OVFL %u", number(data));
}

static void write_priority(struct text *line, const void *data, bool sent)
{
	(void)sent;
	text_format(line, "SO_PRIORITY %u", number(data));
}

static void write_gro(struct text *line, const void *data, bool sent)
{
	(void)sent;
	text_format(line, "UDP_GRO %u", number(data));
}

static void write_credentials(struct text *line, const void *data, bool sent)
{
	struct ucred who;

	(void)sent;
	memcpy(&who, data, sizeof who);
	text_format(line, "SCM_CREDENTIALS pid %d uid %u gid %u", who.pid, who.uid, who.gid);
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
	{ IPPROTO_IP, IP_TTL, sizeof(int), write_ttl },
	{ IPPROTO_IP, IP_TOS, sizeof(uint8_t), write_class },
	{ IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(int), write_hops },
	{ SOL_SOCKET, SCM_TIMESTAMPING, sizeof(struct timespec), write_time },
	{ SOL_SOCKET, SO_TIMESTAMP, sizeof(struct timeval), write_stamp },
	{ SOL_SOCKET, SO_TIMESTAMPNS, sizeof(struct timespec), write_stamp_ns },
	{ SOL_SOCKET, SO_RXQ_OVFL, sizeof(uint32_t), write_drops },
	{ SOL_SOCKET, SO_PRIORITY, sizeof(uint32_t), write_priority },
	{ SOL_SOCKET, SCM_CREDENTIALS, sizeof(struct ucred), write_credentials },
	{ SOL_UDP, UDP_GRO, sizeof(int), write_gro },
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
