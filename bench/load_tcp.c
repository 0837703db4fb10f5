/* SPDX-License-Identifier: BSD-2-Clause */
/* Streams: many connections that are all answered, then a ping-pong on one of them. */
#include "load.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

#define WARM_UP 1000u

/*
 * A message as sockperf's server wants it (it answers no other): a number, flags (1: from a client, 2: answer it) and
 * the length. An echo gives it back as it is, sockperf without the first flag.
 */
static void build(uint8_t message[MESSAGE], uint64_t number)
{
	uint32_t words[2] = { htonl((uint32_t)(number >> 32)), htonl((uint32_t)number) }, length = htonl(MESSAGE);
	uint16_t flags = htons(3);

	memset(message, 'x', MESSAGE);
	memcpy(message, words, 8);
	memcpy(message + 8, &flags, 2);
	memcpy(message + 10, &length, 4);
}

static int ping(int fd, uint64_t number)
{
	uint8_t message[MESSAGE], answer[MESSAGE];
	ssize_t got;

	build(message, number);
	if (send(fd, message, sizeof message, MSG_NOSIGNAL) != MESSAGE)
		return load_fail("load: send");
	for (size_t have = 0; have < sizeof answer; have += (size_t)got) {
		got = recv(fd, answer + have, sizeof answer - have, 0);
		if (got <= 0)
			return load_fail("load: recv");
	}
	return memcmp(message, answer, 8) ? load_fail("load: another answer") : 0;
}

static unsigned open_all(const struct load *load, int *fds, unsigned count)
{
	unsigned opened = 0;

	while (opened < count && (fds[opened] = load_connect(load)) >= 0)
		opened++;
	return opened;
}

int load_tcp(const struct load *load)
{
	unsigned count = (unsigned)load_number(load, 0), pings = (unsigned)load_number(load, 1), answered = 0, opened;
	int *fds = calloc(count, sizeof *fds);
	int64_t *delays = calloc(pings, sizeof *delays);

	if (!fds || !delays)
		return load_fail("load");
	opened = open_all(load, fds, count);
	while (answered < opened && !ping(fds[answered], answered + 1))
		answered++;
	if (answered != count)
		return -1;
	for (unsigned i = 0; i < WARM_UP + pings; i++) {
		int64_t start = load_now();

		if (ping(fds[count / 2], count + 1 + i) < 0)
			return -1;
		if (i >= WARM_UP)
			delays[i - WARM_UP] = load_now() - start;
	}
	printf("%u %u %.2f %.2f\n", opened, answered, (double)load_quantile(delays, pings, 0.5) / 1e3,
	       (double)load_quantile(delays, pings, 0.99) / 1e3);
	free(fds);
	free(delays);
	return 0;
}
