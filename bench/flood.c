/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends lab packets out of an interface: flood INTERFACE PACKETS [PACKETS-A-SECOND]
 * As fast as sendmmsg goes, or by a schedule fixed at the start. Prints what was sent and the rate reached.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "mix.h"

#define POOL 8192 /* different packets, sent round and round */
#define BATCH 64

struct flood {
	int socket;
	uint8_t frames[POOL][MIX_FRAME];
	struct iovec pieces[POOL];
	struct mmsghdr messages[POOL];
};

static int complain(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	return -1;
}

static void fill(struct flood *flood)
{
	struct mix mix;

	mix_start(&mix, 1);
	for (unsigned i = 0; i < POOL; i++) {
		flood->pieces[i] = (struct iovec){ flood->frames[i], mix_next(&mix, flood->frames[i]) };
		flood->messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &flood->pieces[i], .msg_iovlen = 1 } };
	}
}

/* Past the queue: what the socket takes is on the wire, or the call says so. */
static int open_socket(struct flood *flood, const char *interface)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface) };
	int on = 1;

	if (!address.sll_ifindex)
		return complain(interface);
	flood->socket = socket(AF_PACKET, SOCK_RAW, 0);
	if (flood->socket < 0 || setsockopt(flood->socket, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) < 0 ||
	    bind(flood->socket, (struct sockaddr *)&address, sizeof address) < 0)
		return complain("packet socket");
	return 0;
}

/* How many of the packets left go out at once: full batches, or what 100 microseconds of the rate bring. */
static unsigned batch(uint64_t left, uint64_t at, uint64_t rate)
{
	uint64_t most = rate && rate / 10000 < BATCH ? rate / 10000 + 1 : BATCH;

	if (most > left)
		most = left;
	return (unsigned)(most > POOL - at % POOL ? POOL - at % POOL : most);
}

static int send_all(struct flood *flood, uint64_t count, uint64_t rate)
{
	int64_t start = now();
	uint64_t sent = 0;

	while (sent < count) {
		unsigned n = batch(count - sent, sent, rate);
		int done;

		if (rate)
			wait_until(start + (int64_t)((double)sent / (double)rate * 1e9));
		done = sendmmsg(flood->socket, &flood->messages[sent % POOL], n, 0);
		if (done < 0 && errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
			return complain("sendmmsg");
		sent += done > 0 ? (uint64_t)done : 0;
	}
	printf("%llu %.0f\n", (unsigned long long)sent, (double)sent * 1e9 / (double)(now() - start));
	return 0;
}

int main(int argc, char **argv)
{
	static struct flood flood;

	if (argc < 3 || argc > 4) {
		fputs("usage: flood INTERFACE PACKETS [PACKETS-A-SECOND]\n", stderr);
		return 2;
	}
	fill(&flood);
	if (open_socket(&flood, argv[1]) < 0 ||
	    send_all(&flood, strtoull(argv[2], NULL, 10), argc > 3 ? strtoull(argv[3], NULL, 10) : 0) < 0)
		return 1;
	return 0;
}
