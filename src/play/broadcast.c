/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/broadcast.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/interfaces.h"
#include "play/asking.h"

#define LIMITED "255.255.255.255"

static bool is_v6(const struct broadcaster *b)
{
	return b->to.storage.ss_family == AF_INET6;
}

static bool is_limited(const struct address *to)
{
	const struct sockaddr_in *v4 = (const void *)&to->storage;

	return v4->sin_family == AF_INET && v4->sin_addr.s_addr == htonl(INADDR_BROADCAST);
}

/* ------------------------------------------------------------------------------------------------ ways out */

/* Its first address of IPv4, network order; 0: none. */
static uint32_t ipv4_of(const struct interface_info *info)
{
	struct in_addr address;
	char host[INET6_ADDRSTRLEN];

	for (size_t i = 0; i < info->address_count; i++) {
		size_t length = strcspn(info->addresses[i], "/");

		if (length >= sizeof host)
			continue;
		memcpy(host, info->addresses[i], length);
		host[length] = '\0';
		if (inet_pton(AF_INET, host, &address) == 1)
			return address.s_addr;
	}
	return 0;
}

static void add_path(struct broadcaster *b, const struct interface_info *info)
{
	struct broadcast_path path = { .index = info->index, .address = ipv4_of(info) };

	memcpy(path.name, info->name, sizeof path.name);
	b->paths = mem_resize(b->paths, b->path_count + 1, sizeof *b->paths);
	b->paths[b->path_count++] = path;
}

static int add_named(struct broadcaster *b, const struct interfaces *all, const char *name, struct error *err)
{
	const struct interface_info *info = interfaces_find(all, name, err);

	if (!info)
		return -1;
	if (!(info->flags & IFF_UP))
		return error_set(err, "%s is down: nothing can be sent on it; try: ip link set dev %s up", name, name);
	if (!is_v6(b) && !ipv4_of(info))
		return error_set(err,
				 "%s has no IPv4 address: a broadcast needs a sender; try: ip address add "
				 "ADDRESS/LENGTH dev %s",
				 name, name);
	add_path(b, info);
	return 0;
}

static void add_all(struct broadcaster *b, const struct interfaces *all, unsigned flags)
{
	for (size_t i = 0; i < all->count; i++)
		if ((all->list[i].flags & flags) == flags && ipv4_of(&all->list[i]))
			add_path(b, &all->list[i]);
}

/* A machine without network is still good for trying out programs on it. */
static void add_loopback(struct broadcaster *b, const struct interfaces *all)
{
	add_all(b, all, IFF_UP | IFF_LOOPBACK);
	if (b->told_of_loopback || !b->path_count)
		return;
	b->told_of_loopback = true;
	report_trouble(b->client->reporter,
		       "no interface that can broadcast is up: sending on %s, only programs of this "
		       "machine will hear it",
		       b->paths[0].name);
}

static void tell_interfaces(const struct broadcaster *b, const struct interfaces *all)
{
	struct text names = { 0 };

	if (!b->client->narrator)
		return;
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].flags & IFF_UP)
			text_format(&names, "%s%s", names.length ? ", " : "", all->list[i].name);
	sock_tell(b->client->narrator,
		  "Which interfaces are up: a broadcast stays within one network, so it is sent on each of them unless "
		  "one is named.",
		  "getifaddrs() = 0: %.*s", (int)names.length, names.length ? names.data : "");
	text_release(&names);
}

static int look_for_paths(struct broadcaster *b, struct error *err)
{
	struct interfaces all = { 0 };
	int status = 0;

	b->path_count = 0;
	b->looked_ns = clock_monotonic();
	if (interfaces_read(&all, err) < 0)
		return -1;
	tell_interfaces(b, &all);
	if (b->where->interface && strcmp(b->where->interface, "any") != 0)
		status = add_named(b, &all, b->where->interface, err);
	else
		add_all(b, &all, IFF_UP | IFF_BROADCAST);
	if (!status && !b->path_count)
		add_loopback(b, &all);
	interfaces_release(&all);
	if (!status && !b->path_count)
		return error_set(err, "no interface is up, not even lo; try: ip link set dev lo up");
	return status;
}

/* ------------------------------------------------------------------------------------------------ opening */

/* Which of an interface's many neighbours are meant is said by the interface. */
static int check_v6(const struct broadcaster *b, struct error *err)
{
	const struct sockaddr_in6 *v6 = (const void *)&b->to.storage;

	if (!IN6_IS_ADDR_MULTICAST(&v6->sin6_addr) || v6->sin6_scope_id || !b->routed)
		return 0;
	return error_set(err, "%s: on which interface? name it with -i", b->where->to);
}

static int resolve(struct broadcaster *b, struct error *err)
{
	const char *to = b->where->to ? b->where->to : LIMITED;
	struct addresses list = { 0 };
	int resolved;

	if (!b->where->to && b->client->family == AF_INET6)
		return error_set(err, "IPv6 has no broadcast: give a multicast group, as in --to ff02::1 -i eth0");
	client_interruptible(b->client, true);
	resolved = endpoint_resolve(b->client->narrator, to, b->client->port, b->client->family, SOCK_DGRAM, &list,
				    err);
	client_interruptible(b->client, false);
	if (resolved < 0)
		return -1;
	b->to = list.list[0];
	addresses_release(&list);
	if (!address_port(&b->to))
		return error_set(err, "port 0: nobody listens there; give the port of the listeners");
	b->routed = !b->where->interface && !is_limited(&b->to);
	return is_v6(b) ? check_v6(b, err) : 0;
}

static int open_socket(struct broadcaster *b, struct error *err)
{
	const struct narrator *n = b->client->narrator;
	int family = b->to.storage.ss_family;

	if (b->client->bind) {
		if (client_local_address(b->client, family, &b->local, err) < 0)
			return -1;
		b->fd = endpoint_bind(n, &b->local, SOCK_DGRAM, is_v6(b) ? 0 : ENDPOINT_BROADCAST, NULL, err);
		return b->fd < 0 ? -1 : 0;
	}
	b->fd = sock_open(n, family, SOCK_DGRAM, "For datagrams (UDP): only they can be sent to everybody.");
	if (b->fd < 0)
		return error_errno(err, "no socket can be opened");
	if (!is_v6(b) &&
	    sock_set(n, b->fd, &sock_broadcast, 1,
		     "Without it sending to a broadcast address fails with EACCES, so that nobody disturbs a "
		     "whole network by mistake.") < 0)
		return error_errno(err, "setsockopt SO_BROADCAST");
	return 0;
}

int broadcaster_open(struct broadcaster *b, const struct client *client, const struct broadcast *where,
		     struct tally *tally, struct error *err)
{
	*b = (struct broadcaster){ .client = client, .where = where, .tally = tally, .fd = -1 };
	if (resolve(b, err) < 0 || (!b->routed && look_for_paths(b, err) < 0))
		return -1;
	return open_socket(b, err);
}

void broadcaster_close(struct broadcaster *b)
{
	if (b->fd >= 0)
		sock_close(b->client->narrator, b->fd, "Gives the port back.");
	b->fd = -1;
	free(b->paths);
	b->paths = NULL;
	b->path_count = 0;
}

/* ------------------------------------------------------------------------------------------------ sending */

union packet_info {
	struct cmsghdr header; /* for its alignment */
	uint8_t room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static void add_info(struct msghdr *message, union packet_info *info, int level, int type, const void *data,
		     size_t length)
{
	struct cmsghdr *header;

	memset(info, 0, sizeof *info);
	message->msg_control = info;
	message->msg_controllen = CMSG_SPACE(length);
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = level;
	header->cmsg_type = type;
	header->cmsg_len = CMSG_LEN(length);
	memcpy(CMSG_DATA(header), data, length);
}

/* Whoever gave --bind has chosen the sender's address. */
static void add_path_info(const struct broadcaster *b, const struct broadcast_path *path, struct msghdr *message,
			  union packet_info *info)
{
	const struct sockaddr_in *bound = (const void *)&b->local.storage;
	struct in_pktinfo v4 = { .ipi_ifindex = (int)path->index, .ipi_spec_dst = { path->address } };
	struct in6_pktinfo v6 = { .ipi6_ifindex = path->index };

	if (b->client->bind && !is_v6(b) && bound->sin_addr.s_addr)
		v4.ipi_spec_dst = bound->sin_addr;
	if (is_v6(b))
		add_info(message, info, IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof v6);
	else
		add_info(message, info, IPPROTO_IP, IP_PKTINFO, &v4, sizeof v4);
}

static void copy_failed(const struct broadcaster *b, const struct broadcast_path *path, int error)
{
	struct error sentence;

	endpoint_refusal(NULL, &b->to, error, &sentence);
	if (path)
		report_trouble(b->client->reporter, "%s: %s", path->name, sentence.text);
	else
		report_trouble(b->client->reporter, "%s", sentence.text);
}

/* path NULL: as the routing table says. */
static bool send_copy(struct broadcaster *b, const struct broadcast_path *path, const void *data, size_t length)
{
	const struct narrator *n = b->client->narrator;
	struct iovec vector = { (void *)(uintptr_t)data, length };
	struct msghdr message = {
		.msg_name = &b->to.storage, .msg_namelen = b->to.length, .msg_iov = &vector, .msg_iovlen = 1
	};
	union packet_info info;

	if (path)
		add_path_info(b, path, &message, &info);
	if (sock_sendmsg(
		    n, b->fd, &message, 0,
		    path ? "To everybody on this interface: IP_PKTINFO names it, else the routing table would choose "
			   "one for all."
			 : "To this address; the routing table says by which interface.") < 0) {
		copy_failed(b, path, errno);
		return false;
	}
	if (!address_port(&b->local) &&
	    sock_name(n, b->fd, &b->local, "Asks which port the kernel chose when the socket first sent.") < 0)
		b->local = (struct address){ 0 };
	b->tally->octets_out += length;
	report(b->client->reporter, (struct event){ .kind = EVENT_SENT,
						    .type = SOCK_DGRAM,
						    .local = &b->local,
						    .peer = &b->to,
						    .data = data,
						    .length = length,
						    .note = path ? path->name : NULL });
	return true;
}

static bool send_copies(struct broadcaster *b, const void *data, size_t length)
{
	unsigned sent = 0;

	if (b->routed)
		return send_copy(b, NULL, data, length);
	for (size_t i = 0; i < b->path_count; i++)
		sent += send_copy(b, &b->paths[i], data, length);
	return sent > 0;
}

/* Interfaces come and go while an announcer runs. */
static bool paths_are_there(struct broadcaster *b)
{
	struct error err;

	if (b->routed || (b->path_count && clock_monotonic() - b->looked_ns < NS_PER_S))
		return true;
	if (!look_for_paths(b, &err))
		return true;
	report_trouble(b->client->reporter, "%s", err.text);
	return false;
}

static void report_long(const struct broadcaster *b, size_t length)
{
	report_trouble(b->client->reporter, "%zu octets: the course's listener reads only the first %u", length,
		       BROADCAST_SAFE);
}

bool broadcaster_send(struct broadcaster *b, const void *data, size_t length)
{
	bool sent = false;

	if (length > DATAGRAM_PAYLOAD)
		report_trouble(b->client->reporter, "%zu octets: a datagram holds %u at most; not sent", length,
			       DATAGRAM_PAYLOAD);
	else if (paths_are_there(b))
		sent = send_copies(b, data, length);
	if (sent && length > BROADCAST_SAFE)
		report_long(b, length);
	if (sent)
		b->tally->messages_out++;
	else
		b->tally->lost++;
	return sent;
}
