/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls that make, name and end sockets; sock_data.c has those that carry octets, sock_wait.c those that wait. */
#include "net/sock.h"

#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "net/narrate.h"

#define OPTION(level, option) { level, option, #level, #option }
const struct sock_option sock_reuseaddr = OPTION(SOL_SOCKET, SO_REUSEADDR);
const struct sock_option sock_reuseport = OPTION(SOL_SOCKET, SO_REUSEPORT);
const struct sock_option sock_broadcast = OPTION(SOL_SOCKET, SO_BROADCAST);
const struct sock_option sock_keepalive = OPTION(SOL_SOCKET, SO_KEEPALIVE);
const struct sock_option sock_nodelay = OPTION(IPPROTO_TCP, TCP_NODELAY);
const struct sock_option sock_user_timeout = OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT);
const struct sock_option sock_keepidle = OPTION(IPPROTO_TCP, TCP_KEEPIDLE);
const struct sock_option sock_keepintvl = OPTION(IPPROTO_TCP, TCP_KEEPINTVL);
const struct sock_option sock_v6only = OPTION(IPPROTO_IPV6, IPV6_V6ONLY);
const struct sock_option sock_pktinfo = OPTION(IPPROTO_IP, IP_PKTINFO);
const struct sock_option sock_v6pktinfo = OPTION(IPPROTO_IPV6, IPV6_RECVPKTINFO);
const struct sock_option sock_recverr = OPTION(IPPROTO_IP, IP_RECVERR);
const struct sock_option sock_v6recverr = OPTION(IPPROTO_IPV6, IPV6_RECVERR);
const struct sock_option sock_error = OPTION(SOL_SOCKET, SO_ERROR);
const struct sock_option sock_ttl = OPTION(IPPROTO_IP, IP_TTL);
const struct sock_option sock_tos = OPTION(IPPROTO_IP, IP_TOS);
const struct sock_option sock_hdrincl = OPTION(IPPROTO_IP, IP_HDRINCL);
const struct sock_option sock_mtu_discover = OPTION(IPPROTO_IP, IP_MTU_DISCOVER);
const struct sock_option sock_mtu = OPTION(IPPROTO_IP, IP_MTU);
const struct sock_option sock_recvttl = OPTION(IPPROTO_IP, IP_RECVTTL);
const struct sock_option sock_recverr_rfc4884 = OPTION(IPPROTO_IP, IP_RECVERR_RFC4884);
const struct sock_option sock_v6hops = OPTION(IPPROTO_IPV6, IPV6_UNICAST_HOPS);
const struct sock_option sock_v6class = OPTION(IPPROTO_IPV6, IPV6_TCLASS);
const struct sock_option sock_v6hdrincl = OPTION(IPPROTO_IPV6, IPV6_HDRINCL);
const struct sock_option sock_v6mtu_discover = OPTION(IPPROTO_IPV6, IPV6_MTU_DISCOVER);
const struct sock_option sock_v6mtu = OPTION(IPPROTO_IPV6, IPV6_MTU);
const struct sock_option sock_v6recvhops = OPTION(IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
const struct sock_option sock_v6recverr_rfc4884 = OPTION(IPPROTO_IPV6, IPV6_RECVERR_RFC4884);
const struct sock_option sock_timestamping = OPTION(SOL_SOCKET, SO_TIMESTAMPING);
const struct sock_option sock_device = OPTION(SOL_SOCKET, SO_BINDTODEVICE);
const struct sock_option sock_syncnt = OPTION(IPPROTO_TCP, TCP_SYNCNT);
const struct sock_option sock_icmp_filter = OPTION(SOL_RAW, ICMP_FILTER);
const struct sock_option sock_icmp6_filter = OPTION(IPPROTO_ICMPV6, ICMP6_FILTER);
#undef OPTION

static const struct value_name types[] = {
	{ SOCK_STREAM, "SOCK_STREAM" }, { SOCK_DGRAM, "SOCK_DGRAM" }, { SOCK_RAW, "SOCK_RAW" }, { 0, NULL },
};

static const struct value_name protocols[] = {
	{ IPPROTO_ICMP, "IPPROTO_ICMP" }, { IPPROTO_ICMPV6, "IPPROTO_ICMPV6" }, { IPPROTO_RAW, "IPPROTO_RAW" },
	{ 0, NULL },
};

static const struct value_name type_flags[] = {
	{ SOCK_NONBLOCK, "SOCK_NONBLOCK" }, { SOCK_CLOEXEC, "SOCK_CLOEXEC" }, { 0, NULL },
};

static const struct value_name ways[] = {
	{ SHUT_RD, "SHUT_RD" }, { SHUT_WR, "SHUT_WR" }, { SHUT_RDWR, "SHUT_RDWR" }, { 0, NULL },
};

/* ------------------------------------------------------------------------------------------------ opening, closing */

static __attribute__((cold)) int tell_open(const struct narrator *n, int domain, int type, int protocol,
					  const char *why, int fd)
{
	const unsigned flags = (unsigned)type & (SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_string(&call.line, "socket(");
	narrate_family(&call.line, domain);
	text_string(&call.line, ", ");
	narrate_value(&call.line, types, (unsigned)type & ~flags);
	text_char(&call.line, '|');
	narrate_flags(&call.line, type_flags, flags);
	text_string(&call.line, ", ");
	narrate_value(&call.line, protocols, (unsigned)protocol);
	text_char(&call.line, ')');
	call_over(&call, fd);
	return fd;
}

int sock_open_protocol(const struct narrator *n, int domain, int type, int protocol, const char *why)
{
	int fd = socket(domain, type | SOCK_CLOEXEC, protocol);

	return n ? tell_open(n, domain, type | SOCK_CLOEXEC, protocol, why, fd) : fd;
}

int sock_open(const struct narrator *n, int domain, int type, const char *why)
{
	return sock_open_protocol(n, domain, type, 0, why);
}

static __attribute__((cold)) int tell_pair(const struct narrator *n, int type, const int fds[2], const char *why,
					  int result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_string(&call.line, "socketpair(AF_UNIX, ");
	narrate_value(&call.line, types, (unsigned)type);
	text_string(&call.line, "|SOCK_CLOEXEC, 0, ");
	if (result == 0)
		text_format(&call.line, "[%d, %d])", fds[0], fds[1]);
	else
		text_string(&call.line, "fds)");
	call_over(&call, result);
	return result;
}

int sock_pair(const struct narrator *n, int type, int fds[2], const char *why)
{
	int result = socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds);

	return n ? tell_pair(n, type, fds, why, result) : result;
}

int sock_close(const struct narrator *n, int fd, const char *why)
{
	int result = close(fd);

	if (n)
		call_tell(n, why, result, "close(%d)", fd);
	return result;
}

static __attribute__((cold)) int tell_shutdown(const struct narrator *n, int fd, int how, const char *why, int result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "shutdown(%d, ", fd);
	narrate_value(&call.line, ways, (unsigned)how);
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

int sock_shutdown(const struct narrator *n, int fd, int how, const char *why)
{
	int result = shutdown(fd, how);

	return n ? tell_shutdown(n, fd, how, why, result) : result;
}

/* ------------------------------------------------------------------------------------------------ options */

int sock_set(const struct narrator *n, int fd, const struct sock_option *option, int value, const char *why)
{
	int result = setsockopt(fd, option->level, option->option, &value, sizeof value);

	if (n)
		call_tell(n, why, result, "setsockopt(%d, %s, %s, %d)", fd, option->level_name, option->option_name,
			  value);
	return result;
}

static __attribute__((cold)) int tell_set_text(const struct narrator *n, int fd, const struct sock_option *option,
					       const char *value, const char *why, int result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "setsockopt(%d, %s, %s, ", fd, option->level_name, option->option_name);
	narrate_quoted(&call.line, value, strlen(value));
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

int sock_set_text(const struct narrator *n, int fd, const struct sock_option *option, const char *value,
		  const char *why)
{
	int result = setsockopt(fd, option->level, option->option, value, (socklen_t)strlen(value) + 1);

	return n ? tell_set_text(n, fd, option, value, why, result) : result;
}

int sock_set_octets(const struct narrator *n, int fd, const struct sock_option *option, const void *value,
		    size_t length, const char *why)
{
	int result = setsockopt(fd, option->level, option->option, value, (socklen_t)length);

	if (n)
		call_tell(n, why, result, "setsockopt(%d, %s, %s, {%zu octets})", fd, option->level_name,
			  option->option_name, length);
	return result;
}

int sock_set_linger(const struct narrator *n, int fd, int seconds, const char *why)
{
	struct linger linger = { .l_onoff = 1, .l_linger = seconds };
	int result = setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);

	if (n)
		call_tell(n, why, result, "setsockopt(%d, SOL_SOCKET, SO_LINGER, {on, %d})", fd, seconds);
	return result;
}

int sock_set_time(const struct narrator *n, int fd, const struct sock_option *option, int ms, const char *why)
{
	const struct timeval time = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	int result = setsockopt(fd, option->level, option->option, &time, sizeof time);

	if (n)
		call_tell(n, why, result, "setsockopt(%d, %s, %s, {%d, %d})", fd, option->level_name,
			  option->option_name, ms / 1000, ms % 1000 * 1000);
	return result;
}

static __attribute__((cold)) int tell_get(const struct narrator *n, int fd, const struct sock_option *option,
					  int value, const char *why, int result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "getsockopt(%d, %s, %s, ", fd, option->level_name, option->option_name);
	if (result < 0)
		text_string(&call.line, "value");
	else if (option->option == SO_ERROR && option->level == SOL_SOCKET && value && strerrorname_np(value))
		text_string(&call.line, strerrorname_np(value));
	else
		text_int(&call.line, value);
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

int sock_get(const struct narrator *n, int fd, const struct sock_option *option, int *value, const char *why)
{
	socklen_t length = sizeof *value;
	int result = getsockopt(fd, option->level, option->option, value, &length);

	return n ? tell_get(n, fd, option, result < 0 ? 0 : *value, why, result) : result;
}

/* ------------------------------------------------------------------------------------------------ names and peers */

static __attribute__((cold)) int tell_address(const struct narrator *n, const char *name, int fd,
					      const struct address *address, const char *why, int result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "%s(%d, ", name, fd);
	narrate_address(&call.line, address);
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

int sock_bind(const struct narrator *n, int fd, const struct address *address, const char *why)
{
	int result = bind(fd, (const struct sockaddr *)&address->storage, address->length);

	return n ? tell_address(n, "bind", fd, address, why, result) : result;
}

int sock_name(const struct narrator *n, int fd, struct address *local, const char *why)
{
	int result;

	local->length = sizeof local->storage;
	result = getsockname(fd, (struct sockaddr *)&local->storage, &local->length);
	if (result < 0)
		local->length = 0;
	return n ? tell_address(n, "getsockname", fd, local, why, result) : result;
}

int sock_peer(const struct narrator *n, int fd, struct address *peer, const char *why)
{
	int result;

	peer->length = sizeof peer->storage;
	result = getpeername(fd, (struct sockaddr *)&peer->storage, &peer->length);
	if (result < 0)
		peer->length = 0;
	return n ? tell_address(n, "getpeername", fd, peer, why, result) : result;
}

/* ------------------------------------------------------------------------------------------------ connections */

int sock_listen(const struct narrator *n, int fd, int backlog, const char *why)
{
	int result = listen(fd, backlog);

	if (n)
		call_tell(n, why, result, "listen(%d, %d)", fd, backlog);
	return result;
}

/* Only a stream has somebody to wait for. */
static bool connect_sleeps(int fd)
{
	int type = 0;
	socklen_t length = sizeof type;

	return !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) && type == SOCK_STREAM && call_blocks(fd);
}

static void write_connect(struct call *call, int fd, const struct address *address)
{
	text_format(&call->line, "connect(%d, ", fd);
	narrate_address(&call->line, address);
	text_char(&call->line, ')');
}

static __attribute__((cold)) int connect_told(const struct narrator *n, int fd, const struct address *address,
					      const char *why)
{
	struct call call;
	int result;

	call_begin(&call, n, why);
	write_connect(&call, fd, address);
	if (connect_sleeps(fd)) {
		call_wait(&call);
		write_connect(&call, fd, address);
	}
	result = connect(fd, (const struct sockaddr *)&address->storage, address->length);
	call_made(&call);
	call_over(&call, result);
	return result;
}

int sock_connect(const struct narrator *n, int fd, const struct address *address, const char *why)
{
	if (n)
		return connect_told(n, fd, address, why);
	return connect(fd, (const struct sockaddr *)&address->storage, address->length);
}

static int accept_peer(int fd, struct address *peer, int flags)
{
	int result;

	if (!peer)
		return accept4(fd, NULL, NULL, flags);
	peer->length = sizeof peer->storage;
	result = accept4(fd, (struct sockaddr *)&peer->storage, &peer->length, flags);
	if (result < 0)
		peer->length = 0;
	return result;
}

static void write_accept(struct call *call, int fd, const struct address *peer, bool made, int flags)
{
	text_format(&call->line, "accept4(%d, ", fd);
	if (made || !peer)
		narrate_address(&call->line, peer);
	else
		text_string(&call->line, "peer");
	text_string(&call->line, ", ");
	narrate_flags(&call->line, type_flags, (unsigned)flags);
	text_char(&call->line, ')');
}

static __attribute__((cold)) int accept_told(const struct narrator *n, int fd, struct address *peer, int flags,
					     const char *why)
{
	struct call call;
	int result;

	call_begin(&call, n, why);
	if (call_blocks(fd)) {
		write_accept(&call, fd, peer, false, flags);
		call_wait(&call);
	}
	result = accept_peer(fd, peer, flags);
	call_made(&call);
	write_accept(&call, fd, peer, result >= 0, flags);
	call_over(&call, result);
	return result;
}

int sock_accept(const struct narrator *n, int fd, struct address *peer, int flags, const char *why)
{
	return n ? accept_told(n, fd, peer, flags | SOCK_CLOEXEC, why) : accept_peer(fd, peer, flags | SOCK_CLOEXEC);
}
