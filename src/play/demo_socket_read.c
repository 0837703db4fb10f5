/* SPDX-License-Identifier: BSD-2-Clause */
/* How octets are taken out of a socket, and out of the sender's memory. */
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

int demo_rcvlowat(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection ends = stage_connection(&s);
	bool usual, few, enough;

	stage_send(&s, ends.client, "four", "Four octets.");
	usual = stage_readable(&s, ends.server, STAGE_PATIENCE, "Usually one octet is enough.");
	stage_set(&s, ends.server, &sock_rcvlowat, 10, "Ten octets are to be there before anybody is woken.");
	few = stage_readable(&s, ends.server, 0, "The four are still there, but they are too few.");
	stage_send(&s, ends.client, "and six", "More octets.");
	enough = stage_readable(&s, ends.server, STAGE_PATIENCE, "Now there are enough.");
	return stage_end(&s, usual && !few && enough, "readable: %s without the option; with it %s, then %s",
			 usual ? "yes" : "no", few ? "yes" : "no", enough ? "yes" : "no");
}

static void peek(struct stage *s, int fd, char text[3], const char *why)
{
	ssize_t got = s->failed ? 0 : sock_recv(s->n, fd, text, 2, MSG_PEEK, why);

	if (got < 0)
		stage_fail(s, "recv");
	text[got > 0 ? got : 0] = '\0';
}

int demo_peek_off(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	char seen[4][3];

	stage_sendto(&s, ends.sender, "abcdef", &ends.at, "A datagram to look into.");
	stage_readable(&s, ends.receiver, STAGE_PATIENCE, "It has come.");
	peek(&s, ends.receiver, seen[0], "Looking takes nothing away,");
	peek(&s, ends.receiver, seen[1], "so the next look sees the same.");
	stage_set(&s, ends.receiver, &sock_peek_off, 0, "Each look is to begin where the one before has ended.");
	peek(&s, ends.receiver, seen[2], "From the beginning,");
	peek(&s, ends.receiver, seen[3], "and on.");
	return stage_end(&s,
			 !strcmp(seen[0], "ab") && !strcmp(seen[1], "ab") && !strcmp(seen[2], "ab") &&
				 !strcmp(seen[3], "cd"),
			 "'%s' and '%s' were seen without the option, '%s' and '%s' with it", seen[0], seen[1], seen[2],
			 seen[3]);
}

#define STREAM 16

/* Reads until the last octet has come. */
static void read_until(struct stage *s, int fd, char last, char stream[STREAM])
{
	size_t length = 0;

	stream[0] = '\0';
	while (!s->failed && (!length || stream[length - 1] != last)) {
		char text[256];
		size_t more;

		stage_receive(s, fd, text, NULL, "It stops before an urgent octet, and goes on with the next call.");
		more = strlen(text);
		if (!more || length + more >= STREAM)
			return;
		memcpy(stream + length, text, more + 1);
		length += more;
	}
}

static void send_urgent(struct stage *s, int fd)
{
	stage_send(s, fd, "ab", "Two ordinary octets,");
	if (!s->failed && sock_send(s->n, fd, "!", 1, MSG_OOB, "an urgent one (the URG flag of TCP),") < 0)
		stage_fail(s, "send");
	stage_send(s, fd, "cd", "and two ordinary ones.");
}

/* It must be taken before the stream is read past its place. */
static char take_urgent(struct stage *s, int fd)
{
	struct pollfd wait = { fd, POLLPRI, 0 };
	char urgent = ' ';

	if (!s->failed && sock_poll(s->n, &wait, 1, STAGE_PATIENCE, "Something urgent has an event of its own.") < 0)
		stage_fail(s, "poll");
	if (!s->failed && sock_recv(s->n, fd, &urgent, 1, MSG_OOB, "It is kept aside, and overtakes the rest.") < 0)
		stage_fail(s, "recv");
	return urgent;
}

int demo_oobinline(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection usual = stage_connection(&s), inlined = stage_connection(&s);
	char without[STREAM], with[STREAM], urgent;

	send_urgent(&s, usual.client);
	urgent = take_urgent(&s, usual.server);
	read_until(&s, usual.server, 'd', without);
	stage_set(&s, inlined.server, &sock_oobinline, 1, "Nothing is to be kept aside.");
	send_urgent(&s, inlined.client);
	read_until(&s, inlined.server, 'd', with);
	return stage_end(&s, !strcmp(without, "abcd") && urgent == '!' && !strcmp(with, "ab!cd"),
			 "the stream was '%s' without the option and '%s' with it", without, with);
}

static bool has_news(struct stage *s, int fd, int timeout_ms, const char *why)
{
	struct pollfd wait = { fd, 0, 0 };
	int ready = s->failed ? 0 : sock_poll(s->n, &wait, 1, timeout_ms, why);

	if (ready < 0)
		stage_fail(s, "poll");
	return ready > 0 && wait.revents & POLLERR;
}

/* What the error queue says. */
static struct sock_extended_err news(struct stage *s, int fd, const char *why)
{
	struct sock_extended_err told = { 0 };
	union {
		struct cmsghdr header;
		char octets[256];
	} control;
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof control };

	if (s->failed)
		return told;
	if (sock_recvmsg(s->n, fd, &message, MSG_ERRQUEUE, why) < 0) {
		stage_fail(s, "recvmsg");
		return told;
	}
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&message); at; at = CMSG_NXTHDR(&message, at))
		if (at->cmsg_level == IPPROTO_IP && at->cmsg_type == IP_RECVERR &&
		    at->cmsg_len >= CMSG_LEN(sizeof told))
			memcpy(&told, CMSG_DATA(at), sizeof told);
	return told;
}

static void send_uncopied(struct stage *s, const struct stage_connection *ends, const char *why)
{
	static const char text[] = "straight out of this memory";

	if (!s->failed && sock_send(s->n, ends->client, text, sizeof text - 1, MSG_ZEROCOPY, why) < 0)
		stage_fail(s, "send");
	stage_drain(s, ends->server, sizeof text - 1, "The server reads all of it.");
}

int demo_zerocopy(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection ends = stage_connection(&s);
	struct sock_extended_err told = { 0 };
	bool before, after;

	send_uncopied(&s, &ends, "Without the option the flag does nothing: the kernel copies.");
	before = has_news(&s, ends.client, 0, "So there is nothing to hear.");
	stage_set(&s, ends.client, &sock_zerocopy, 1, "Now the flag counts.");
	send_uncopied(&s, &ends, "The memory must not be changed until the kernel has said so.");
	after = has_news(&s, ends.client, STAGE_PATIENCE, "The error queue has something that is no error.");
	if (after)
		told = news(&s, ends.client, "The memory is free again. On loopback the kernel had to copy after all.");
	return stage_end(&s, !before && after && told.ee_origin == SO_EE_ORIGIN_ZEROCOPY,
			 "%s without the option; with it %s, of origin %u", before ? "something was told" : "nothing",
			 after ? "something" : "nothing", told.ee_origin);
}
