/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/destroyed.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM (4 << 20) /* octets of the kernel's queue: about 5000 sockets that end at once */

static const int groups[] = { SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET_UDP_DESTROY, SKNLGRP_INET6_TCP_DESTROY,
			      SKNLGRP_INET6_UDP_DESTROY };

static int join(int fd)
{
	struct sockaddr_nl own = { .nl_family = AF_NETLINK };
	int room = ROOM;

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		own.nl_groups |= 1u << (groups[i] - 1);
	/* The second is obeyed without rights, up to the machine's limit. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	return bind(fd, (struct sockaddr *)&own, sizeof own);
}

int destroyed_open(struct error *err)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);

	if (fd < 0 || join(fd) < 0) {
		error_errno(err, "the kernel does not tell of sockets that end");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static void set_address(struct address *address, uint8_t family, const void *host, uint16_t port)
{
	if (family == AF_INET) {
		struct sockaddr_in *v4 = (struct sockaddr_in *)&address->storage;

		address->length = sizeof *v4;
		*v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = port };
		memcpy(&v4->sin_addr, host, sizeof v4->sin_addr);
	} else {
		struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address->storage;

		address->length = sizeof *v6;
		*v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = port };
		memcpy(&v6->sin6_addr, host, sizeof v6->sin6_addr);
	}
}

/* Which of the two protocols it was stands in an attribute behind the message; kernels without it cannot be used. */
static bool read_socket(const struct nlmsghdr *head, struct socket *socket)
{
	const struct inet_diag_msg *diag = mnl_nlmsg_get_payload(head);
	const struct nlattr *attribute;

	if (mnl_nlmsg_get_payload_len(head) < sizeof *diag)
		return false;
	*socket = (struct socket){ .kind = SOCKET_KINDS,
				   .state = diag->idiag_state,
				   .family = diag->idiag_family,
				   .uid = diag->idiag_uid,
				   .interface = diag->id.idiag_if,
				   .cookie = diag->id.idiag_cookie[0] | (uint64_t)diag->id.idiag_cookie[1] << 32 };
	mnl_attr_for_each(attribute, head, sizeof *diag)
	{
		if (mnl_attr_get_type(attribute) != INET_DIAG_PROTOCOL || mnl_attr_get_payload_len(attribute) < 1)
			continue;
		socket->kind = mnl_attr_get_u8(attribute) == IPPROTO_UDP   ? SOCKET_UDP
			       : mnl_attr_get_u8(attribute) == IPPROTO_TCP ? SOCKET_TCP
									   : SOCKET_KINDS;
	}
	if (socket->family != AF_INET && socket->family != AF_INET6)
		return false;
	socket->type = socket->kind == SOCKET_TCP ? SOCK_STREAM : SOCK_DGRAM;
	set_address(&socket->local, socket->family, diag->id.idiag_src, diag->id.idiag_sport);
	if (diag->id.idiag_dport)
		set_address(&socket->remote, socket->family, diag->id.idiag_dst, diag->id.idiag_dport);
	return true;
}

bool destroyed_parse(const void *octets, size_t length, void (*gone)(void *context, const struct socket *socket),
		     void *context)
{
	const struct nlmsghdr *head = octets;
	int left = (int)length;

	for (; mnl_nlmsg_ok(head, left); head = mnl_nlmsg_next(head, &left)) {
		struct socket socket;

		if (!read_socket(head, &socket))
			return false;
		gone(context, &socket);
	}
	return left == 0;
}

bool destroyed_read(int fd, void (*gone)(void *context, const struct socket *socket), void *context)
{
	union {
		struct nlmsghdr head;
		uint8_t octets[16384];
	} message;
	bool all = true;

	for (;;) {
		ssize_t got = recv(fd, &message, sizeof message, MSG_TRUNC);

		if (got < 0 && errno == ENOBUFS)
			all = false;
		else if (got < 0 && errno != EINTR)
			return all;
		else if (got >= 0 &&
			 ((size_t)got > sizeof message || !destroyed_parse(&message, (size_t)got, gone, context)))
			all = false;
	}
}
