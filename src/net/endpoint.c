/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets that are bound, and why they could not be. Resolving is in resolve.c, connecting in connect.c. */
#include "net/endpoint.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sockets/port.h"

#define UNPRIVILEGED_PORT 1024

/* ------------------------------------------------------------------------------------------------ options */

static const char why_pktinfo[] =
	"Each datagram will say to which of our addresses it came, so that the answer leaves from there; a connected "
	"client takes it from no other.";
static const char why_shared_pktinfo[] =
	"Each datagram will say by which interface it came: a broadcast that comes by several is one all the same.";

/* What an option is for; set when family and type fit (0: any) and, unless flag is 0, it was asked for. */
static const struct setting {
	int family, type;
	unsigned flag;
	const struct sock_option *option;
	const char *why;
} settings[] = {
	{ AF_INET6, 0, 0, &sock_v6only,
	  "Otherwise a socket of IPv6 takes IPv4 as well, as ::ffff:a.b.c.d, and keeps the port from an IPv4 one." },
	{ 0, SOCK_STREAM, 0, &sock_reuseaddr,
	  "Connections of an earlier run wait in TIME_WAIT for a minute and hold the port; this lets a new server have "
	  "it at once, and still refuses a second one that listens." },
	{ 0, SOCK_DGRAM, ENDPOINT_SHARED, &sock_reuseaddr,
	  "Several listeners may bind one port when each of them asks for it; then all get a copy of a broadcast, but "
	  "a datagram sent to this machine alone reaches one of them." },
	{ 0, SOCK_DGRAM, ENDPOINT_SHARED, &sock_reuseport,
	  "The same wish by its other name: all who share a port must have set the same one, and programs differ in "
	  "which; with both we get on with either." },
	{ AF_INET, SOCK_DGRAM, ENDPOINT_BROADCAST, &sock_broadcast,
	  "Without it sending to a broadcast address fails (EACCES), so that nobody disturbs a network by mistake." },
	{ AF_INET, SOCK_DGRAM, ENDPOINT_PKTINFO, &sock_pktinfo, why_pktinfo },
	{ AF_INET6, SOCK_DGRAM, ENDPOINT_PKTINFO, &sock_v6pktinfo, why_pktinfo },
};

static const char *why_socket(int type)
{
	if (type == SOCK_STREAM)
		return "A stream (TCP): octets in order over a connection, without borders between messages.";
	return "For datagrams (UDP): each message stands alone, may be lost and needs no connection.";
}

static const char *why_bind(const struct address *at, int type, unsigned flags)
{
	if (!address_port(at))
		return "Gives the socket its local address; port 0 lets the kernel choose a free port.";
	if (type == SOCK_STREAM)
		return "Gives the socket the address and the port at which clients will find it.";
	if (flags & ENDPOINT_SHARED)
		return "Takes the port that the broadcasts are sent to; others may hold it as well.";
	return "Takes the port that clients send to; without SO_REUSEADDR, because with UDP a second server could take "
	       "the port too and get the datagrams of the first.";
}

/* Who shares a port listens, and answers nobody. */
static const char *why_set(const struct setting *s, unsigned flags)
{
	return s->flag == ENDPOINT_PKTINFO && flags & ENDPOINT_SHARED ? why_shared_pktinfo : s->why;
}

static int apply(const struct narrator *n, int fd, int family, int type, unsigned flags, struct error *err)
{
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		const struct setting *s = &settings[i];

		if ((s->family && s->family != family) || (s->type && s->type != type) || (s->flag & flags) != s->flag)
			continue;
		if (sock_set(n, fd, s->option, 1, why_set(s, flags)) < 0)
			return error_errno(err, "socket option %s", s->option->option_name);
	}
	return 0;
}

/* ------------------------------------------------------------------------------------------------ refusals */

static int refuse_in_use(const char *where, const struct address *at, int type, struct error *err)
{
	struct port_holder holder;

	if (!address_port(at))
		return error_set(err, "%s: no port is free; end some programs that use the network", where);
	if (port_holder(at, type, &holder))
		return error_set(err, "%s: in use by %s (pid %ld); stop it or choose another port with -p", where,
				 holder.name, (long)holder.pid);
	if (geteuid() == 0)
		return error_set(err,
				 "%s: in use by a program that is just ending or not seen from here; try again or "
				 "choose another port with -p",
				 where);
	return error_set(err, "%s: in use by a program that you may not see; be root, or choose another port with -p",
			 where);
}

static const struct {
	int error;
	const char *says;
} refusals[] = {
	{ EADDRNOTAVAIL, "this machine has no such address; 'ip address' lists those it has" },
	{ EAFNOSUPPORT, "this machine cannot do this version of IP; use the other one (-4 or -6)" },
	{ EINVAL, "cannot be bound; an address of one link needs its interface, as in fe80::1%eth0" },
	{ ENODEV, "there is no such interface; 'ip link' lists those there are" },
	{ EMFILE, "this program has no descriptor left; raise the limit with 'ulimit -n'" },
	{ ENFILE, "the system has no descriptor left; end some programs" },
};

/* For the errno of socket(), bind() or listen(). */
static int refuse_bind(const struct address *at, int type, int error, struct error *err)
{
	char text[ADDRESS_TEXT], where[ADDRESS_TEXT + 8];

	snprintf(where, sizeof where, "%s %s", address_text(at, text), type == SOCK_STREAM ? "tcp" : "udp");
	if (error == EADDRINUSE)
		return refuse_in_use(where, at, type, err);
	if (error == EACCES && address_port(at) < UNPRIVILEGED_PORT)
		return error_set(err, "%s: ports below 1024 are for root; be root, or choose another with -p", where);
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (refusals[i].error == error)
			return error_set(err, "%s: %s", where, refusals[i].says);
	errno = error;
	return error_errno(err, "%s: cannot be bound", where);
}

/* ------------------------------------------------------------------------------------------------ binding */

static int take_place(const struct narrator *n, int fd, const struct address *at, int type, unsigned flags,
		      struct address *local, struct error *err)
{
	if (sock_bind(n, fd, at, why_bind(at, type, flags)) < 0)
		return refuse_bind(at, type, errno, err);
	if (type == SOCK_STREAM &&
	    sock_listen(n, fd, SOMAXCONN,
			"From now on the kernel completes connections by itself; so many may wait for accept.") < 0)
		return refuse_bind(at, type, errno, err);
	if (local && sock_name(n, fd, local, "Asks where the socket is bound; the kernel may have chosen the port."))
		return error_errno(err, "the socket's own address");
	return 0;
}

int endpoint_bind(const struct narrator *n, const struct address *at, int type, unsigned flags, struct address *local,
		  struct error *err)
{
	int family = at->storage.ss_family;
	int fd = sock_open(n, family, flags & ENDPOINT_NONBLOCK ? type | SOCK_NONBLOCK : type, why_socket(type));

	if (fd < 0)
		return refuse_bind(at, type, errno, err);
	if (apply(n, fd, family, type, flags, err) < 0 || take_place(n, fd, at, type, flags, local, err) < 0) {
		sock_close(n, fd, "It is of no use.");
		return -1;
	}
	return fd;
}
