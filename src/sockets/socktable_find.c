/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <string.h>

#include "sockets/socktable_parts.h"

/* One end of the question, as the kernel wants it. IPv4 inside IPv6 is IPv4. */
struct end {
	int family;
	uint32_t octets[4];
	uint16_t port; /* network order */
	uint32_t interface;
};

static struct end end_of(const struct address *address)
{
	const struct sockaddr_in *v4 = &address->storage.v4;
	const struct sockaddr_in6 *v6 = &address->storage.v6;
	struct end end = { .port = htons(address_port(address)) };

	if (!address->length)
		return end;
	end.family = address->storage.ss_family;
	if (end.family == AF_INET) {
		memcpy(end.octets, &v4->sin_addr, 4);
	} else if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
		end.family = AF_INET;
		memcpy(end.octets, &v6->sin6_addr.s6_addr[12], 4);
	} else {
		memcpy(end.octets, &v6->sin6_addr, 16);
		end.interface = v6->sin6_scope_id;
	}
	return end;
}

/*
 * What the kernel looks for among UDP's is what a packet would say, so that its source is the remote end; among TCP's
 * it is what a socket would say.
 */
static struct inet_diag_req_v2 question(enum socket_kind kind, struct end local, struct end remote)
{
	struct end source = kind == SOCKET_UDP ? remote : local, destination = kind == SOCKET_UDP ? local : remote;
	struct inet_diag_req_v2 ask = {
		.sdiag_family = (uint8_t)local.family,
		.sdiag_protocol = kind == SOCKET_UDP ? IPPROTO_UDP : IPPROTO_TCP,
		.idiag_states = ~0u,
		.id = {
			.idiag_sport = source.port,
			.idiag_dport = destination.port,
			.idiag_if = local.interface ? local.interface : remote.interface,
			.idiag_cookie = { INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE },
		},
	};

	memcpy(ask.id.idiag_src, source.octets, sizeof source.octets);
	memcpy(ask.id.idiag_dst, destination.octets, sizeof destination.octets);
	return ask;
}

static bool answers_to(const struct socket *found, const struct address *local, const struct address *remote)
{
	if (address_port(&found->local) != address_port(local) ||
	    (!address_is_any(&found->local) && !address_same_host(&found->local, local)))
		return false;
	return !found->remote.length ||
	       (address_port(&found->remote) == address_port(remote) && address_same_host(&found->remote, remote));
}

int socktable_find(struct socktable *table, enum socket_kind kind, const struct address *local,
		   const struct address *remote, struct socket *out, struct error *err)
{
	struct end from = end_of(local), to = end_of(remote);
	struct inet_diag_req_v2 ask = question(kind, from, to);
	const struct nlmsghdr *message;

	if (kind != SOCKET_TCP && kind != SOCKET_UDP)
		bug("a socket of %s is asked for by its ends", socket_kind_name(kind));
	if (!table->link && socktable_open(table, err) < 0)
		return -1;
	if (!from.family || (to.family && to.family != from.family))
		return 0;
	message = link_ask(table->link, &ask, sizeof ask);
	if (!message)
		return errno == ENOENT ? 0 : error_errno(err, "sock_diag(7) was asked for a socket");
	memset(out, 0, sizeof *out);
	return message_read(message, kind, NULL, out) && answers_to(out, local, remote);
}
