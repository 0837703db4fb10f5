/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Datagrams among many sockets on loopback: crowd SOCKETS PACKETS PACKETS-A-SECOND
 * Opens the sockets, says "ready", waits for a line, and sends by a schedule fixed at the start. Prints what was sent
 * and the rate reached.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "clock.h"

#define MOST 20000
#define BATCH 10

struct crowd {
	int sockets[MOST];
	struct sockaddr_in places[MOST];
	unsigned count;
};

static int complain(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	return -1;
}

static int open_one(struct crowd *crowd, unsigned i)
{
	struct sockaddr_in *place = &crowd->places[i];
	socklen_t length = sizeof *place;

	*place = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	crowd->sockets[i] = socket(AF_INET, SOCK_DGRAM, 0);
	if (crowd->sockets[i] < 0 || bind(crowd->sockets[i], (struct sockaddr *)place, sizeof *place) < 0 ||
	    getsockname(crowd->sockets[i], (struct sockaddr *)place, &length) < 0)
		return complain("socket");
	return 0;
}

static int open_all(struct crowd *crowd)
{
	struct rlimit limit = { MOST + 64, MOST + 64 };

	setrlimit(RLIMIT_NOFILE, &limit);
	for (unsigned i = 0; i < crowd->count; i++)
		if (open_one(crowd, i) < 0)
			return -1;
	return 0;
}

/* Each to its neighbour: nobody reads, so what does not fit is dropped behind the capture. */
static int send_all(struct crowd *crowd, uint64_t packets, double rate)
{
	static const char line[] = "Mon Aug  3 12:00:00 2026";
	int64_t start = now();

	for (uint64_t sent = 0; sent < packets; sent++) {
		unsigned from = (unsigned)(sent % crowd->count), to = from ^ 1;

		if (sent % BATCH == 0)
			wait_until(start + (int64_t)((double)sent / rate * 1e9));
		if (sendto(crowd->sockets[from], line, sizeof line - 1, 0, (struct sockaddr *)&crowd->places[to],
			   sizeof crowd->places[to]) < 0)
			return complain("sendto");
	}
	printf("%llu %.0f\n", (unsigned long long)packets, (double)packets * 1e9 / (double)(now() - start));
	return 0;
}

int main(int argc, char **argv)
{
	static struct crowd crowd;

	crowd.count = argc == 4 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	if (crowd.count < 2 || crowd.count > MOST || crowd.count % 2) {
		fputs("usage: crowd SOCKETS PACKETS PACKETS-A-SECOND, an even number of sockets\n", stderr);
		return 2;
	}
	if (open_all(&crowd) < 0)
		return 1;
	puts("ready");
	fflush(stdout);
	getchar();
	return send_all(&crowd, strtoull(argv[2], NULL, 10), strtod(argv[3], NULL)) < 0;
}
