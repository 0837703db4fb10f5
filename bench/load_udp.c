/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams: a window of requests kept full, or a rate by the clock. */
#include "load.h"

#include <netinet/udp.h>
#include <stdio.h>
#include <sys/socket.h>

#define WINDOW 64                     /* requests on their way; far below what a socket's buffer holds */
#define BURST 16                      /* requests that leave with one system call, cut apart by the kernel */
#define PATIENCE INT64_C(200000000)   /* after so long without an answer what is on its way is lost */
#define MOST_VALUES 4000000u

/* What stands at the front of a request: when it was to be sent, and its number. */
struct stamp {
	int64_t due;
	uint64_t number;
};

struct udp {
	int fd;
	int64_t start, end, heard;
	uint64_t sent, answered, lost;
	int64_t *delays;
	unsigned delay_count;
	char room[BURST][MESSAGE];
};

static int open_socket(const struct load *load)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), size = 4 << 20;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&load->to, sizeof load->to) < 0)
		return load_fail("load: udp");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	return fd;
}

static void stamp(struct udp *u, char *message, int64_t due)
{
	struct stamp s = { due, u->sent++ };

	memcpy(message, &s, sizeof s);
}

/* The kernel cuts the burst into datagrams of MESSAGE octets: the client must not be the slower of the two. */
static void send_burst(struct udp *u, unsigned count)
{
	int segment = MESSAGE;
	int64_t now = load_now();

	for (unsigned i = 0; i < count; i++)
		stamp(u, u->room[i], now);
	setsockopt(u->fd, SOL_UDP, UDP_SEGMENT, &segment, sizeof segment);
	if (send(u->fd, u->room, count * MESSAGE, 0) < 0)
		u->sent -= count;
}

/* Takes what has come; returns how many answers. */
static unsigned take(struct udp *u)
{
	struct mmsghdr messages[WINDOW] = { 0 };
	struct iovec parts[WINDOW];
	char room[WINDOW][MESSAGE];
	struct stamp s;
	int64_t now;
	int count;

	for (unsigned i = 0; i < WINDOW; i++) {
		parts[i] = (struct iovec){ room[i], MESSAGE };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
	}
	count = recvmmsg(u->fd, messages, WINDOW, 0, NULL);
	if (count <= 0)
		return 0;
	now = u->heard = load_now();
	for (int i = 0; i < count; i++) {
		memcpy(&s, room[i], sizeof s);
		if (messages[i].msg_len == MESSAGE && s.due <= now && u->delay_count < MOST_VALUES)
			u->delays[u->delay_count++] = now - s.due;
	}
	u->answered += (unsigned)count;
	return (unsigned)count;
}

static void saturate(struct udp *u)
{
	while (load_now() < u->end) {
		uint64_t underway = u->sent - u->answered - u->lost;

		if (underway + BURST <= WINDOW)
			send_burst(u, BURST);
		if (!take(u) && load_now() - u->heard > PATIENCE) {
			u->lost += u->sent - u->answered - u->lost;
			u->heard = load_now();
		}
	}
}

/* A request is timed from the moment when it was due, not from when we came to send it. */
static void pace(struct udp *u, double rate)
{
	double gap = 1e9 / rate;
	int64_t due = u->start;

	for (uint64_t i = 1; due < u->end; i++) {
		while (load_now() < due)
			take(u);
		stamp(u, u->room[0], due);
		if (send(u->fd, u->room[0], MESSAGE, 0) < 0)
			u->sent--;
		due = u->start + (int64_t)(gap * (double)i);
	}
	while (u->answered < u->sent && load_now() < u->end + PATIENCE)
		take(u);
	u->lost = u->sent - u->answered;
}

int load_udp(const struct load *load)
{
	struct udp u = { .fd = open_socket(load), .start = load_now() };
	double seconds;

	if (u.fd < 0)
		return -1;
	u.delays = malloc(MOST_VALUES * sizeof *u.delays);
	if (!u.delays)
		return load_fail("load");
	u.heard = u.start;
	u.end = u.start + (int64_t)(load_number(load, 0) * 1e9);
	if (load->arguments[1])
		pace(&u, load_number(load, 1));
	else
		saturate(&u);
	seconds = (double)(load_now() - u.start) / 1e9;
	printf("%.0f %llu %.1f %.1f\n", (double)u.answered / seconds, (unsigned long long)u.lost,
	       (double)load_quantile(u.delays, u.delay_count, 0.5) / 1e3,
	       (double)load_quantile(u.delays, u.delay_count, 0.99) / 1e3);
	free(u.delays);
	return 0;
}
