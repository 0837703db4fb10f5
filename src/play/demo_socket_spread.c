/* SPDX-License-Identifier: BSD-2-Clause */
/* Several sockets on one port. */
#include <errno.h>
#include <sched.h>

#include "play/demo_rows.h"
#include "play/stage.h"

#define SENDERS 64u

struct pair {
	int fds[2];
	struct address at;
	int refused; /* the error of the second bind() without the option */
};

/* Two receivers on one port. */
static struct pair share_port(struct stage *s)
{
	struct pair pair;
	int alone = stage_open(s, AF_INET, SOCK_DGRAM, "A socket without the option.");

	pair.fds[0] = stage_open(s, AF_INET, SOCK_DGRAM, "Two receivers: one,");
	pair.fds[1] = stage_open(s, AF_INET, SOCK_DGRAM, "and another.");
	stage_set(s, pair.fds[0], &sock_reuseport, 1, "Every one of them must agree, before bind().");
	stage_set(s, pair.fds[1], &sock_reuseport, 1, NULL);
	pair.at = stage_bind(s, pair.fds[0], "127.0.0.1", "The first one takes a port.");
	pair.refused = stage_try_bind(s, alone, &pair.at, "Who has not agreed is refused.");
	if (stage_try_bind(s, pair.fds[1], &pair.at, "Who has agreed may take it as well."))
		stage_fail(s, "bind");
	return pair;
}

/* Takes what is at hand. */
static unsigned take(int fd)
{
	unsigned count = 0;
	char octet;

	while (sock_recv(NULL, fd, &octet, sizeof octet, MSG_DONTWAIT, NULL) >= 0)
		count++;
	return count;
}

/* Datagrams from many senders; how many came to each of the two. */
static void spread(struct stage *s, const struct pair *pair, unsigned counts[2])
{
	const struct narrator *n = s->n;

	counts[0] = counts[1] = 0;
	for (unsigned i = 0; i < SENDERS; i++) {
		int sender = stage_open(s, AF_INET, SOCK_DGRAM, "A sender; its port is a new one.");

		stage_sendto(s, sender, "x", &pair->at, "The kernel mixes all four numbers: addresses and ports.");
		stage_close(s, sender, NULL);
		s->n = NULL;
	}
	while (!s->failed && counts[0] + counts[1] < SENDERS) {
		struct pollfd wait[] = { { pair->fds[0], POLLIN, 0 }, { pair->fds[1], POLLIN, 0 } };

		if (sock_poll(NULL, wait, 2, STAGE_PATIENCE, NULL) <= 0)
			break;
		counts[0] += take(pair->fds[0]);
		counts[1] += take(pair->fds[1]);
	}
	s->n = n;
	stage_say(s, "%u more senders do the same. The first receiver got %u datagrams, the second %u.", SENDERS - 1,
		  counts[0], counts[1]);
}

int demo_reuseport(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct pair pair = share_port(&s);
	unsigned counts[2];

	spread(&s, &pair, counts);
	return stage_end(&s, pair.refused == EADDRINUSE && counts[0] && counts[1] && counts[0] + counts[1] == SENDERS,
			 "a socket without the option got %s; %u and %u datagrams came",
			 pair.refused ? strerrorname_np(pair.refused) : "the port", counts[0], counts[1]);
}

/* On loopback a packet is received by the processor that sends it, so the thread stays where it is meanwhile. */
int demo_incoming_cpu(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	struct pair pair;
	unsigned counts[2];
	cpu_set_t before, here;
	const int cpu = sched_getcpu();

	CPU_ZERO(&here);
	if (cpu < 0 || cpu >= CPU_SETSIZE || sched_getaffinity(0, sizeof before, &before) < 0)
		return stage_refuse(&s, "SO_INCOMING_CPU: the kernel does not say on which processor this runs");
	CPU_SET((unsigned)cpu, &here);
	if (sched_setaffinity(0, sizeof here, &here) < 0)
		return stage_refuse(&s, "SO_INCOMING_CPU: this program may not stay on one processor");
	stage_say(&s, "This program stays on processor %d, where loopback also receives what it sends.", cpu);
	pair = share_port(&s);
	stage_set(&s, pair.fds[0], &sock_incoming_cpu, cpu, "The first receiver is for packets of this processor,");
	stage_set(&s, pair.fds[1], &sock_incoming_cpu, cpu + 1, "the second for those of another one.");
	spread(&s, &pair, counts);
	sched_setaffinity(0, sizeof before, &before);
	return stage_end(&s, counts[0] == SENDERS && !counts[1], "%u datagrams came to the first and %u to the second",
			 counts[0], counts[1]);
}
