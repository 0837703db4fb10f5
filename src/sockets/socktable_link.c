/* SPDX-License-Identifier: BSD-2-Clause */
/* The netlink socket: questions, and the datagrams that answer them. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sockets/socktable_parts.h"

#define BUFFER 65536 /* octets: the kernel fills 32 KiB at a time at most */

struct socktable_link {
	struct mnl_socket *socket;
	uint32_t sequence;
	_Alignas(8) char buffer[BUFFER];
};

struct socktable_link *link_open(struct error *err)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	struct socktable_link *link;

	if (!socket) {
		error_errno(err, "sock_diag(7)");
		return NULL;
	}
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		error_errno(err, "sock_diag(7)");
		mnl_socket_close(socket);
		return NULL;
	}
	link = mem_resize(NULL, 1, sizeof *link);
	link->socket = socket;
	link->sequence = 0;
	return link;
}

void link_close(struct socktable_link *link)
{
	if (!link)
		return;
	mnl_socket_close(link->socket);
	free(link);
}

/* ------------------------------------------------------------------------------------------------ questions */

static int send_request(struct socktable_link *link, unsigned flags, const void *request, size_t size)
{
	_Alignas(8) char buffer[256];
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);

	if (size > sizeof buffer - MNL_NLMSG_HDRLEN)
		bug("a request of %zu octets", size);
	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	header->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	header->nlmsg_seq = ++link->sequence;
	memcpy(mnl_nlmsg_put_extra_header(header, size), request, size);
	return mnl_socket_sendto(link->socket, header, header->nlmsg_len) < 0 ? errno : 0;
}

static ssize_t receive(struct socktable_link *link)
{
	ssize_t got;

	do
		got = mnl_socket_recvfrom(link->socket, link->buffer, sizeof link->buffer);
	while (got < 0 && errno == EINTR);
	return got;
}

/* ENOBUFS: the kernel had no room for an answer; what comes next is good. */
static int receive_all(struct socktable_link *link, struct answers *answers)
{
	ssize_t got;

	do {
		got = receive(link);
		if (got < 0 && errno == ENOBUFS)
			answers->table->interrupted = true;
		else if (got < 0)
			return errno;
	} while (got < 0 || !answers_take(answers, link->buffer, (size_t)got));
	return answers->error;
}

const struct nlmsghdr *link_ask(struct socktable_link *link, const void *request, size_t size)
{
	const struct nlmsghdr *message = (const void *)link->buffer;
	ssize_t got;
	int error = send_request(link, 0, request, size);

	if (error) {
		errno = error;
		return NULL;
	}
	do {
		got = receive(link);
		if (got < 0)
			return NULL;
	} while (!message_whole(message, (size_t)got) || message->nlmsg_seq != link->sequence);
	if (message->nlmsg_type != NLMSG_ERROR)
		return message;
	errno = mnl_nlmsg_get_payload_len(message) >= sizeof error ? -*(const int *)mnl_nlmsg_get_payload(message)
								   : EBADMSG;
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ tables */

static int ask_inet(struct socktable_link *link, enum socket_kind kind, int family,
		    const struct socktable_request *request, uint32_t states)
{
	static const uint8_t protocols[] = {
		[SOCKET_TCP] = IPPROTO_TCP, [SOCKET_UDP] = IPPROTO_UDP, [SOCKET_RAW] = IPPROTO_RAW
	};
	static const struct {
		unsigned want, extensions;
	} wants[] = {
		{ WANT_MEMORY, 1u << (INET_DIAG_SKMEMINFO - 1) },
		{ WANT_INFO, 1u << (INET_DIAG_INFO - 1) | 1u << (INET_DIAG_CONG - 1) },
		{ WANT_CLASS, 1u << (INET_DIAG_TOS - 1) | 1u << (INET_DIAG_TCLASS - 1) },
	};
	struct inet_diag_req_v2 ask = {
		.sdiag_family = (uint8_t)family,
		.sdiag_protocol = protocols[kind],
		.idiag_states = states,
	};

	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
		if (request->wants & wants[i].want)
			ask.idiag_ext |= (uint8_t)wants[i].extensions;
	return send_request(link, NLM_F_DUMP, &ask, sizeof ask);
}

static int ask_packet(struct socktable_link *link, const struct socktable_request *request)
{
	const struct packet_diag_req ask = {
		.sdiag_family = AF_PACKET,
		.pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO,
	};

	(void)request;
	return send_request(link, NLM_F_DUMP, &ask, sizeof ask);
}

static int ask_unix(struct socktable_link *link, const struct socktable_request *request, uint32_t states)
{
	const struct unix_diag_req ask = {
		.sdiag_family = AF_UNIX,
		.udiag_states = states,
		.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN | UDIAG_SHOW_UID |
			      (request->wants & WANT_MEMORY ? UDIAG_SHOW_MEMINFO : 0),
	};

	return send_request(link, NLM_F_DUMP, &ask, sizeof ask);
}

int link_read(struct socktable *table, enum socket_kind kind, int family, const struct socktable_request *request)
{
	uint32_t states = request->states ? request->states : ~0u;
	struct socktable_link *link = table->link;
	struct answers answers = { .kind = kind, .states = states, .table = table };
	int error;

	if (kind == SOCKET_PACKET)
		error = ask_packet(link, request);
	else if (kind == SOCKET_UNIX)
		error = ask_unix(link, request, states);
	else
		error = ask_inet(link, kind, family, request, states);
	answers.sequence = link->sequence;
	return error ? error : receive_all(link, &answers);
}
