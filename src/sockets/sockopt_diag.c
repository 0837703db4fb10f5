/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/sockopt_diag.h"

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"

struct telling {
	struct sockopt_told *told;
	size_t count;
};

static void tell(struct telling *t, const char *name, const void *value, size_t length)
{
	struct error err;
	const struct sockopt *option = sockopt_find(name, &err);
	struct sockopt_told *told = &t->told[t->count];

	if (!option || t->count == SOCKOPT_TOLD)
		bug("%s: %s", name, option ? "there is no room" : "there is no such option");
	if (length > sizeof told->value)
		return;
	told->option = option;
	memcpy(told->value, value, length);
	told->length = length;
	t->count++;
}

static void tell_number(struct telling *t, const char *name, uint32_t number)
{
	tell(t, name, &number, sizeof number);
}

static void tell_common(struct telling *t, const struct socket *socket)
{
	tell_number(t, "SO_TYPE", socket->type);
	tell_number(t, "SO_DOMAIN", socket->family);
	tell_number(t, "SO_ACCEPTCONN", socket->state == SOCKET_LISTEN);
	if (socket->has_memory) {
		tell_number(t, "SO_SNDBUF", socket->memory.send_most);
		tell_number(t, "SO_RCVBUF", socket->memory.receive_most);
		tell(t, "SO_MEMINFO", &socket->memory, sizeof socket->memory);
	}
	if (socket->cookie)
		tell(t, "SO_COOKIE", &socket->cookie, sizeof socket->cookie);
}

static void tell_inet(struct telling *t, const struct socket *socket)
{
	tell_number(t, "SO_BINDTOIFINDEX", socket->interface);
	if (socket->has_mark)
		tell_number(t, "SO_MARK", socket->mark);
	if (socket->has_class)
		tell_number(t, "IP_TOS", socket->tos);
	if (socket->has_class && socket->family == AF_INET6)
		tell_number(t, "IPV6_TCLASS", socket->traffic_class);
	if (socket->has_v6only)
		tell_number(t, "IPV6_V6ONLY", socket->v6only);
	if (socket->congestion)
		tell(t, "TCP_CONGESTION", socket->congestion, strlen(socket->congestion));
}

/* ------------------------------------------------------------------------------------------------ INET_DIAG_SOCKOPT */

struct search {
	uint64_t inode;
	struct inet_diag_sockopt bits;
	bool found;
};

static int look_attribute(const struct nlattr *attribute, void *context)
{
	struct search *search = context;
	size_t length = mnl_attr_get_payload_len(attribute);

	if (mnl_attr_get_type(attribute) != INET_DIAG_SOCKOPT || length < sizeof search->bits)
		return MNL_CB_OK;
	memcpy(&search->bits, mnl_attr_get_payload(attribute), sizeof search->bits);
	search->found = true;
	return MNL_CB_STOP;
}

static int look(const struct nlmsghdr *header, void *context)
{
	const struct inet_diag_msg *message = mnl_nlmsg_get_payload(header);
	struct search *search = context;

	if (mnl_nlmsg_get_payload_len(header) < sizeof *message || message->idiag_inode != search->inode)
		return MNL_CB_OK;
	mnl_attr_parse(header, sizeof *message, look_attribute, search);
	return MNL_CB_OK;
}

static bool ask(struct mnl_socket *netlink, const struct socket *socket, char *buffer)
{
	static const uint8_t protocols[SOCKET_KINDS] = {
		[SOCKET_TCP] = IPPROTO_TCP, [SOCKET_UDP] = IPPROTO_UDP, [SOCKET_RAW] = IPPROTO_RAW
	};
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	struct inet_diag_req_v2 *request = mnl_nlmsg_put_extra_header(header, sizeof *request);

	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request->sdiag_family = socket->family;
	request->sdiag_protocol = protocols[socket->kind];
	request->idiag_states = ~0u;
	return mnl_socket_sendto(netlink, header, header->nlmsg_len) >= 0;
}

/* The whole table of its kind goes by: the kernel can be asked for one socket only by ends that name it alone. */
static bool search_in(struct mnl_socket *netlink, const struct socket *socket, struct search *search)
{
	enum { SIZE = 65536 };
	char *buffer = mem_new(1, SIZE);
	int result = ask(netlink, socket, buffer) ? MNL_CB_OK : MNL_CB_ERROR;

	while (result > MNL_CB_STOP) {
		ssize_t got = mnl_socket_recvfrom(netlink, buffer, SIZE);

		result = got < 0 ? MNL_CB_ERROR : mnl_cb_run(buffer, (size_t)got, 0, 0, look, search);
	}
	free(buffer);
	return search->found;
}

static bool find_bits(const struct socket *socket, struct inet_diag_sockopt *bits)
{
	struct mnl_socket *netlink = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	struct search search = { .inode = socket->inode };
	bool found;

	if (!netlink)
		return false;
	found = mnl_socket_bind(netlink, 0, MNL_SOCKET_AUTOPID) >= 0 && search_in(netlink, socket, &search);
	mnl_socket_close(netlink);
	*bits = search.bits;
	return found;
}

static void tell_bits(struct telling *t, const struct socket *socket)
{
	struct inet_diag_sockopt bits;

	if (!socket->inode || !find_bits(socket, &bits))
		return;
	tell_number(t, "IP_RECVERR", bits.recverr);
	tell_number(t, "IP_RECVERR_RFC4884", bits.recverr_rfc4884);
	tell_number(t, "IP_FREEBIND", bits.freebind);
	tell_number(t, "IP_TRANSPARENT", bits.transparent);
	tell_number(t, "IP_BIND_ADDRESS_NO_PORT", bits.bind_address_no_port);
	if (socket->kind == SOCKET_RAW) {
		tell_number(t, "IP_HDRINCL", bits.hdrincl);
		tell_number(t, "IP_NODEFRAG", bits.nodefrag);
	}
	if (socket->kind != SOCKET_TCP) {
		tell_number(t, "IP_MULTICAST_LOOP", bits.mc_loop);
		tell_number(t, "IP_MULTICAST_ALL", bits.mc_all);
	}
}

size_t sockopt_diag(const struct socket *socket, struct sockopt_told told[SOCKOPT_TOLD])
{
	struct telling t = { .told = told };

	tell_common(&t, socket);
	if (socket->kind == SOCKET_TCP || socket->kind == SOCKET_UDP || socket->kind == SOCKET_RAW) {
		tell_inet(&t, socket);
		tell_bits(&t, socket);
	}
	return t.count;
}
