/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a call waits, how a connection ends, and when something came. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "play/demo_rows.h"
#include "play/stage.h"

#define WAIT 200 /* ms */

/* The kernel never gives up early, but its clock and ours are not cut alike. */
static bool waited(int64_t ms)
{
	return ms >= WAIT - 20;
}

static int64_t ms_since(int64_t begun)
{
	return time_between(begun, clock_monotonic()) / NS_PER_MS;
}

int demo_rcvtimeo(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	int64_t begun, ms;
	char text[256];
	int error;

	stage_say(&s, "Without the option recv() waits until something comes, for ever if need be.");
	stage_set_time(&s, ends.receiver, &sock_rcvtimeo, WAIT, "No longer than a fifth of a second.");
	begun = clock_monotonic();
	error = stage_try_receive(&s, ends.receiver, "Nobody sends.");
	ms = ms_since(begun);
	stage_say(&s, "It gave up after %lld milliseconds.", (long long)ms);
	stage_sendto(&s, ends.sender, "here I am", &ends.at, "Somebody sends.");
	stage_receive(&s, ends.receiver, text, NULL, "What is there is had at once.");
	return stage_end(&s, error == EAGAIN && waited(ms) && !strcmp(text, "here I am"),
			 "recv() got %s after %lld ms, and then '%s'", error ? strerrorname_np(error) : "something",
			 (long long)ms, text);
}

/* The kernel may find some room when all seemed full: so not only once. */
int demo_sndtimeo(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection ends = stage_connection(&s);
	int64_t ms = 0;
	int error = 0;

	stage_say(&s, "The server does not read. Without the option send() then waits, for ever if need be.");
	stage_set_time(&s, ends.client, &sock_sndtimeo, WAIT, "No longer than a fifth of a second.");
	stage_fill(&s, ends.client);
	for (int i = 0; i < 1000 && !error && !s.failed; i++) {
		const int64_t begun = clock_monotonic();

		error = stage_try_send(&s, ends.client, "one more", "There is no room for it.");
		ms = ms_since(begun);
	}
	stage_say(&s, "It gave up after %lld milliseconds.", (long long)ms);
	return stage_end(&s, error == EAGAIN && waited(ms), "send() got %s after %lld ms",
			 error ? strerrorname_np(error) : "rid of it", (long long)ms);
}

int demo_linger(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection usual = stage_connection(&s), abrupt = stage_connection(&s);
	int orderly, reset;

	stage_close(&s, usual.client, "An ordinary end: FIN.");
	stage_readable(&s, usual.server, STAGE_PATIENCE, "The server notices.");
	orderly = stage_try_receive(&s, usual.server, "0 octets: the end of the stream.");
	if (!s.failed && sock_set_linger(n, abrupt.client, 0, "close() is not to linger at all.") < 0)
		stage_fail(&s, "SO_LINGER");
	stage_close(&s, abrupt.client, "What has not been sent is thrown away, and RST leaves instead of FIN.");
	stage_readable(&s, abrupt.server, STAGE_PATIENCE, "The server notices.");
	reset = stage_try_receive(&s, abrupt.server, "Not the end of the stream, but an error.");
	return stage_end(&s, !orderly && reset == ECONNRESET, "recv() got %s without the option and %s with it",
			 orderly ? strerrorname_np(orderly) : "the end", reset ? strerrorname_np(reset) : "the end");
}

int demo_keepalive(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection silent = stage_connection(&s), probed = stage_connection(&s);
	uint32_t before, after;
	bool sent;

	stage_set(&s, silent.client, &sock_keepidle, 1, "One second of silence before a probe, not two hours,");
	stage_set(&s, probed.client, &sock_keepidle, 1, "in both connections; but this says only when.");
	before = stage_info(&s, silent.client, "What has been sent so far.").tcpi_segs_out;
	stage_set(&s, probed.client, &sock_keepalive, 1, "This says that there are probes.");
	sent = stage_await_segments(&s, probed.client, 1);
	stage_info(&s, probed.client, "Nothing was written, and a segment left; the peer answers that it lives.");
	after = stage_info(&s, silent.client, "And without the option?").tcpi_segs_out;
	return stage_end(&s, sent && before == after, "%s; the other connection sent %u segments",
			 sent ? "a probe left" : "no probe left", after - before);
}

#define SEGMENT 1000
#define MUCH 30000u  /* octets; the kernel lets the first ten segments go at once */
#define RATE 40000   /* octets a second: the rest takes half a second */
#define AT_LEAST 100 /* ms: a late timer makes the next one come earlier */

static struct stage_connection in_small_segments(struct stage *s)
{
	struct stage_connection ends;
	struct address at;
	int listener = stage_listen(s, &at);

	ends.client = stage_open(s, AF_INET, SOCK_STREAM, "A client.");
	stage_set(s, ends.client, &sock_maxseg, SEGMENT, "Small segments: there is something to spread.");
	stage_join(s, ends.client, &at, "The handshake.");
	ends.server = stage_accept(s, listener);
	stage_close(s, listener, NULL);
	return ends;
}

/* How long much takes, in ms. */
static int64_t time_of_much(struct stage *s, const struct stage_connection *ends)
{
	static const char much[MUCH] = "much";
	const struct narrator *n = s->n;
	const int64_t begun = clock_monotonic();
	int64_t ms;

	s->n = NULL;
	if (!s->failed && sock_send(NULL, ends->client, much, sizeof much, 0, NULL) != sizeof much)
		stage_fail(s, "send");
	stage_drain(s, ends->server, sizeof much, NULL);
	s->n = n;
	ms = ms_since(begun);
	stage_say(s, "The client sends %u octets; after %lld milliseconds the server has all of them.", MUCH,
		  (long long)ms);
	return ms;
}

int demo_max_pacing_rate(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection free = in_small_segments(&s), paced = in_small_segments(&s);
	struct tcp_info info;
	int64_t ms;

	time_of_much(&s, &free);
	stage_set(&s, paced.client, &sock_max_pacing_rate, RATE, "At most so many octets a second.");
	ms = time_of_much(&s, &paced);
	info = stage_info(&s, paced.client, "The rate is a part of what the kernel tells of a connection.");
	return stage_end(&s, ms >= AT_LEAST && info.tcpi_pacing_rate <= RATE,
			 "%u octets took %lld ms, and the rate was %llu", MUCH, (long long)ms,
			 (unsigned long long)info.tcpi_pacing_rate);
}

#define NEAR_BY 60 /* seconds: the clock may be set meanwhile */

/* Both structs begin with the seconds. */
static int stamped(const struct narrator *n, struct error *err, const struct sock_option *option, size_t size)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	struct timespec stamp = { 0 };
	bool before, after;
	int64_t apart;

	stage_sendto(&s, ends.sender, "hello", &ends.at, "A datagram.");
	before = stage_receive_beside(&s, ends.receiver, SOL_SOCKET, option->option, &stamp, size,
				      "When it came is not known: it may have waited for this call.");
	stage_set(&s, ends.receiver, option, 1, "The kernel is to look at the clock when something comes.");
	stage_sendto(&s, ends.sender, "hello", &ends.at, "The same again.");
	after = stage_receive_beside(&s, ends.receiver, SOL_SOCKET, option->option, &stamp, size,
				     "The time stands beside the data.");
	apart = clock_utc() / NS_PER_S - stamp.tv_sec;
	return stage_end(&s, !before && after && apart > -NEAR_BY && apart < NEAR_BY,
			 "a time %s without the option; with it %s, %lld seconds ago", before ? "came" : "did not come",
			 after ? "it came" : "none came", (long long)apart);
}

int demo_timestamp(const struct narrator *n, struct error *err)
{
	return stamped(n, err, &sock_timestamp, sizeof(struct timeval));
}

int demo_timestampns(const struct narrator *n, struct error *err)
{
	return stamped(n, err, &sock_timestampns, sizeof(struct timespec));
}
