/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sockets of a demonstration on loopback. What fails is remembered with its reason, and every call after it does
 * nothing: a demonstration is a list of calls, and looks once, at its end, at how it went. Sockets are closed there.
 */
#pragma once

#include <linux/tcp.h>
#include <stdbool.h>

#include "base/error.h"
#include "net/sock.h"

#define STAGE_SOCKETS 16
#define STAGE_PATIENCE 60000 /* ms that are waited for what must come */

/* Begin it with { .n = n, .err = err }. */
struct stage {
	const struct narrator *n;
	struct error *err;
	bool failed;
	bool silent; /* because what should have come did not */
	int fds[STAGE_SOCKETS];
	unsigned count;
};

/* Each is the call of its name in net/sock.h. Descriptors are -1 when something has failed. */
int stage_open(struct stage *s, int domain, int type, const char *why);
int stage_open_protocol(struct stage *s, int domain, int type, int protocol, const char *why);
void stage_set(struct stage *s, int fd, const struct sock_option *option, int value, const char *why);
void stage_set_time(struct stage *s, int fd, const struct sock_option *option, int ms, const char *why);
void stage_set_octets(struct stage *s, int fd, const struct sock_option *option, const void *value, size_t length,
		      const char *why);
int stage_get(struct stage *s, int fd, const struct sock_option *option, const char *why);
void stage_get_octets(struct stage *s, int fd, const struct sock_option *option, void *value, size_t size,
		      const char *why);
struct tcp_info stage_info(struct stage *s, int fd, const char *why);
void stage_close(struct stage *s, int fd, const char *why);

/* For calls that may be refused without an end of the demonstration: the error; 0: none. */
int stage_try_set(struct stage *s, int fd, const struct sock_option *option, int value, const char *why);
int stage_try_bind(struct stage *s, int fd, const struct address *at, const char *why);
int stage_try_connect(struct stage *s, int fd, const struct address *at, const char *why);
int stage_try_send(struct stage *s, int fd, const char *text, const char *why);
int stage_try_sendto(struct stage *s, int fd, const char *text, const struct address *to, const char *why);
int stage_try_receive(struct stage *s, int fd, const char *why);

/* Of text, at most 255 octets; NUL-terminated. */
void stage_send(struct stage *s, int fd, const char *text, const char *why);
void stage_sendto(struct stage *s, int fd, const char *text, const struct address *to, const char *why);
/* Waits for something and reads it; `from` may be NULL. */
void stage_receive(struct stage *s, int fd, char text[256], struct address *from, const char *why);
/* The same with what the kernel tells beside it: `size` octets of the control message of this level and type; false:
 * there is none. */
bool stage_receive_beside(struct stage *s, int fd, int level, int type, void *value, size_t size, const char *why);
/* Waits until so many octets of a connection have been read. */
void stage_drain(struct stage *s, int fd, size_t octets, const char *why);
/* Whether there is something to be read; waits for that at most timeout_ms. */
bool stage_readable(struct stage *s, int fd, int timeout_ms, const char *why);

/* "127.0.0.1", "::1", ...; port in host order. */
struct address stage_address(const char *host, uint16_t port);
/* bind() to this host and a port that the kernel chooses; where it is bound then. */
struct address stage_bind(struct stage *s, int fd, const char *host, const char *why);
/* Two ends of UDP: one that is bound on the host, where it is, and one that sends. */
struct stage_datagrams {
	int receiver, sender;
	struct address at;
};
struct stage_datagrams stage_datagrams(struct stage *s, const char *host);

/* Two connected ends in this machine alone (AF_UNIX) that carry datagrams. */
void stage_pair(struct stage *s, int fds[2]);

/* connect(), which must succeed. */
void stage_join(struct stage *s, int fd, const struct address *at, const char *why);
/* listen() on a socket that is bound. */
void stage_begin_listening(struct stage *s, int fd, int backlog, const char *why);
/* A listener on 127.0.0.1, a connection to it, and its other end. */
int stage_listen(struct stage *s, struct address *at);
int stage_connect(struct stage *s, const struct address *at);
int stage_accept(struct stage *s, int listener);
struct stage_connection {
	int client, server;
};
struct stage_connection stage_connection(struct stage *s);

/* Sends until nothing more fits, because the peer does not read and has closed its window; how many octets did. */
size_t stage_fill(struct stage *s, int fd);

/*
 * The socket no longer hears anything: a filter drops what comes, as a cut line would. On TCP newer kernels want
 * CAP_NET_ADMIN for it.
 */
void stage_deafen(struct stage *s, int fd);

/*
 * Waits until this connection has sent so many segments more than it had; silently, for it looks again and again.
 * False: it did not within the patience, or has ended.
 */
bool stage_await_segments(struct stage *s, int fd, uint32_t segments);
/* Waits until the connection has ended, or ICMP has said that nobody listens; the error. 0: neither has come. */
int stage_await_end(struct stage *s, int fd, const char *why);

/* The number in this file, as /proc/sys/net/... has them; -1: there is none. */
long stage_setting(const char *path);

/* A call of the demonstration's own has failed; errno says why. */
void stage_fail(struct stage *s, const char *call);

/* A line of the story. */
void stage_say(struct stage *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Closes all. -1: a call failed. 1: it was seen. 0: it was not, or what was waited for did not come, and err has what
 * was seen instead.
 */
int stage_end(struct stage *s, bool seen, const char *instead, ...) __attribute__((format(printf, 3, 4)));
/* For what cannot be shown here: closes all; -1, and err has why. */
int stage_refuse(struct stage *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
