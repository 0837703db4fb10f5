/* SPDX-License-Identifier: BSD-2-Clause */
/* Which way probes go: the route, then the first of the ways that this machine allows. */
#include "probe/wire.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "io/interfaces.h"
#include "net/endpoint.h"
#include "probe/answer.h"
#include "probe/wire_parts.h"

static const char *const method_names[] = {
	[PROBE_UDP] = "UDP probes", [PROBE_ICMP] = "ICMP probes", [PROBE_TCP] = "TCP probes",
};

const char *wire_method_name(enum probe_method method)
{
	return method_names[method];
}

/* ------------------------------------------------------------------------------------------------ parts of a way */

int wire_watch(struct wire *wire, int fd, uint32_t events, const char *why, struct error *err)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	if (sock_epoll_ctl(wire->narrator, wire->epoll, EPOLL_CTL_ADD, fd, &event, why) < 0)
		return error_errno(err, "%s: cannot be waited for", wire_method_name(wire->base.method));
	return 0;
}

int wire_bind_device(const struct wire *wire, int fd, struct error *err)
{
	if (!*wire->device)
		return 0;
	if (sock_set_text(wire->narrator, fd, &sock_device, wire->device,
			  "Packets of this socket go by this interface, whatever the routes say.") < 0) {
		if (errno == ENODEV)
			return error_set(err, "%s: no such interface; see 'ip link'", wire->device);
		return error_errno(err, "%s: the interface cannot be chosen", wire->device);
	}
	return 0;
}

int wire_reserve(const struct wire *wire, int type, uint16_t *port, const char *why)
{
	const struct narrator *n = wire->narrator;
	struct address at = wire->base.source;
	int fd = sock_open(n, wire->base.family, type | SOCK_NONBLOCK, why), error;

	if (fd < 0)
		return -1;
	address_set_port(&at, *port);
	if (sock_bind(n, fd, &at, *port ? "This port, and no other." : "Port 0: the kernel picks a free one.") < 0 ||
	    (!*port && sock_name(n, fd, &at, "Which port did it pick?") < 0)) {
		error = errno;
		sock_close(n, fd, NULL);
		errno = error;
		return -1;
	}
	*port = address_port(&at);
	return fd;
}

void wire_can_dissect(struct wire *wire)
{
	if (wire->protocols)
		return;
	wire->protocols = protocols_new();
	answer_want(wire->protocols);
	wire->packet = mem_new(1, sizeof *wire->packet);
}

void wire_dissect(struct wire *wire, const struct frame *frame)
{
	wire_can_dissect(wire);
	dissect(wire->protocols, frame, wire->packet);
}

/* ------------------------------------------------------------------------------------------------ the route */

/* An address of one link says by which interface it is reached. */
static void choose_device(struct wire *wire)
{
	const struct sockaddr_in6 *target = (const void *)&wire->base.target.storage;
	char name[IF_NAMESIZE];

	if (wire->options.interface)
		memcpy(wire->device, wire->options.interface,
		       strnlen(wire->options.interface, sizeof wire->device - 1));
	else if (wire->base.family == AF_INET6 && target->sin6_scope_id && if_indextoname(target->sin6_scope_id, name))
		memcpy(wire->device, name, strlen(name));
}

static int check_device(const struct wire *wire, struct error *err)
{
	const struct interface_info *info;
	struct interfaces interfaces;
	int result = 0;

	if (!*wire->device)
		return 0;
	if (interfaces_read(&interfaces, err) < 0)
		return -1;
	info = interfaces_find(&interfaces, wire->device, err);
	if (!info)
		result = -1;
	else if (!(info->flags & IFF_UP))
		result = error_set(err, "%s: the interface is down; 'ip link set dev %s up' brings it up", info->name,
				   info->name);
	interfaces_release(&interfaces);
	return result;
}

static int bind_source(const struct wire *wire, int fd, struct error *err)
{
	struct address source = wire->base.source;
	char text[ADDRESS_TEXT];

	if (!source.length)
		return 0;
	address_set_port(&source, 0);
	if (sock_bind(wire->narrator, fd, &source, "The source address that was asked for.") < 0)
		return error_set(err, "%s: not an address of this machine%s; see 'ip address'",
				 address_host_text(&source, text), *wire->device ? " that the interface may use" : "");
	return 0;
}

static bool has_address(const struct interface_info *info, const char *host)
{
	size_t length = strlen(host);

	for (size_t i = 0; i < info->address_count; i++)
		if (!strncmp(info->addresses[i], host, length) && info->addresses[i][length] == '/')
			return true;
	return false;
}

/*
 * What the kernel says of the route may be what it has learned of the whole path, perhaps from probes of ours: the
 * link's own is as large at least.
 */
static uint32_t link_mtu(const struct wire *wire)
{
	struct address source = wire->base.source;
	struct interfaces interfaces;
	struct error unsaid;
	char host[ADDRESS_TEXT];
	uint32_t mtu = wire->mtu;

	if (source.storage.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&source.storage)->sin6_scope_id = 0;
	address_host_text(&source, host);
	if (interfaces_read(&interfaces, &unsaid) < 0)
		return mtu;
	for (size_t i = 0; i < interfaces.count; i++) {
		const struct interface_info *info = &interfaces.list[i];

		if (!(info->flags & IFF_LOOPBACK) && info->mtu > mtu && has_address(info, host))
			mtu = info->mtu;
	}
	interfaces_release(&interfaces);
	return mtu;
}

/*
 * Connecting UDP sends nothing: the kernel looks up the route, and says by the socket's name where it would send from.
 */
static int ask_route(struct wire *wire, int fd, struct error *err)
{
	const struct narrator *n = wire->narrator;
	bool v6 = wire->base.family == AF_INET6;
	int mtu = 0;

	if (wire_bind_device(wire, fd, err) < 0 || bind_source(wire, fd, err) < 0)
		return -1;
	if (sock_connect(n, fd, &wire->base.target,
			 "Sends nothing: the kernel looks up the route, and from which address it would send.") < 0) {
		endpoint_refusal(NULL, &wire->base.target, errno, err);
		return -1;
	}
	if (sock_name(n, fd, &wire->base.source, "This is the address that answers will come to.") < 0)
		return error_errno(err, "the source address is not known");
	address_set_port(&wire->base.source, 0);
	if (sock_get(n, fd, v6 ? &sock_v6mtu : &sock_mtu, &mtu, "How large a packet may be on the first link.") == 0)
		wire->mtu = (uint32_t)mtu;
	return 0;
}

static int find_route(struct wire *wire, struct error *err)
{
	int fd, result;

	choose_device(wire);
	if (check_device(wire, err) < 0)
		return -1;
	fd = sock_open(wire->narrator, wire->base.family, SOCK_DGRAM, "Only to ask for the route.");
	if (fd < 0) {
		endpoint_refusal(NULL, &wire->base.target, errno, err);
		return -1;
	}
	result = ask_route(wire, fd, err);
	sock_close(wire->narrator, fd, "The route is known.");
	return result;
}

/* ------------------------------------------------------------------------------------------------ opening */

/* Numbers that an outsider cannot guess, so that nobody forges answers blindly. */
static int choose_numbers(struct probe_base *base, struct error *err)
{
	struct {
		uint32_t sequence;
		uint16_t ident;
	} numbers;

	if (getrandom(&numbers, sizeof numbers, 0) != (ssize_t)sizeof numbers)
		return error_errno(err, "the kernel gives no random numbers");
	if (!base->ident)
		base->ident = numbers.ident ? numbers.ident : 1;
	if (!base->sequence)
		base->sequence = numbers.sequence;
	return 0;
}

static int prepare(struct wire *wire, const struct probe_base *base, const struct wire_options *options, uint16_t port,
		   struct error *err)
{
	wire->epoll = -1;
	wire->options = *options;
	wire->narrator = options->narrator;
	wire->base = *base;
	wire->source_port = base->method == PROBE_ICMP ? 0 : port;
	address_set_port(&wire->base.target, 0);
	return find_route(wire, err) < 0 ? -1 : choose_numbers(&wire->base, err);
}

static struct wire *open_way(const struct wire_way *way, const struct wire *prepared, enum wire_opened *opened,
			     struct error *err)
{
	struct wire *wire = mem_new(1, way->size);

	*wire = *prepared;
	wire->way = way;
	wire->epoll = sock_epoll_create(wire->narrator, "One descriptor to wait for all sockets.");
	if (wire->epoll < 0) {
		*opened = error_errno(err, "no descriptor to wait with");
		free(wire);
		return NULL;
	}
	*opened = way->open(wire, err);
	if (*opened == WIRE_OPEN)
		return wire;
	wire_close(wire);
	return NULL;
}

struct wire *wire_open(struct probe_base *base, const struct wire_options *options, uint16_t *source_port,
		       struct error *err)
{
	static const struct wire_way *const without[PROBE_METHODS] = {
		[PROBE_UDP] = &wire_errors, [PROBE_ICMP] = &wire_ping, [PROBE_TCP] = &wire_connect,
	};
	enum wire_opened opened = WIRE_NO_RIGHT;
	struct wire *wire = NULL, prepared = { .epoll = -1 };

	if (prepare(&prepared, base, options, *source_port, err) < 0)
		return NULL;
	if (!options->no_rights)
		wire = open_way(&wire_raw, &prepared, &opened, err);
	if (opened == WIRE_NO_RIGHT)
		wire = open_way(without[base->method], &prepared, &opened, err);
	if (!wire)
		return NULL;
	*base = wire->base;
	*source_port = wire->source_port;
	return wire;
}

void wire_close(struct wire *wire)
{
	if (!wire)
		return;
	wire->way->close(wire);
	protocols_free(wire->protocols);
	free(wire->packet);
	if (wire->epoll >= 0)
		sock_close(wire->narrator, wire->epoll, NULL);
	free(wire);
}

/* ------------------------------------------------------------------------------------------------ in use */

const struct wire_limits *wire_limits(const struct wire *wire)
{
	return &wire->way->limits;
}

struct source *wire_source(struct wire *wire)
{
	return wire->way->source ? wire->way->source(wire) : NULL;
}

int wire_send(struct wire *wire, struct probe *probe)
{
	return wire->way->send(wire, probe);
}

int wire_receive(struct wire *wire, struct answer *answer, wire_left *left, void *context, struct error *err)
{
	return wire->way->receive(wire, answer, left, context, err);
}

int wire_fd(const struct wire *wire)
{
	return wire->epoll;
}

uint32_t wire_mtu(const struct wire *wire)
{
	return link_mtu(wire);
}
