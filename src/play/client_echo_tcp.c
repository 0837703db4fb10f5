/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Echo over TCP: octets there, octets back. The answer may come in any pieces and the server may put something in front
 * of it, so what has come is compared with what was sent until it holds all of it.
 */
#include <errno.h>

#include "play/echo_compare.h"
#include "play/echoing.h"

static int open_stream(struct echoing *e, struct error *err)
{
	e->fd = -1;
	return client_resolve(&e->options->client, SOCK_STREAM, &e->peers, &e->from, err);
}

static void report_closed(struct echoing *e, const char *why)
{
	report(e->options->client.reporter, (struct event){ .kind = EVENT_CLOSED,
							    .type = SOCK_STREAM,
							    .connection = e->tally->connections,
							    .peer = &e->peer,
							    .note = why });
}

/* Octets behind an answer: the server says more than it was told. */
static void drop_surplus(struct echoing *e)
{
	if (!e->in.length)
		return;
	e->different = true;
	report(e->options->client.reporter, (struct event){ .kind = EVENT_DROPPED,
							    .type = SOCK_STREAM,
							    .peer = &e->peer,
							    .data = e->in.data,
							    .length = e->in.length,
							    .note = "more came back than was sent" });
	text_clear(&e->in);
}

static void disconnect(struct echoing *e, const char *why)
{
	if (e->fd < 0)
		return;
	sock_close(e->options->client.narrator, e->fd,
		   "Ends the connection: our side sends FIN, if the peer's has not yet.");
	e->fd = -1;
	report_closed(e, why);
}

static void close_stream(struct echoing *e)
{
	drop_surplus(e);
	disconnect(e, "by us");
	addresses_release(&e->peers);
	text_release(&e->in);
}

static enum ask_answer connect_stream(struct echoing *e, struct error *err)
{
	const struct client *client = &e->options->client;
	const struct address *from = e->from.length ? &e->from : NULL;
	struct error sentence;
	enum endpoint_answer answer =
		endpoint_connect(client->narrator, &e->peers, from, client->timeout_ns, &e->fd, &e->peer, &sentence);

	if (answer == ENDPOINT_OPEN) {
		e->answers = 0;
		text_clear(&e->in);
		e->tally->connections++;
		report(client->reporter, (struct event){ .kind = EVENT_CONNECTED,
							 .type = SOCK_STREAM,
							 .connection = e->tally->connections,
							 .peer = &e->peer });
		return ASK_ANSWERED;
	}
	if (answer == ENDPOINT_ERROR) {
		*err = sentence;
		return ASK_ERROR;
	}
	report_trouble(client->reporter, "%s", sentence.text);
	e->tally->lost++;
	return ASK_REFUSED;
}

/* ------------------------------------------------------------------------------------------------ one text */

enum exchange_end { EXCHANGE_WHOLE, EXCHANGE_TIMEOUT, EXCHANGE_ENDED, EXCHANGE_STOPPED };

struct exchange {
	const uint8_t *text;
	size_t length, sent;
	int64_t began;
	int error; /* errno of ENDED; 0: the peer has closed */
};

/* When the peer takes no more, what it has said before is still there to be received. */
static void send_some(struct echoing *e, struct exchange *x)
{
	const struct client *client = &e->options->client;
	ssize_t sent = sock_send(client->narrator, e->fd, x->text + x->sent, x->length - x->sent, MSG_DONTWAIT,
				 "The text, as far as the kernel takes it now: in a segment of its own if it fits.");

	if (sent < 0) {
		if (errno != EAGAIN && errno != EINTR) {
			x->error = errno;
			x->sent = x->length;
		}
		return;
	}
	x->sent += (size_t)sent;
	e->tally->octets_out += (size_t)sent;
	if (x->sent < x->length)
		return;
	e->tally->messages_out++;
	report(client->reporter, (struct event){ .kind = EVENT_SENT,
						 .type = SOCK_STREAM,
						 .connection = e->tally->connections,
						 .peer = &e->peer,
						 .data = x->text,
						 .length = x->length });
}

/* False: nothing more will come. */
static bool receive_some(struct echoing *e, struct exchange *x)
{
	const size_t most = 16384;
	ssize_t got = sock_recv(e->options->client.narrator, e->fd, text_room(&e->in, most), most, MSG_DONTWAIT,
				"Takes what has come: a stream has no messages, so it may be a part of the echo.");

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (got <= 0) {
		x->error = got < 0 && !x->error ? errno : x->error;
		return false;
	}
	e->in.length += (size_t)got;
	e->tally->octets_in += (size_t)got;
	return true;
}

static enum exchange_end exchange(struct echoing *e, struct exchange *x, int64_t until, size_t *answer)
{
	for (;;) {
		struct wait wait = { .fd = e->fd, .out = x->sent < x->length, .until = until };
		unsigned there;

		*answer = echo_complete(x->text, x->length, (const uint8_t *)e->in.data, e->in.length);
		if (!*answer && e->in.length > x->length + ECHO_PREFIX_MOST)
			*answer = e->in.length;
		if (*answer)
			return EXCHANGE_WHOLE;
		wait.why = wait.out ? "Waits until the socket takes octets or has some."
				    : "Waits for the echo, or the rest of it.";
		there = client_wait(&e->options->client, &wait);
		if (!there || there == WAIT_SIGNAL)
			return there ? EXCHANGE_STOPPED : EXCHANGE_TIMEOUT;
		if (there & WAIT_IN && !receive_some(e, x))
			return EXCHANGE_ENDED;
		if (there & WAIT_OUT)
			send_some(e, x);
	}
}

static void report_lost(struct echoing *e, const struct exchange *x)
{
	const struct client *client = &e->options->client;
	struct error sentence;
	char name[ADDRESS_TEXT];

	endpoint_refusal(NULL, &e->peer, x->error, &sentence);
	if (x->error)
		report_trouble(client->reporter, "%s", sentence.text);
	else
		report_trouble(client->reporter, "%s has closed the connection without an answer",
			       address_text(&e->peer, name));
	e->tally->lost++;
}

/* What came is the answer, whole or not; after one that is not whole nobody knows where the next one begins. */
static enum ask_answer conclude(struct echoing *e, const struct exchange *x, enum exchange_end end, size_t answer)
{
	size_t length = end == EXCHANGE_WHOLE ? answer : e->in.length;

	if (end == EXCHANGE_STOPPED) {
		e->tally->lost++;
		return ASK_STOPPED;
	}
	if (length) {
		echo_judge(e, x->text, x->length, (const uint8_t *)e->in.data, length, &e->peer,
			   client_clock() - x->began);
		memmove(e->in.data, e->in.data + length, e->in.length - length);
		e->in.length -= length;
		e->answers++;
	} else if (end == EXCHANGE_TIMEOUT) {
		client_no_answer(&e->options->client, e->tally, &e->peer, NULL);
	} else {
		report_lost(e, x);
	}
	if (end == EXCHANGE_TIMEOUT)
		disconnect(e, "the echo was not whole in time: what comes late would be taken for the next");
	else if (end == EXCHANGE_ENDED)
		disconnect(e, "closed by the server");
	return length ? ASK_ANSWERED : ASK_TIMEOUT;
}

static enum ask_answer ask_stream(struct echoing *e, const uint8_t *text, size_t length, struct error *err)
{
	int64_t until = client_deadline(e->options->client.timeout_ns);

	if (!length) {
		report_trouble(e->options->client.reporter,
			       "an empty text: a stream has nothing to send for it; left out");
		return ASK_ANSWERED;
	}
	drop_surplus(e);
	for (;;) {
		struct exchange x = { .text = text, .length = length, .began = client_clock() };
		enum ask_answer connected = e->fd < 0 ? connect_stream(e, err) : ASK_ANSWERED;
		enum exchange_end end;
		size_t answer = 0;

		if (connected != ASK_ANSWERED)
			return connected;
		end = exchange(e, &x, until, &answer);
		if (end != EXCHANGE_ENDED || e->in.length || !e->answers)
			return conclude(e, &x, end, answer);
		/* Servers that recv once, send once and close are common; the text is said again to a new one. */
		disconnect(e, "the server ends a connection after its answer; connecting again");
	}
}

const struct echo_transport echo_stream = { open_stream, ask_stream, close_stream };
