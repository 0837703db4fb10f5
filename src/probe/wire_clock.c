/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel stamps what comes in only while a socket asks for it, and begins a moment after the first has asked: a
 * worker of its own rewrites the code. Until then answers have no time. So a datagram is sent to ourselves until one
 * comes in with a stamp; that takes less than a millisecond.
 */
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sched.h>

#include "base/clock.h"
#include "probe/wire_parts.h"

#define PATIENCE (5 * NS_PER_MS)

static struct address loopback(void)
{
	struct address address = { .length = sizeof(struct sockaddr_in) };
	struct sockaddr_in *in = (void *)&address.storage;

	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static bool is_stamped(const struct wire *quiet, int fd, const struct address *self, struct wire_message *message)
{
	return sock_sendto(NULL, fd, "", 0, 0, self, NULL) == 0 && wire_take(quiet, fd, 0, message, NULL) &&
	       message->time;
}

void wire_await_clock(const struct wire *wire)
{
	const struct wire quiet = { .epoll = -1 };
	const int64_t until = clock_monotonic() + PATIENCE;
	struct address self = loopback();
	struct wire_message message;
	int fd = sock_open(NULL, AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, NULL);
	bool stamped = false;

	if (fd < 0)
		return;
	if (sock_bind(NULL, fd, &self, NULL) == 0 && sock_name(NULL, fd, &self, NULL) == 0 &&
	    sock_set(NULL, fd, &sock_timestamping, SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE, NULL) == 0)
		while (!(stamped = is_stamped(&quiet, fd, &self, &message)) && clock_monotonic() < until)
			sched_yield();
	sock_close(NULL, fd, NULL);
	if (stamped)
		sock_tell(wire->narrator, "The kernel begins to stamp what comes in a moment after it was asked to.",
			  "a datagram to ourselves, until one came in with a stamp");
}
