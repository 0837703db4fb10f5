/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of sockets and of their error queues, with what the kernel says about them. */
#include <errno.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "probe/wire_parts.h"

static void read_error(struct wire_message *message, const struct cmsghdr *control)
{
	const size_t have = control->cmsg_len - CMSG_LEN(0);
	const uint8_t *data = CMSG_DATA(control);
	size_t length;

	if (have < sizeof message->error)
		return;
	memcpy(&message->error, data, sizeof message->error);
	message->has_error = true;
	length = have - sizeof message->error;
	if (length > sizeof message->offender.storage)
		length = sizeof message->offender.storage;
	memcpy(&message->offender.storage, data + sizeof message->error, length);
	if (message->offender.storage.ss_family == AF_INET && length >= sizeof(struct sockaddr_in))
		message->offender.length = sizeof(struct sockaddr_in);
	else if (message->offender.storage.ss_family == AF_INET6 && length >= sizeof(struct sockaddr_in6))
		message->offender.length = sizeof(struct sockaddr_in6);
}

/* The first of its three is the software's. */
static void read_time(struct wire_message *message, const struct cmsghdr *control)
{
	struct timespec time;

	memcpy(&time, CMSG_DATA(control), sizeof time);
	message->time = time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void read_ttl(struct wire_message *message, const struct cmsghdr *control)
{
	int ttl;

	memcpy(&ttl, CMSG_DATA(control), sizeof ttl);
	message->ttl = (uint8_t)ttl;
}

static const struct {
	int level, type;
	void (*read)(struct wire_message *message, const struct cmsghdr *control);
} controls[] = {
	{ IPPROTO_IP, IP_RECVERR, read_error },
	{ IPPROTO_IPV6, IPV6_RECVERR, read_error },
	{ SOL_SOCKET, SCM_TIMESTAMPING, read_time },
	{ IPPROTO_IP, IP_TTL, read_ttl },
	{ IPPROTO_IPV6, IPV6_HOPLIMIT, read_ttl },
};

static void read_control(struct wire_message *message, const struct cmsghdr *control)
{
	for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
		if (controls[i].level == control->cmsg_level && controls[i].type == control->cmsg_type)
			controls[i].read(message, control);
}

/* Whoever listens to the calls shall hear of those that find something. */
static bool waits(int fd, int flags)
{
	struct pollfd look = { .fd = fd, .events = POLLIN };

	return sock_poll(NULL, &look, 1, 0, NULL) > 0 &&
	       look.revents & (flags & MSG_ERRQUEUE ? POLLERR : POLLIN | POLLERR);
}

bool wire_take(const struct wire *wire, int fd, int flags, struct wire_message *message, const char *why)
{
	union {
		struct cmsghdr header;
		char octets[512];
	} control;
	struct iovec part = { message->data, sizeof message->data };
	struct msghdr header = {
		.msg_name = &message->name.storage,
		.msg_namelen = sizeof message->name.storage,
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.octets,
		.msg_controllen = sizeof control,
	};
	ssize_t got;

	if (wire->narrator && !waits(fd, flags))
		return errno = EAGAIN, false;
	got = sock_recvmsg(wire->narrator, fd, &header, flags | MSG_DONTWAIT, why);
	if (got < 0)
		return false;
	message->length = (size_t)got;
	message->name.length = header.msg_namelen;
	message->has_error = false;
	message->offender = (struct address){ .length = 0 };
	message->time = 0;
	message->ttl = 0;
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&header); at; at = CMSG_NXTHDR(&header, at))
		read_control(message, at);
	return true;
}

/* ------------------------------------------------------------------------------------------------ stamps */

/* Numbers begin at 0 again when numbering is turned on. */
int wire_stamps_begin(const struct wire *wire, int fd, struct wire_stamps *stamps)
{
	if (stamps->on)
		sock_set(wire->narrator, fd, &sock_timestamping, 0, "Off and on again: the packets are numbered anew.");
	stamps->on = true;
	stamps->next = 0;
	return sock_set(wire->narrator, fd, &sock_timestamping,
			SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
				SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY,
			"The kernel is to tell when each packet really leaves: our own clock is read too early.");
}

void wire_stamps_sending(struct wire_stamps *stamps, uint16_t key)
{
	const uint32_t at = stamps->next % WIRE_STAMPS;

	stamps->list[at].number = stamps->next;
	stamps->list[at].key = key;
	stamps->list[at].begun = clock_utc();
}

/* What left before it was sent is of an earlier numbering. */
bool wire_stamps_tell(const struct wire_stamps *stamps, const struct wire_message *message, wire_left *left,
		      void *context)
{
	const uint32_t number = message->error.ee_data, at = number % WIRE_STAMPS;

	if (!message->has_error || message->error.ee_origin != SO_EE_ORIGIN_TIMESTAMPING)
		return false;
	if (left && message->time && stamps->list[at].key && stamps->list[at].number == number &&
	    message->time >= stamps->list[at].begun)
		left(context, stamps->list[at].key, message->time);
	return true;
}
