/* SPDX-License-Identifier: BSD-2-Clause */
/* How a connection cuts and acknowledges what is sent; and the list of what is shown of TCP. */
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

#define PIECES 8u /* fewer than the segments that TCP sends before it wants an acknowledgement */

/* Sends pieces of an octet; in how many segments they travelled. */
static unsigned segments_of_pieces(struct stage *s, const struct stage_connection *ends)
{
	const uint32_t before = stage_info(s, ends->client, "What has been sent so far?").tcpi_data_segs_out;

	for (unsigned i = 0; i < PIECES; i++)
		stage_send(s, ends->client, "x", i ? NULL : "A program that writes in drops: one octet for each call.");
	stage_drain(s, ends->server, PIECES, "The server reads until it has all of them.");
	return stage_info(s, ends->client, "How many segments did it take?").tcpi_data_segs_out - before;
}

/* Acknowledgements that come at once would hide the rule; the setting does not last, so each time. */
static unsigned segments_unhurried(struct stage *s, const struct stage_connection *ends)
{
	stage_set(s, ends->server, &sock_quickack, 0,
		  "The server's kernel takes its time with acknowledgements, as it does in an ordinary conversation.");
	return segments_of_pieces(s, ends);
}

static int nodelay(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection ends = stage_connection(&s);
	unsigned waiting = segments_unhurried(&s, &ends), at_once;

	stage_say(&s,
		  "With Nagle's rule %u calls made %u segments: while the first is not acknowledged, the rest waits.",
		  PIECES, waiting);
	stage_set(&s, ends.client, &sock_nodelay, 1, "No piece waits any more.");
	at_once = segments_unhurried(&s, &ends);
	stage_say(&s, "With TCP_NODELAY %u calls made %u segments.", PIECES, at_once);
	return stage_end(&s, waiting < at_once && at_once == PIECES,
			 "%u calls made %u segments with Nagle's rule and %u without it", PIECES, waiting, at_once);
}

/* Both without Nagle's rule, which would make them alike. */
static int cork(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection ends = stage_connection(&s);
	unsigned open, corked;
	uint32_t before;

	stage_set(&s, ends.client, &sock_nodelay, 1, "So that each call is a segment.");
	open = segments_of_pieces(&s, &ends);
	before = stage_info(&s, ends.client, "What has been sent so far?").tcpi_data_segs_out;
	stage_set(&s, ends.client, &sock_cork, 1, "The cork goes in: only full segments leave.");
	for (unsigned i = 0; i < PIECES; i++)
		stage_send(&s, ends.client, "x", i ? NULL : "The same drops again.");
	stage_set(&s, ends.client, &sock_cork, 0, "The cork comes out: what has gathered leaves.");
	stage_drain(&s, ends.server, PIECES, "The server reads until it has all of them.");
	corked = stage_info(&s, ends.client, "How many segments did it take?").tcpi_data_segs_out - before;
	stage_say(&s, "%u calls made %u segments without the cork, and %u with it.", PIECES, open, corked);
	return stage_end(&s, corked < open, "%u calls made %u segments without the cork and %u with it", PIECES, open,
			 corked);
}

#define QUESTIONS 4u

/* The segments with which the server has answered questions: with the answer alone, or with an acknowledgement before.
 */
static unsigned segments_of_answers(struct stage *s, const struct stage_connection *ends, int quick, const char *why)
{
	const uint32_t before = stage_info(s, ends->server, "What has the server sent so far?").tcpi_segs_out;

	for (unsigned i = 0; i < QUESTIONS; i++) {
		stage_set(s, ends->server, &sock_quickack, quick, i ? NULL : why);
		stage_send(s, ends->client, "?", i ? NULL : "A question.");
		stage_drain(s, ends->server, 1, NULL);
		stage_send(s, ends->server, "!", i ? NULL : "The answer.");
		stage_drain(s, ends->client, 1, NULL);
	}
	return stage_info(s, ends->server, "How many segments did it send?").tcpi_segs_out - before;
}

static int quickack(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection ends = stage_connection(&s);
	unsigned patient, quick;

	patient = segments_of_answers(&s, &ends, 0, "The acknowledgement may wait for data to travel with.");
	quick = segments_of_answers(&s, &ends, 1,
				    "The acknowledgement is to leave at once. It does not last: set again.");
	stage_say(&s,
		  "For %u answers the server sent %u segments when acknowledgements waited, and %u with quick ones.",
		  QUESTIONS, patient, quick);
	return stage_end(&s, patient < quick, "%u answers took %u segments with 0 and %u with 1", QUESTIONS, patient,
			 quick);
}

#define LENGTH 200u /* octets: less than a segment, more than two of the smallest */

/* In how many segments LENGTH octets travel when the client limits them; 0: it does not. */
static unsigned segments_of_text(struct stage *s, int most)
{
	char text[LENGTH + 1];
	struct stage_connection ends;
	struct address at;
	int listener = stage_listen(s, &at);
	unsigned segments;

	ends.client = stage_open(s, AF_INET, SOCK_STREAM, "A client.");
	if (most)
		stage_set(s, ends.client, &sock_maxseg, most, "Before the handshake, in which the peer is told.");
	stage_join(s, ends.client, &at, "The SYN carries the largest segment size.");
	ends.server = stage_accept(s, listener);
	memset(text, 'x', LENGTH);
	text[LENGTH] = '\0';
	stage_send(s, ends.client, text, "Two hundred octets.");
	stage_drain(s, ends.server, LENGTH, "The server reads until it has all of them.");
	stage_get(s, ends.client, &sock_maxseg, "How much a segment holds now: twelve octets are the timestamps'.");
	segments = stage_info(s, ends.client, "How many segments did it take?").tcpi_data_segs_out;
	stage_close(s, listener, NULL);
	return segments;
}

static int maxseg(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	unsigned whole = segments_of_text(&s, 0), small = segments_of_text(&s, 100);

	stage_say(&s, "%u octets travelled in %u segment, and with TCP_MAXSEG 100 in %u.", LENGTH, whole, small);
	return stage_end(&s, whole == 1 && small >= 3, "%u octets travelled in %u and in %u segments", LENGTH, whole,
			 small);
}

static int info(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_connection ends = stage_connection(&s);
	struct tcp_info before, after;

	before = stage_info(&s, ends.client, "A new connection: its state, its round-trip time, its window.");
	stage_send(&s, ends.client, "twelve octet", "Something to count.");
	stage_drain(&s, ends.server, 12, "It has arrived.");
	after = stage_info(&s, ends.client, "The same again, after it was sent.");
	stage_say(&s, "Octets sent: %llu before, %llu after; the state is 1, ESTABLISHED.",
		  (unsigned long long)before.tcpi_bytes_sent, (unsigned long long)after.tcpi_bytes_sent);
	return stage_end(&s, after.tcpi_state == 1 && after.tcpi_bytes_sent == before.tcpi_bytes_sent + 12,
			 "the state was %u, and %llu octets were counted", after.tcpi_state,
			 (unsigned long long)(after.tcpi_bytes_sent - before.tcpi_bytes_sent));
}

static int congestion(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	char usual[16] = "", own[16] = "";
	struct address at;
	int listener = stage_listen(&s, &at), client, server;
	bool refused;

	if (!s.failed)
		sock_get_text(n, listener, &sock_congestion, usual, sizeof usual, "The system's choice.");
	if (!s.failed && sock_set_text(n, listener, &sock_congestion, "reno", "The oldest one is always there.") < 0)
		stage_fail(&s, "TCP_CONGESTION");
	client = stage_connect(&s, &at);
	server = stage_accept(&s, listener);
	if (!s.failed)
		sock_get_text(n, server, &sock_congestion, own, sizeof own, "accept() has inherited it.");
	refused = !s.failed && sock_set_text(n, client, &sock_congestion, "nosuch", "One that does not exist.") < 0;
	stage_say(&s, "The system has %s, this server's connection has %s; the client may have another.", usual, own);
	return stage_end(&s, !strcmp(own, "reno") && refused,
			 "the accepted socket has %s; one that does not exist was %s", own,
			 refused ? "refused" : "taken");
}

const struct demo demo_tcp_rows[] = {
	{ "TCP_NODELAY", "eight calls of one octet become fewer segments with Nagle's rule, and eight without", NULL,
	  nodelay },
	{ "TCP_CORK", "eight calls of one octet gather behind the cork", NULL, cork },
	{ "TCP_QUICKACK", "an acknowledgement travels with the answer, or by itself before it", NULL, quickack },
	{ "TCP_MAXSEG", "two hundred octets become one segment, or several small ones", NULL, maxseg },
	{ "TCP_INFO", "the kernel counts what a connection has sent", NULL, info },
	{ "TCP_CONGESTION", "a listener's connections get another algorithm than the system's", NULL, congestion },
	{ "TCP_KEEPIDLE", "a silent connection is probed after one second, another one not for two hours", NULL,
	  demo_keepidle },
	{ "TCP_KEEPINTVL", "a peer that does not answer is probed every second, another one is not yet",
	  "CAP_NET_ADMIN", demo_keepintvl },
	{ "TCP_KEEPCNT", "after one probe without answer a connection ends, another one lives on", "CAP_NET_ADMIN",
	  demo_keepcnt },
	{ "TCP_USER_TIMEOUT", "the peer's window stays closed, and the connection ends after half a second", NULL,
	  demo_user_timeout },
	{ "TCP_SYNCNT", "connect() to a silent server gives up after one repetition, another one goes on", NULL,
	  demo_syncnt },
	{ "TCP_LINGER2", "after close() one side does not wait for the peer's FIN and sends a reset", NULL,
	  demo_linger2 },
	{ "TCP_DEFER_ACCEPT", "a connection is there, and accept() has it only when data has come", NULL,
	  demo_defer_accept },
	{ "TCP_FASTOPEN", "data travels in the SYN", NULL, demo_fastopen },
	{ .option = NULL },
};
