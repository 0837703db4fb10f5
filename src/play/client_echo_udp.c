/* SPDX-License-Identifier: BSD-2-Clause */
/* Echo over UDP: a datagram there, a datagram back. */
#include <stdlib.h>

#include "base/mem.h"
#include "play/echo_compare.h"
#include "play/echoing.h"

static int open_datagrams(struct echoing *e, struct error *err)
{
	e->data = mem_new(DATAGRAM_MOST, 1);
	return asker_open(&e->asker, &e->options->client, e->tally, err);
}

static void close_datagrams(struct echoing *e)
{
	asker_close(&e->asker);
	free(e->data);
	for (unsigned i = 0; i < ECHO_UNANSWERED; i++)
		text_release(&e->unanswered[i]);
}

static void remember(struct echoing *e, const uint8_t *text, size_t length)
{
	struct text *place = &e->unanswered[e->next_unanswered++ % ECHO_UNANSWERED];

	text_clear(place);
	text_add(place, text, length);
}

static bool forget_unanswered(struct echoing *e, size_t length, enum echo_verdict at_worst)
{
	for (unsigned i = 0; i < ECHO_UNANSWERED; i++) {
		struct text *text = &e->unanswered[i];

		if (!text->length ||
		    echo_compare((const uint8_t *)text->data, text->length, e->data, length, &e->note) > at_worst)
			continue;
		text_clear(text);
		return true;
	}
	return false;
}

/* An echo of the text itself goes before everything; one of an earlier text before what only resembles this one. */
static bool is_late(struct echoing *e, const uint8_t *text, size_t text_length, size_t length)
{
	enum echo_verdict verdict = echo_compare(text, text_length, e->data, length, &e->note);

	if (verdict == ECHO_EQUAL)
		return false;
	return forget_unanswered(e, length, ECHO_EQUAL) ||
	       (verdict == ECHO_DIFFERENT && forget_unanswered(e, length, ECHO_VARIANT));
}

static enum ask_answer await_echo(struct echoing *e, const uint8_t *text, size_t length, struct error *err)
{
	const struct client *client = &e->options->client;
	int64_t until = clock_deadline(client->timeout_ns);

	for (;;) {
		const struct address *peer;
		size_t got = 0;
		enum ask_answer answer = asker_receive(&e->asker, e->data, DATAGRAM_MOST, &got, until, err);

		if (answer != ASK_ANSWERED)
			return answer;
		peer = asker_peer(&e->asker);
		if (!is_late(e, text, length, got)) {
			echo_judge(e, text, length, e->data, got, peer, clock_monotonic() - e->asker.sent_ns);
			return ASK_ANSWERED;
		}
		report(client->reporter, (struct event){ .kind = EVENT_DROPPED,
							 .type = SOCK_DGRAM,
							 .peer = peer,
							 .data = e->data,
							 .length = got,
							 .note = "late: the echo of an earlier text" });
	}
}

static enum ask_answer ask_datagram(struct echoing *e, const uint8_t *text, size_t length, struct error *err)
{
	const struct client *client = &e->options->client;
	enum ask_answer answer;

	if (length > DATAGRAM_PAYLOAD) {
		report_trouble(client->reporter, "%zu octets: a datagram holds %u at most; not sent", length,
			       DATAGRAM_PAYLOAD);
		e->tally->lost++;
		return ASK_TIMEOUT;
	}
	answer = asker_send(&e->asker, text, length, err);
	if (answer == ASK_ANSWERED)
		answer = await_echo(e, text, length, err);
	if (answer == ASK_TIMEOUT) {
		client_no_answer(client, e->tally, asker_peer(&e->asker),
				 length ? NULL : "many servers do not answer an empty datagram");
		remember(e, text, length);
	}
	e->tally->lost += answer == ASK_STOPPED;
	return answer;
}

const struct echo_transport echo_datagrams = { open_datagrams, ask_datagram, close_datagrams };
