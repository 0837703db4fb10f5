/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Echo over TCP: octets there, octets back. The answer may come in any pieces and the server may put something in front
 * of it, so what has come is compared with what was sent until it holds all of it.
 */
#include "play/echo_compare.h"
#include "play/echoing.h"

#define READ_ONCE 16384 /* octets */

static int open_stream(struct echoing *e, struct error *err)
{
	static const struct caller_whys whys = {
		.send = "The text, as far as the kernel takes it now: in a segment of its own if it fits.",
		.receive = "Takes what has come: a stream has no messages, so it may be a part of the echo.",
		.wait_to_send = "Waits until the socket takes octets or has some.",
		.wait = "Waits for the echo, or the rest of it.",
	};

	return caller_open(&e->caller, &e->options->client, &whys, e->tally, err);
}

static void report_closed(struct echoing *e, const char *why)
{
	report(e->options->client.reporter, (struct event){ .kind = EVENT_CLOSED,
							    .type = SOCK_STREAM,
							    .connection = e->tally->connections,
							    .peer = &e->caller.peer,
							    .note = why });
}

/* Octets behind an answer: the server says more than it was told. */
static void drop_surplus(struct echoing *e)
{
	if (!e->caller.in.length)
		return;
	e->different = true;
	report(e->options->client.reporter, (struct event){ .kind = EVENT_DROPPED,
							    .type = SOCK_STREAM,
							    .peer = &e->caller.peer,
							    .data = e->caller.in.data,
							    .length = e->caller.in.length,
							    .note = "more came back than was sent" });
	text_clear(&e->caller.in);
}

static void disconnect(struct echoing *e, const char *why)
{
	if (e->caller.fd < 0)
		return;
	caller_disconnect(&e->caller, "Ends the connection: our side sends FIN, if the peer's has not yet.");
	report_closed(e, why);
}

static void close_stream(struct echoing *e)
{
	drop_surplus(e);
	disconnect(e, "by us");
	caller_close(&e->caller);
}

/* ------------------------------------------------------------------------------------------------ one text */

/* Until the answer is there, *answer octets long, or something else is. */
static enum caller_news exchange(struct caller *caller, int64_t until, size_t *answer)
{
	const struct text *in = &caller->in;
	enum caller_news news = CALLER_MORE;

	while (news == CALLER_MORE) {
		*answer = echo_complete(caller->text, caller->length, (const uint8_t *)in->data, in->length);
		if (!*answer && in->length > caller->length + ECHO_PREFIX_MOST)
			*answer = in->length;
		if (*answer)
			break;
		news = caller_wait(caller, READ_ONCE, until);
	}
	return news;
}

static void take_answer(struct echoing *e, size_t length, int64_t began)
{
	struct caller *caller = &e->caller;

	echo_judge(e, caller->text, caller->length, (const uint8_t *)caller->in.data, length, &caller->peer,
		   clock_monotonic() - began);
	memmove(caller->in.data, caller->in.data + length, caller->in.length - length);
	caller->in.length -= length;
	e->answers++;
}

/* What came is the answer, whole or not; after one that is not whole nobody knows where the next one begins. */
static enum ask_answer conclude(struct echoing *e, enum caller_news end, size_t answer, int64_t began)
{
	const struct caller *caller = &e->caller;
	size_t length = end == CALLER_MORE ? answer : caller->in.length;

	if (end == CALLER_STOPPED) {
		e->tally->lost++;
		return ASK_STOPPED;
	}
	if (length)
		take_answer(e, length, began);
	else if (end == CALLER_TIMEOUT)
		client_no_answer(&e->options->client, e->tally, &caller->peer, NULL);
	else
		caller_lost(caller, caller->unsent ? caller->unsent : caller->broken);
	if (end == CALLER_TIMEOUT)
		disconnect(e, "the echo was not whole in time: what comes late would be taken for the next");
	else if (end == CALLER_ENDED)
		disconnect(e, "closed by the server");
	return length ? ASK_ANSWERED : ASK_TIMEOUT;
}

/* A connection for the next text: the one that there is, or a new one. */
static enum ask_answer be_connected(struct echoing *e, struct error *err)
{
	if (e->caller.fd >= 0)
		return ASK_ANSWERED;
	e->answers = 0;
	return caller_connect(&e->caller, err);
}

static enum ask_answer ask_stream(struct echoing *e, const uint8_t *text, size_t length, struct error *err)
{
	int64_t until = clock_deadline(e->options->client.timeout_ns);

	if (!length) {
		report_trouble(e->options->client.reporter,
			       "an empty text: a stream has nothing to send for it; left out");
		return ASK_ANSWERED;
	}
	drop_surplus(e);
	for (;;) {
		int64_t began = clock_monotonic();
		enum ask_answer connected = be_connected(e, err);
		enum caller_news end;
		size_t answer = 0;

		if (connected != ASK_ANSWERED)
			return connected;
		caller_say(&e->caller, text, length);
		end = exchange(&e->caller, until, &answer);
		if (end != CALLER_ENDED || e->caller.in.length || !e->answers)
			return conclude(e, end, answer, began);
		/* Servers that recv once, send once and close are common; the text is said again to a new one. */
		disconnect(e, "the server ends a connection after its answer; connecting again");
	}
}

const struct echo_transport echo_stream = { open_stream, ask_stream, close_stream };
