/* SPDX-License-Identifier: BSD-2-Clause */
/* echo client: each text there and back, and whether it is still the same. */
#include "play/echo_compare.h"
#include "play/echoing.h"
#include "play/lines.h"

struct texts {
	const struct echo_client *options;
	struct lines lines;
	struct text message; /* the text with its terminator */
	size_t next;         /* of options->texts */
	uint64_t given;
};

void echo_judge(struct echoing *e, const uint8_t *text, size_t length, const uint8_t *answer, size_t answer_length,
		const struct address *peer, int64_t rtt_ns)
{
	enum echo_verdict verdict = echo_compare(text, length, answer, answer_length, &e->note);
	const struct client *client = &e->options->client;

	text_char(&e->note, '\0');
	client_count_answer(e->tally, rtt_ns, verdict == ECHO_EQUAL);
	e->different = e->different || verdict == ECHO_DIFFERENT;
	report(client->reporter, (struct event){ .kind = EVENT_ANSWER,
						 .type = client->type,
						 .connection = e->tally->connections,
						 .peer = peer,
						 .data = answer,
						 .length = answer_length,
						 .note = verdict == ECHO_EQUAL ? NULL : e->note.data,
						 .rtt_ns = rtt_ns });
}

/* ------------------------------------------------------------------------------------------------ where texts come
 * from */

enum texts_answer { TEXTS_TEXT, TEXTS_END, TEXTS_STOPPED, TEXTS_ERROR };

static enum texts_answer use(struct texts *t, const char *text, size_t length)
{
	text_clear(&t->message);
	text_add(&t->message, text, length); /* makes room, so that an empty text has a place too */
	if (t->options->client.terminator)
		text_string(&t->message, t->options->client.terminator);
	t->given++;
	return TEXTS_TEXT;
}

/* With a count that is larger than the list, it begins again. */
static enum texts_answer next_of_list(struct texts *t)
{
	const char *text = t->options->texts[t->next];

	if (!text && t->options->client.count) {
		t->next = 0;
		text = t->options->texts[0];
	}
	if (!text)
		return TEXTS_END;
	t->next++;
	return use(t, text, strlen(text));
}

static enum texts_answer next_of_lines(struct texts *t, struct error *err)
{
	const struct client *client = &t->options->client;
	struct wait wait = { .fd = -1, .input = true, .until = CLOCK_NEVER, .why = "Waits for a line to be typed." };

	for (;;) {
		const char *line;
		size_t length;

		switch (lines_next(&t->lines, &line, &length)) {
		case LINES_LINE:
			return use(t, line, length);
		case LINES_END:
			return TEXTS_END;
		case LINES_LONG:
			report_trouble(client->reporter,
				       "a line of more than %u octets, which no datagram can hold; not "
				       "sent",
				       LINES_MOST);
			break;
		case LINES_NONE:
			if (client_wait(client, &wait) == WAIT_SIGNAL)
				return TEXTS_STOPPED;
			if (lines_read(&t->lines, err) < 0)
				return TEXTS_ERROR;
		}
	}
}

static enum texts_answer next_text(struct texts *t, struct error *err)
{
	uint64_t count = t->options->client.count;

	if (count && t->given == count)
		return TEXTS_END;
	if (t->options->texts && t->options->texts[0])
		return next_of_list(t);
	return t->lines.fd < 0 ? TEXTS_END : next_of_lines(t, err);
}

/* ------------------------------------------------------------------------------------------------ running */

/* ASK_ERROR, or anything else when it has come to an end. */
static enum ask_answer ask_all(struct echoing *e, const struct echo_transport *transport, struct texts *t,
			       struct error *err)
{
	const struct client *client = &e->options->client;
	enum ask_answer asked = ASK_ANSWERED;
	int64_t due = 0;

	while (asked == ASK_ANSWERED || asked == ASK_TIMEOUT) {
		enum texts_answer there = next_text(t, err);

		if (there != TEXTS_TEXT)
			return there == TEXTS_ERROR ? ASK_ERROR : asked;
		if (due && !client_sleep(client, due, "Sleeps until the next text is due."))
			break;
		due = client->every_ns > 0 ? clock_deadline(client->every_ns) : 0;
		asked = transport->ask(e, (const uint8_t *)t->message.data, t->message.length, err);
	}
	return asked;
}

enum client_answer echo_client_run(const struct echo_client *options, struct tally *tally, struct error *err)
{
	const struct echo_transport *transport = options->client.type == SOCK_STREAM ? &echo_stream : &echo_datagrams;
	struct echoing e = { .options = options, .tally = tally };
	struct texts t = { .options = options, .lines = { .fd = options->client.input } };
	enum ask_answer asked = ASK_ERROR;
	bool open = transport->open(&e, err) == 0;

	if (open)
		asked = ask_all(&e, transport, &t, err);
	transport->close(&e);
	if (open)
		client_done(&options->client, e.tally);
	lines_release(&t.lines);
	text_release(&t.message);
	text_release(&e.note);
	if (asked == ASK_ERROR)
		return CLIENT_ERROR;
	return e.different || e.tally->lost ? CLIENT_NO : CLIENT_DONE;
}
