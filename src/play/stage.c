/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/stage.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "sockets/socket.h"

void stage_fail(struct stage *s, const char *call)
{
	if (s->failed)
		return;
	s->failed = true;
	if (errno == EPERM)
		error_set(s->err, "%s: this program does not have the right; run it with sudo", call);
	else if (errno == ENOPROTOOPT)
		error_set(s->err, "%s: this kernel does not have it; a newer one may", call);
	else
		error_errno(s->err, "%s", call);
}

static int kept(struct stage *s, int fd, const char *call)
{
	if (fd < 0)
		stage_fail(s, call);
	else if (s->count == STAGE_SOCKETS)
		bug("a demonstration has more than %d sockets", STAGE_SOCKETS);
	else
		s->fds[s->count++] = fd;
	return fd;
}

/* ------------------------------------------------------------------------------------------------ calls */

int stage_open_protocol(struct stage *s, int domain, int type, int protocol, const char *why)
{
	return s->failed ? -1 : kept(s, sock_open_protocol(s->n, domain, type, protocol, why), "socket");
}

int stage_open(struct stage *s, int domain, int type, const char *why)
{
	return stage_open_protocol(s, domain, type, 0, why);
}

void stage_set(struct stage *s, int fd, const struct sock_option *option, int value, const char *why)
{
	if (!s->failed && sock_set(s->n, fd, option, value, why) < 0)
		stage_fail(s, option->option_name);
}

void stage_set_time(struct stage *s, int fd, const struct sock_option *option, int ms, const char *why)
{
	if (!s->failed && sock_set_time(s->n, fd, option, ms, why) < 0)
		stage_fail(s, option->option_name);
}

void stage_set_octets(struct stage *s, int fd, const struct sock_option *option, const void *value, size_t length,
		      const char *why)
{
	if (!s->failed && sock_set_octets(s->n, fd, option, value, length, why) < 0)
		stage_fail(s, option->option_name);
}

int stage_get(struct stage *s, int fd, const struct sock_option *option, const char *why)
{
	int value = 0;

	if (!s->failed && sock_get(s->n, fd, option, &value, why) < 0)
		stage_fail(s, option->option_name);
	return value;
}

void stage_get_octets(struct stage *s, int fd, const struct sock_option *option, void *value, size_t size,
		      const char *why)
{
	memset(value, 0, size);
	if (!s->failed && sock_get_octets(s->n, fd, option, value, size, why) < 0)
		stage_fail(s, option->option_name);
}

struct tcp_info stage_info(struct stage *s, int fd, const char *why)
{
	struct tcp_info info = { .tcpi_state = 0 };

	if (!s->failed && sock_get_info(s->n, fd, &info, why) < 0)
		stage_fail(s, "TCP_INFO");
	return info;
}

void stage_close(struct stage *s, int fd, const char *why)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->fds[i] == fd) {
			s->fds[i] = s->fds[--s->count];
			sock_close(s->n, fd, why);
			return;
		}
}

void stage_send(struct stage *s, int fd, const char *text, const char *why)
{
	if (!s->failed && sock_send(s->n, fd, text, strlen(text), 0, why) != (ssize_t)strlen(text))
		stage_fail(s, "send");
}

void stage_sendto(struct stage *s, int fd, const char *text, const struct address *to, const char *why)
{
	if (!s->failed && sock_sendto(s->n, fd, text, strlen(text), 0, to, why) < 0)
		stage_fail(s, "sendto");
}

bool stage_readable(struct stage *s, int fd, int timeout_ms, const char *why)
{
	struct pollfd wait = { fd, POLLIN, 0 };
	int ready = s->failed ? 0 : sock_poll(s->n, &wait, 1, timeout_ms, why);

	if (ready < 0)
		stage_fail(s, "poll");
	return ready > 0;
}

/* Without a word: the receiving call that follows is what is told. */
static bool await(struct stage *s, int fd)
{
	struct pollfd wait = { fd, POLLIN, 0 };
	int ready = s->failed ? -1 : sock_poll(NULL, &wait, 1, STAGE_PATIENCE, NULL);

	if (ready < 0)
		stage_fail(s, "poll");
	if (ready)
		return ready > 0;
	s->failed = s->silent = true;
	error_set(s->err, "nothing came within %d seconds", STAGE_PATIENCE / 1000);
	return false;
}

void stage_receive(struct stage *s, int fd, char text[256], struct address *from, const char *why)
{
	ssize_t got;

	text[0] = '\0';
	if (!await(s, fd))
		return;
	got = sock_recvfrom(s->n, fd, text, 255, 0, from, why);
	if (got < 0)
		stage_fail(s, "recvfrom");
	text[got < 0 ? 0 : got] = '\0';
}

bool stage_receive_beside(struct stage *s, int fd, int level, int type, void *value, size_t size, const char *why)
{
	union {
		struct cmsghdr header;
		char octets[256];
	} control;
	char text[256];
	struct iovec data = { text, sizeof text };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};

	if (!await(s, fd))
		return false;
	if (sock_recvmsg(s->n, fd, &message, 0, why) < 0) {
		stage_fail(s, "recvmsg");
		return false;
	}
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&message); at; at = CMSG_NXTHDR(&message, at))
		if (at->cmsg_level == level && at->cmsg_type == type && at->cmsg_len >= CMSG_LEN(size)) {
			memcpy(value, CMSG_DATA(at), size);
			return true;
		}
	return false;
}

void stage_drain(struct stage *s, int fd, size_t octets, const char *why)
{
	char text[4096];

	while (octets && await(s, fd)) {
		ssize_t got = sock_recv(s->n, fd, text, octets < sizeof text ? octets : sizeof text, 0, why);

		if (got > 0) {
			octets -= (size_t)got;
			continue;
		}
		if (got == 0)
			errno = ECONNRESET;
		stage_fail(s, "recv");
	}
}

/* ------------------------------------------------------------------------------------------------ places */

struct address stage_address(const char *host, uint16_t port)
{
	struct address address = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address.storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address.storage;

	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		address.length = sizeof *v4;
	} else if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		address.length = sizeof *v6;
	} else {
		bug("'%s' is no address", host);
	}
	address_set_port(&address, port);
	return address;
}

struct address stage_bind(struct stage *s, int fd, const char *host, const char *why)
{
	struct address at = stage_address(host, 0);

	if (s->failed)
		return at;
	if (sock_bind(s->n, fd, &at, why) < 0)
		stage_fail(s, "bind");
	else if (sock_name(s->n, fd, &at, "Which port has the kernel chosen?") < 0)
		stage_fail(s, "getsockname");
	return at;
}

struct stage_datagrams stage_datagrams(struct stage *s, const char *host)
{
	int family = strchr(host, ':') ? AF_INET6 : AF_INET;
	struct stage_datagrams ends;

	ends.receiver = stage_open(s, family, SOCK_DGRAM, "The receiver.");
	ends.at = stage_bind(s, ends.receiver, host, "A receiver needs an address; port 0 lets the kernel choose one.");
	ends.sender = stage_open(s, family, SOCK_DGRAM, "The sender.");
	return ends;
}

void stage_pair(struct stage *s, int fds[2])
{
	fds[0] = fds[1] = -1;
	if (s->failed)
		return;
	if (sock_pair(s->n, SOCK_DGRAM, fds, "Two sockets within this machine, connected to each other.") < 0) {
		stage_fail(s, "socketpair");
		return;
	}
	kept(s, fds[0], "socketpair");
	kept(s, fds[1], "socketpair");
}

void stage_join(struct stage *s, int fd, const struct address *at, const char *why)
{
	if (!s->failed && sock_connect(s->n, fd, at, why) < 0)
		stage_fail(s, "connect");
}

void stage_begin_listening(struct stage *s, int fd, int backlog, const char *why)
{
	if (!s->failed && sock_listen(s->n, fd, backlog, why) < 0)
		stage_fail(s, "listen");
}

int stage_listen(struct stage *s, struct address *at)
{
	int fd = stage_open(s, AF_INET, SOCK_STREAM, "The listener of a server.");

	*at = stage_bind(s, fd, "127.0.0.1", "A server needs an address; port 0 lets the kernel choose one.");
	stage_begin_listening(s, fd, 8, "From now on connections are taken.");
	return fd;
}

int stage_connect(struct stage *s, const struct address *at)
{
	int fd = stage_open(s, AF_INET, SOCK_STREAM, "A client.");

	stage_join(s, fd, at, "The handshake; the kernel of the server answers it.");
	return fd;
}

int stage_accept(struct stage *s, int listener)
{
	if (!await(s, listener))
		return -1;
	return kept(s, sock_accept(s->n, listener, NULL, 0, "The server's end of the connection."), "accept");
}

struct stage_connection stage_connection(struct stage *s)
{
	struct address at;
	int listener = stage_listen(s, &at);
	struct stage_connection ends;

	ends.client = stage_connect(s, &at);
	ends.server = stage_accept(s, listener);
	stage_close(s, listener, "One connection is enough.");
	return ends;
}

void stage_deafen(struct stage *s, int fd)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { 1, &nothing };

	stage_set_octets(s, fd, &sock_attach_filter, &program, sizeof program,
			 "A filter that lets nothing pass: to the other end this looks like a cut line.");
}

/* ------------------------------------------------------------------------------------------------ waiting */

/* A signal ends the demonstration. */
static void pause_for(struct stage *s, int ms)
{
	if (sock_poll(NULL, NULL, 0, ms, NULL) < 0)
		stage_fail(s, "poll");
}

bool stage_await_segments(struct stage *s, int fd, uint32_t segments)
{
	const int64_t until = clock_monotonic() + STAGE_PATIENCE * 1000000ll;
	struct tcp_info info;
	uint32_t first = 0;

	for (bool begun = false; !s->failed; begun = true) {
		if (sock_get_info(NULL, fd, &info, NULL) < 0)
			stage_fail(s, "TCP_INFO");
		if (!begun)
			first = info.tcpi_segs_out;
		if (info.tcpi_segs_out - first >= segments)
			return true;
		if (info.tcpi_state == SOCKET_CLOSE || clock_monotonic() > until)
			return false;
		pause_for(s, 10);
	}
	return false;
}

int stage_await_end(struct stage *s, int fd, const char *why)
{
	struct pollfd wait = { fd, 0, 0 };
	int ready = s->failed ? 0 : sock_poll(s->n, &wait, 1, STAGE_PATIENCE, why);

	if (ready < 0)
		stage_fail(s, "poll");
	return ready > 0 ? stage_get(s, fd, &sock_error, "Which error was it?") : 0;
}

/* ------------------------------------------------------------------------------------------------ the end */

void stage_say(struct stage *s, const char *format, ...)
{
	char line[256];
	va_list args;

	if (s->failed)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	sock_tell(s->n, NULL, "%s", line);
}

static void close_all(struct stage *s)
{
	while (s->count)
		sock_close(s->n, s->fds[--s->count], NULL);
}

int stage_end(struct stage *s, bool seen, const char *instead, ...)
{
	char line[256];
	va_list args;

	close_all(s);
	if (s->failed)
		return s->silent ? 0 : -1;
	if (seen)
		return 1;
	va_start(args, instead);
	vsnprintf(line, sizeof line, instead, args);
	va_end(args);
	error_set(s->err, "%s", line);
	return 0;
}

int stage_refuse(struct stage *s, const char *format, ...)
{
	char line[256];
	va_list args;

	close_all(s);
	if (s->failed)
		return -1;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	return error_set(s->err, "%s", line);
}
