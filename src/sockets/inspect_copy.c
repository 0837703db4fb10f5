/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/inspect_copy.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"

static bool get_number(int fd, int option, int *out)
{
	socklen_t length = sizeof *out;

	return !getsockopt(fd, SOL_SOCKET, option, out, &length);
}

static void take_address(struct address *out, const struct sockaddr_storage *from, socklen_t length)
{
	bool v4 = from->ss_family == AF_INET && length >= sizeof(struct sockaddr_in);
	bool v6 = from->ss_family == AF_INET6 && length >= sizeof(struct sockaddr_in6);

	if (!v4 && !v6)
		return;
	out->length = v4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	memcpy(&out->storage, from, out->length);
}

/* An abstract name begins with a zero octet, and is as long as the address. */
static void take_name(struct copied *copied, const struct sockaddr_storage *from, socklen_t length)
{
	const struct sockaddr_un *unix_address = (const void *)from;
	const size_t before = offsetof(struct sockaddr_un, sun_path);

	if (from->ss_family != AF_UNIX || length <= before)
		return;
	copied->name_length = length - before < COPIED_NAME ? length - before : COPIED_NAME;
	memcpy(copied->name, unix_address->sun_path, copied->name_length);
	if (copied->name[0])
		copied->name_length = strnlen(copied->name, copied->name_length);
	else
		copied->name[0] = '@';
}

static void read_ends(int fd, struct copied *copied)
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof address;

	if (!getsockname(fd, (struct sockaddr *)&address, &length)) {
		take_address(&copied->local, &address, length);
		take_name(copied, &address, length);
	}
	length = sizeof address;
	copied->connected = !getpeername(fd, (struct sockaddr *)&address, &length);
	if (copied->connected)
		take_address(&copied->remote, &address, length);
}

/* MPTCP is TCP for whoever uses the socket. */
static bool is_tcp(int protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
}

unsigned copied_on(const struct copied *copied)
{
	bool inet = copied->domain == AF_INET || copied->domain == AF_INET6;
	unsigned on = 0;

	if (copied->domain == AF_UNIX)
		on |= ON_UNIX;
	if (copied->domain == AF_PACKET)
		on |= ON_PACKET;
	if (inet && copied->type == SOCK_RAW)
		on |= ON_RAW;
	else if (inet && copied->type == SOCK_STREAM && is_tcp(copied->protocol))
		on |= ON_TCP;
	else if (inet && copied->type == SOCK_DGRAM && copied->protocol == IPPROTO_UDP)
		on |= ON_UDP;
	if (copied->domain == AF_INET)
		on |= ON_IPV4;
	if (copied->domain == AF_INET6)
		on |= ON_IPV6;
	return on | (copied->listens ? ON_LISTENER : 0) | (copied->connected ? ON_CONNECTED : 0);
}

static void read_option(int fd, const struct sockopt *option, struct copied *copied)
{
	_Alignas(16) char value[SOCKOPT_VALUE];
	size_t length;

	if (copied->count == INSPECT_MOST || sockopt_get(fd, option, value, &length) < 0)
		return;
	copied->list[copied->count++] = (struct copied_value){ option, copied->octets.length, length };
	text_add(&copied->octets, value, option->flags & SOCKOPT_COUNT ? 0 : length);
}

void copy_read_options(int fd, unsigned on, struct copied *copied)
{
	const struct sockopt *option;

	for (const struct sockopt_level *level = sockopt_levels; level->name; level++)
		for (size_t i = 0; (option = sockopt_at(level, i)); i++)
			if (option->access & SOCKOPT_GET && !(option->flags & SOCKOPT_EFFECT) &&
			    sockopt_fits(option, on))
				read_option(fd, option, copied);
}

int copy_read(int pidfd, int fd, struct copied *copied)
{
	int copy;

	/* Its memory is there before the copy is, which is held as shortly as can be. */
	copied->list = mem_new(INSPECT_MOST, sizeof *copied->list);
	text_grow(&copied->octets, 16 * SOCKOPT_VALUE);
	copy = pidfd_getfd(pidfd, fd, 0);
	if (copy < 0)
		return errno;
	if (!get_number(copy, SO_DOMAIN, &copied->domain) || !get_number(copy, SO_TYPE, &copied->type) ||
	    !get_number(copy, SO_PROTOCOL, &copied->protocol)) {
		close(copy);
		return ENOTSOCK;
	}
	get_number(copy, SO_ACCEPTCONN, &copied->listens);
	read_ends(copy, copied);
	copy_read_options(copy, copied_on(copied), copied);
	close(copy);
	return 0;
}

void copied_release(struct copied *copied)
{
	free(copied->list);
	text_release(&copied->octets);
	*copied = (struct copied){ 0 };
}
