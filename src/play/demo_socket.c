/* SPDX-License-Identifier: BSD-2-Clause */
/* What a socket says of itself; and the list of what is shown of SOL_SOCKET. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

/* One question to two sockets. */
static int ask_both(const struct narrator *n, struct error *err, const struct sock_option *option, int second_domain,
		    const int right[2], const char *meaning)
{
	struct stage s = { .n = n, .err = err };
	const int stream = stage_open(&s, AF_INET, SOCK_STREAM, "A socket for connections over IPv4.");
	const int datagrams = stage_open(&s, second_domain, SOCK_DGRAM, "A socket for datagrams.");
	int first, second;

	stage_say(&s, "A program that was handed these descriptors by another one can ask what they are.");
	first = stage_get(&s, stream, option, "The argument with which it was opened.");
	second = stage_get(&s, datagrams, option, "And this one?");
	stage_say(&s, "%s", meaning);
	return stage_end(&s, first == right[0] && second == right[1], "the answers were %d and %d", first, second);
}

static int type(const struct narrator *n, struct error *err)
{
	return ask_both(n, err, &sock_type, AF_INET, (const int[]){ SOCK_STREAM, SOCK_DGRAM },
			"1 is SOCK_STREAM, and 2 is SOCK_DGRAM.");
}

static int domain(const struct narrator *n, struct error *err)
{
	return ask_both(n, err, &sock_domain, AF_UNIX, (const int[]){ AF_INET, AF_UNIX },
			"2 is AF_INET, and 1 is AF_UNIX: sockets of one machine.");
}

static int protocol(const struct narrator *n, struct error *err)
{
	return ask_both(n, err, &sock_protocol, AF_INET, (const int[]){ IPPROTO_TCP, IPPROTO_UDP },
			"Both were opened with 0, the usual one: 6 is IPPROTO_TCP, and 17 is IPPROTO_UDP.");
}

static int acceptconn(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const int listener = stage_open(&s, AF_INET, SOCK_STREAM, "A socket for connections.");
	const struct address at = stage_bind(&s, listener, "127.0.0.1", "It has an address, but does not listen.");
	int before = stage_get(&s, listener, &sock_acceptconn, "Not yet."), after, accepted;

	stage_begin_listening(&s, listener, 8, "Now it listens.");
	after = stage_get(&s, listener, &sock_acceptconn, "A listener: accept() may be called.");
	stage_connect(&s, &at);
	accepted = stage_get(&s, stage_accept(&s, listener), &sock_acceptconn, "A connection is no listener.");
	return stage_end(&s, !before && after == 1 && !accepted, "the answers were %d, %d and %d", before, after,
			 accepted);
}

static int error(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	int first, second;

	stage_join(&s, ends.sender, &ends.at, "Who is connected hears of answers of ICMP.");
	stage_close(&s, ends.receiver, "Nobody listens on this port any more.");
	stage_send(&s, ends.sender, "anybody?", "The call succeeds: the answer comes later.");
	first = stage_await_end(&s, ends.sender, "An error waits at the socket.");
	second = stage_get(&s, ends.sender, &sock_error, "Whoever reads it takes it away.");
	return stage_end(&s, first == ECONNREFUSED && !second, "the first answer was %d, the second one %d", first,
			 second);
}

static uint64_t cookie_of(struct stage *s, int fd, const char *why)
{
	uint64_t cookie;

	stage_get_octets(s, fd, &sock_cookie, &cookie, sizeof cookie, why);
	return cookie;
}

static int cookie(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const int one = stage_open(&s, AF_INET, SOCK_DGRAM, "A socket.");
	const int other = stage_open(&s, AF_INET, SOCK_DGRAM, "Another one.");
	const uint64_t first = cookie_of(&s, one, "The kernel's number of it, by which sock_diag(7) knows it.");
	const uint64_t second = cookie_of(&s, other, "Another socket, another number.");
	const uint64_t again = cookie_of(&s, one,
					 "It stays the same; it is not given to a later socket, as a "
					 "descriptor is.");

	return stage_end(&s, first && first == again && first != second,
			 "the first socket answered %llu and %llu, the second %llu", (unsigned long long)first,
			 (unsigned long long)again, (unsigned long long)second);
}

const struct demo demo_socket_rows[] = {
	{ "SO_REUSEADDR", "a port that an ended connection still occupies is refused, or taken", NULL, demo_reuseaddr },
	{ "SO_REUSEPORT", "two sockets share a port, and senders are spread over both", NULL, demo_reuseport },
	{ "SO_INCOMING_CPU", "of two sockets on a port, that of the processor at hand gets everything", NULL,
	  demo_incoming_cpu },
	{ "SO_BINDTODEVICE", "a socket hears what comes by loopback, and one of another interface does not", NULL,
	  demo_bindtodevice },
	{ "SO_BROADCAST", "a datagram to everybody is refused, or arrives", NULL, demo_broadcast },
	{ "SO_DONTROUTE", "what is behind a router is reached, or is not", NULL, demo_dontroute },
	{ "SO_RCVBUF", "the kernel doubles what was asked for, up to a limit", NULL, demo_rcvbuf },
	{ "SO_RCVBUFFORCE", "without the right it is refused; with it, the limit does not hold", NULL,
	  demo_rcvbufforce },
	{ "SO_SNDBUF", "fewer octets fit when nobody reads", NULL, demo_sndbuf },
	{ "SO_SNDBUFFORCE", "without the right it is refused; with it, the limit does not hold", NULL,
	  demo_sndbufforce },
	{ "SO_RXQ_OVFL", "datagrams that found no room are counted", NULL, demo_rxq_ovfl },
	{ "SO_RCVLOWAT", "four octets are enough to wake poll(), or are not", NULL, demo_rcvlowat },
	{ "SO_PEEK_OFF", "looking ahead shows the same octets twice, or goes on", NULL, demo_peek_off },
	{ "SO_OOBINLINE", "an urgent octet stands beside the stream, or in it", NULL, demo_oobinline },
	{ "SO_ZEROCOPY", "the kernel says when it no longer needs the sender's memory", NULL, demo_zerocopy },
	{ "SO_RCVTIMEO", "recv() gives up after a while", NULL, demo_rcvtimeo },
	{ "SO_SNDTIMEO", "send() to somebody who does not read gives up after a while", NULL, demo_sndtimeo },
	{ "SO_LINGER", "close() ends a connection in order, or with a reset", NULL, demo_linger },
	{ "SO_KEEPALIVE", "a silent connection is probed, another one is not", NULL, demo_keepalive },
	{ "SO_MAX_PACING_RATE", "a connection takes its time with what it sends", NULL, demo_max_pacing_rate },
	{ "SO_TIMESTAMP", "when a datagram came stands beside it, in microseconds", NULL, demo_timestamp },
	{ "SO_TIMESTAMPNS", "when a datagram came stands beside it, in nanoseconds", NULL, demo_timestampns },
	{ "SO_PRIORITY", "a datagram carries its sender's priority within the machine", NULL, demo_priority },
	{ "SO_RCVPRIORITY", "a receiver on this machine is told the sender's priority", NULL, demo_priority },
	{ "SO_MARK", "without the right it is refused; with it, a filter tells marked packets from others", NULL,
	  demo_mark },
	{ "SO_ATTACH_FILTER", "of two datagrams only one passes", NULL, demo_attach_filter },
	{ "SO_DETACH_FILTER", "what a filter has dropped passes again", NULL, demo_attach_filter },
	{ "SO_PASSCRED", "the kernel says which process has sent a message", NULL, demo_passcred },
	{ "SO_PEERCRED", "the kernel says which process has made the other end", NULL, demo_peercred },
	{ "SO_TYPE", "a descriptor is asked whether it carries a stream or datagrams", NULL, type },
	{ "SO_DOMAIN", "a descriptor is asked for its family of addresses", NULL, domain },
	{ "SO_PROTOCOL", "a descriptor is asked whether it is of TCP or UDP", NULL, protocol },
	{ "SO_ACCEPTCONN", "a socket says whether it listens", NULL, acceptconn },
	{ "SO_ERROR", "an error that waits at a socket can be read once", NULL, error },
	{ "SO_COOKIE", "every socket has a number of its own, which stays", NULL, cookie },
	{ .option = NULL },
};
