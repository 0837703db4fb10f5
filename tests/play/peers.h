/* SPDX-License-Identifier: BSD-2-Clause */
/* Little servers for clients to talk to: each a thread with a behaviour, on a port of loopback that the kernel chose.
 */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hearing.h"
#include "play/client.h"

struct peer {
	int fd, stop[2];
	int said[2]; /* a pipe for a behaviour that has something to tell */
	pthread_t thread;
	char port[8];
	/* UDP: answers one datagram. TCP: serves one connection, which is closed after. */
	void (*datagram)(struct peer *peer, const uint8_t *data, size_t length, const struct sockaddr_in *from);
	void (*connection)(struct peer *peer, int fd);
	unsigned served;       /* datagrams or connections so far, the one at hand not among them */
	uint8_t before[65536]; /* for a behaviour to keep something in */
	size_t before_length;
};

static inline int peer_socket(int type, char port[8])
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof at;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &length), 0);
	snprintf(port, 8, "%u", ntohs(at.sin_port));
	return fd;
}

static inline void peer_say(struct peer *peer, const struct sockaddr_in *to, const void *data, size_t length)
{
	if (sendto(peer->fd, data, length, 0, (const struct sockaddr *)to, sizeof *to) != (ssize_t)length)
		abort();
}

static inline void peer_serve(struct peer *peer)
{
	static _Thread_local uint8_t data[65536];
	struct sockaddr_in from;
	socklen_t size = sizeof from;

	if (peer->connection) {
		int fd = accept(peer->fd, NULL, NULL);

		peer->connection(peer, fd);
		close(fd);
	} else {
		ssize_t got = recvfrom(peer->fd, data, sizeof data, 0, (struct sockaddr *)&from, &size);

		peer->datagram(peer, data, (size_t)got, &from);
	}
	peer->served++;
}

static inline void *peer_run(void *context)
{
	struct peer *peer = context;
	struct pollfd fds[] = { { peer->fd, POLLIN, 0 }, { peer->stop[0], POLLIN, 0 } };

	while (poll(fds, 2, -1) > 0 && !fds[1].revents)
		peer_serve(peer);
	return NULL;
}

static inline struct peer *peer_start(int type)
{
	struct peer *peer = mem_new(1, sizeof *peer);

	peer->fd = peer_socket(type, peer->port);
	assert_int_equal(pipe(peer->stop) | pipe(peer->said), 0);
	return peer;
}

static inline struct peer *peer_udp(void (*datagram)(struct peer *peer, const uint8_t *data, size_t length,
						     const struct sockaddr_in *from))
{
	struct peer *peer = peer_start(SOCK_DGRAM);

	peer->datagram = datagram;
	assert_int_equal(pthread_create(&peer->thread, NULL, peer_run, peer), 0);
	return peer;
}

static inline struct peer *peer_tcp(void (*connection)(struct peer *peer, int fd))
{
	struct peer *peer = peer_start(SOCK_STREAM);

	peer->connection = connection;
	assert_int_equal(listen(peer->fd, 8), 0);
	assert_int_equal(pthread_create(&peer->thread, NULL, peer_run, peer), 0);
	return peer;
}

static inline void peer_end(struct peer *peer)
{
	close(peer->stop[1]);
	pthread_join(peer->thread, NULL);
	close(peer->stop[0]);
	close(peer->said[0]);
	close(peer->said[1]);
	close(peer->fd);
	free(peer);
}

/* A client of it that nothing interrupts and that has no input. */
static inline struct client peer_client(const struct hearing *h, int type, const char *port)
{
	return (struct client){ .host = "127.0.0.1",
				.port = port,
				.type = type,
				.signals = -1,
				.input = -1,
				.timeout_ns = GUARD_NS,
				.reporter = &h->reporter };
}

/* A port that is taken and refuses: of UDP because the socket listens to one stranger only. */
static inline int refusing_port(int type, char port[8])
{
	int fd = peer_socket(type, port);
	struct sockaddr_in stranger = { .sin_family = AF_INET,
					.sin_port = htons(1),
					.sin_addr = { htonl(INADDR_LOOPBACK) } };

	if (type == SOCK_DGRAM)
		assert_int_equal(connect(fd, (struct sockaddr *)&stranger, sizeof stranger), 0);
	return fd;
}

/* A descriptor to read these lines from; it ends after them. */
static inline int typed(const char *lines)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], lines, strlen(lines)), strlen(lines));
	close(ends[1]);
	return ends[0];
}
