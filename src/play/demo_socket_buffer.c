/* SPDX-License-Identifier: BSD-2-Clause */
/* How much a socket holds. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

int demo_rcvbuf(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const int fd = stage_open(&s, AF_INET, SOCK_DGRAM, "A socket.");
	const long limit = stage_setting("/proc/sys/net/core/rmem_max");
	int doubled, most, nearly;

	stage_get(&s, fd, &sock_rcvbuf, "What a new one has: net.core.rmem_default.");
	stage_set(&s, fd, &sock_rcvbuf, 20000, "Twenty thousand octets.");
	doubled = stage_get(&s, fd, &sock_rcvbuf, "Doubled: the kernel's bookkeeping needs room, too.");
	stage_set(&s, fd, &sock_rcvbuf, INT_MAX, "As much as possible. It is no error to ask for too much,");
	most = stage_get(&s, fd, &sock_rcvbuf, "but there is no more than twice net.core.rmem_max.");
	stage_set(&s, fd, &sock_rcvbuf, INT_MAX - 1000, "A little less than before");
	nearly = stage_get(&s, fd, &sock_rcvbuf, "is the same, for the limit holds.");
	if (limit >= 0)
		stage_say(&s, "net.core.rmem_max is %ld here.", limit);
	return stage_end(&s,
			 doubled == 40000 && most == nearly && (limit < 0 || limit > INT_MAX / 2 || most == 2 * limit),
			 "20000 became %d, and the limit was %d, then %d", doubled, most, nearly);
}

static int force(const struct narrator *n, struct error *err, const struct sock_option *usual,
		 const struct sock_option *forced)
{
	struct stage s = { .n = n, .err = err };
	const int fd = stage_open(&s, AF_INET, SOCK_DGRAM, "A socket.");
	int most, more, refused, after;

	stage_set(&s, fd, usual, INT_MAX, "As much as everybody may have.");
	most = stage_get(&s, fd, usual, "Twice the limit, net.core.rmem_max or wmem_max.");
	if (most > INT_MAX - 8192)
		return stage_refuse(&s, "%s: the limit is so high that there is nothing above it", forced->option_name);
	more = most / 2 + 4096;
	refused = stage_try_set(&s, fd, forced, more, "More than that. It needs CAP_NET_ADMIN.");
	after = stage_get(&s, fd, usual, "And now?");
	stage_say(&s, refused ? "This program does not have the right: refused, and nothing changed."
			      : "This program has the right, and the limit does not hold.");
	return stage_end(&s, refused ? refused == EPERM && after == most : after == 2 * more,
			 "it was %s, and %d became %d", refused ? strerrorname_np(refused) : "taken", most, after);
}

int demo_rcvbufforce(const struct narrator *n, struct error *err)
{
	return force(n, err, &sock_rcvbuf, &sock_rcvbufforce);
}

int demo_sndbufforce(const struct narrator *n, struct error *err)
{
	return force(n, err, &sock_sndbuf, &sock_sndbufforce);
}

int demo_sndbuf(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection usual = stage_connection(&s), small = stage_connection(&s);
	size_t much, little;
	int doubled;

	stage_get(&s, usual.client, &sock_sndbuf, "What a connection has; it grows by itself.");
	stage_set(&s, small.client, &sock_sndbuf, 8192, "This one is to hold little, and does not grow any more.");
	doubled = stage_get(&s, small.client, &sock_sndbuf, "Doubled: the kernel's bookkeeping needs room, too.");
	stage_say(&s, "The servers do not read: their buffers become full, then the clients'.");
	much = stage_fill(&s, usual.client);
	little = stage_fill(&s, small.client);
	return stage_end(&s, doubled == 16384 && little && little < much,
			 "8192 became %d; %zu octets fitted in the usual connection and %zu in the small one", doubled,
			 much, little);
}

#define FLOOD 30u
#define FLOOD_SIZE 200

/* Takes what has come. */
static unsigned take_all(struct stage *s, int fd)
{
	char text[FLOOD_SIZE];
	unsigned count = 0;

	while (!s->failed && sock_recv(NULL, fd, text, sizeof text, MSG_DONTWAIT, NULL) >= 0)
		count++;
	return count;
}

int demo_rxq_ovfl(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	char text[FLOOD_SIZE + 1];
	uint32_t drops = 0;
	unsigned taken;
	bool told;

	memset(text, 'x', FLOOD_SIZE);
	text[FLOOD_SIZE] = '\0';
	stage_set(&s, ends.receiver, &sock_rcvbuf, 1, "A buffer as small as possible.");
	stage_set(&s, ends.receiver, &sock_rxq_ovfl, 1, "Beside each datagram: how many were dropped before it.");
	for (unsigned i = 0; i < FLOOD; i++) {
		stage_sendto(&s, ends.sender, text, &ends.at, "Nobody is told when there is no room for it.");
		s.n = NULL;
	}
	s.n = n;
	taken = take_all(&s, ends.receiver);
	stage_say(&s, "%u datagrams were sent. The receiver has got %u of them.", FLOOD, taken);
	stage_sendto(&s, ends.sender, "one more", &ends.at, "Now there is room again.");
	told = stage_receive_beside(&s, ends.receiver, SOL_SOCKET, SO_RXQ_OVFL, &drops, sizeof drops,
				    "The number stands beside the data.");
	return stage_end(&s, told && drops && taken + drops == FLOOD, "of %u datagrams %u came, and %u were counted",
			 FLOOD, taken, drops);
}
