/* SPDX-License-Identifier: BSD-2-Clause */
/* What TCP does when the peer is silent. Two connections are compared, so that no clock is looked at. */
#include <errno.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"
#include "sockets/socket.h"

static void keepalive(struct stage *s, int fd, const char *why)
{
	stage_set(s, fd, &sock_keepalive, 1, why);
}

int demo_keepidle(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection usual = stage_connection(&s), probed = stage_connection(&s);
	uint32_t before = stage_info(&s, usual.client, "What both have sent so far.").tcpi_segs_out, after;
	bool sent;

	keepalive(&s, usual.client, "Probes, with the usual two hours of silence before.");
	keepalive(&s, probed.client, "Probes here too:");
	stage_set(&s, probed.client, &sock_keepidle, 1, "but after one second of silence.");
	sent = stage_await_segments(&s, probed.client, 1);
	stage_info(&s, probed.client, "Nothing was written, and a segment left.");
	after = stage_info(&s, usual.client, "And the other one?").tcpi_segs_out;
	return stage_end(&s, sent && before == after, "%s; the usual connection sent %u segments",
			 sent ? "a probe left" : "no probe left", after - before);
}

/* A connection whose peer has become deaf, with probes that begin after a second. */
static int deaf(struct stage *s)
{
	const struct stage_connection ends = stage_connection(s);

	stage_deafen(s, ends.server);
	keepalive(s, ends.client, "Probes, by which a dead peer is noticed.");
	stage_set(s, ends.client, &sock_keepidle, 1, "They begin after one second.");
	return ends.client;
}

int demo_keepintvl(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const int often = deaf(&s), seldom = deaf(&s);
	uint32_t before = stage_info(&s, seldom, "What has been sent so far.").tcpi_segs_out, after;
	bool sent;

	stage_set(&s, often, &sock_keepintvl, 1, "Here the next probe follows after one second,");
	stage_set(&s, seldom, &sock_keepintvl, 3600, "and here after an hour.");
	sent = stage_await_segments(&s, often, 2);
	stage_info(&s, often, "Two probes have left.");
	after = stage_info(&s, seldom, "And here?").tcpi_segs_out;
	return stage_end(&s, sent && after - before <= 1, "%s; the other one sent %u",
			 sent ? "two probes left" : "no two probes left", after - before);
}

int demo_keepcnt(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const int strict = deaf(&s), patient = deaf(&s);
	struct tcp_info other;
	int error;

	stage_set(&s, strict, &sock_keepintvl, 1, "The next probe would follow after one second.");
	stage_set(&s, patient, &sock_keepintvl, 1, "The same here.");
	stage_set(&s, strict, &sock_keepcnt, 1, "One unanswered probe is enough.");
	stage_set(&s, patient, &sock_keepcnt, 100, "Here it takes a hundred.");
	error = stage_await_end(&s, strict, "Until the connection has ended.");
	other = stage_info(&s, patient, "Is the other one still there?");
	return stage_end(&s, error == ETIMEDOUT && other.tcpi_state == SOCKET_ESTABLISHED,
			 "the connection ended with %s, the other one is in state %u",
			 error ? strerrorname_np(error) : "nothing", other.tcpi_state);
}

int demo_user_timeout(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection strict = stage_connection(&s), patient = stage_connection(&s);
	struct tcp_info other;
	int error;

	stage_set(&s, strict.client, &sock_user_timeout, 500, "Half a second in which nothing goes on is enough.");
	stage_say(&s, "The servers do not read. When their buffers are full they close their windows.");
	stage_fill(&s, strict.client);
	stage_fill(&s, patient.client);
	error = stage_await_end(&s, strict.client, "Until the connection has ended.");
	other = stage_info(&s, patient.client, "The other one asks again and again whether the window is open.");
	return stage_end(&s, error == ETIMEDOUT && other.tcpi_state == SOCKET_ESTABLISHED,
			 "the connection ended with %s, the other one is in state %u",
			 error ? strerrorname_np(error) : "nothing", other.tcpi_state);
}

/* A SYN to a server that does not answer; goes on without waiting for the handshake. */
static int knock(struct stage *s, const struct address *at, int again, const char *why)
{
	int fd = stage_open(s, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, "A client that does not wait for the handshake.");

	stage_set(s, fd, &sock_syncnt, again, why);
	if (!s->failed && sock_connect(s->n, fd, at, "The SYN leaves, and nobody answers.") < 0 && errno != EINPROGRESS)
		stage_fail(s, "connect");
	return fd;
}

int demo_syncnt(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	int listener = stage_open(&s, AF_INET, SOCK_STREAM, "The listener of a server."), strict, patient, error;
	struct address at = stage_bind(&s, listener, "127.0.0.1", "It needs an address.");
	struct tcp_info other;

	stage_begin_listening(&s, listener, 0, "Only one connection may wait for accept().");
	stage_connect(&s, &at);
	stage_say(&s,
		  "Now one is waiting. The kernel drops further SYNs without an answer, as a host that is down would.");
	patient = knock(&s, &at, 100, "A hundred repetitions.");
	strict = knock(&s, &at, 1, "One repetition.");
	error = stage_await_end(&s, strict, "Until the kernel has given up.");
	other = stage_info(&s, patient, "The other one is still in SYN-SENT.");
	return stage_end(&s, error == ETIMEDOUT && other.tcpi_state == SOCKET_SYN_SENT,
			 "connect() ended with %s, the other one is in state %u",
			 error ? strerrorname_np(error) : "nothing", other.tcpi_state);
}

int demo_linger2(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection waits = stage_connection(&s), leaves = stage_connection(&s);
	struct tcp_info usual;
	int error;

	stage_set(&s, leaves.client, &sock_linger2, -1, "FIN-WAIT-2 is not to be waited through.");
	stage_close(&s, waits.client, "FIN; the kernel then waits for the server's FIN, in FIN-WAIT-2.");
	stage_close(&s, leaves.client, "FIN; and no waiting.");
	error = stage_await_end(&s, leaves.server, "Until a reset has come.");
	usual = stage_info(&s, waits.server, "The other server may still send, and close when it likes: CLOSE-WAIT.");
	return stage_end(&s, error && usual.tcpi_state == SOCKET_CLOSE_WAIT,
			 "the server got %s, the other one is in state %u", error ? strerrorname_np(error) : "nothing",
			 usual.tcpi_state);
}
