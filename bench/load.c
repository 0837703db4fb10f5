/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load KIND ADDRESS PORT ...: asks a server on this machine and says how it did.
 *
 *	udp ADDRESS PORT SECONDS [RATE]	      prints "answers/s lost p50_us p99_us"; without RATE: as fast as it answers
 *	tcp ADDRESS PORT CONNECTIONS PINGS    prints "connections answered p50_us p99_us"
 *	chat ADDRESS PORT MEMBERS RATE SECONDS  prints "sent delivered expected out_of_order seconds p99_ms"
 */
#include "load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
	const char *name;
	unsigned least, most; /* arguments */
	int (*run)(const struct load *load);
} kinds[] = { { "udp", 1, 2, load_udp }, { "tcp", 2, 2, load_tcp }, { "chat", 3, 3, load_chat } };

int64_t load_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

double load_number(const struct load *load, unsigned index)
{
	return strtod(load->arguments[index], NULL);
}

int load_fail(const char *what)
{
	perror(what);
	return -1;
}

int load_connect(const struct load *load)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&load->to, sizeof load->to) < 0)
		return load_fail("load: connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t load_quantile(int64_t *values, unsigned count, double share)
{
	qsort(values, count, sizeof *values, compare);
	return count ? values[(unsigned)((count - 1) * share)] : 0;
}

static void raise_descriptors(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int main(int argc, char **argv)
{
	struct load load = { .to = { .sin_family = AF_INET } };

	raise_descriptors();
	for (unsigned i = 0; argc > 3 && i < sizeof kinds / sizeof *kinds; i++) {
		unsigned given = (unsigned)argc - 4;

		if (strcmp(argv[1], kinds[i].name) || given < kinds[i].least || given > kinds[i].most)
			continue;
		load.to.sin_port = htons((uint16_t)strtoul(argv[3], NULL, 10));
		load.arguments = argv + 4;
		if (inet_pton(AF_INET, argv[2], &load.to.sin_addr) == 1)
			return kinds[i].run(&load) < 0;
	}
	fputs("usage: load udp|tcp|chat ADDRESS PORT ...; see bench/load.c\n", stderr);
	return 2;
}
