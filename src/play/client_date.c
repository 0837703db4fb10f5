/* SPDX-License-Identifier: BSD-2-Clause */
/* date client: a request, an answer; with pauses in which netstat shows what the calls have changed. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "play/dating.h"
#include "play/local_date.h"

/* --------------------------------------------------------------------------------------------- what an answer says */

/* Seconds since 1900 have their first bit set until 2036; no text of ASCII begins so. */
static bool find_date(const uint8_t *data, size_t length, struct date_value *date)
{
	return date_parse(data, length, date) ||
	       (length == 4 && data[0] & 0x80 && date_parse_binary(data, length, date));
}

/* A date without a zone is taken as one of ours. */
static void note_date(struct text *note, const struct date_value *date)
{
	int64_t now = clock_utc(), shown = date->time_ns, difference;

	now += (date->has_zone ? date->zone_offset_s : local_date_zone(now, NULL)) * NS_PER_S;
	if (!date->fraction_digits)
		now -= now % NS_PER_S;
	difference = shown > now ? shown - now : now - shown;
	text_format(note, "%s, ", date_formats[date->format].name);
	if (!date->fraction_digits && !difference) {
		text_string(note, "the same second as our clock");
		return;
	}
	client_duration(note, difference);
	text_string(note, shown > now ? " ahead of our clock" : " behind our clock");
}

/* Four octets are no sight for people: what they say is always remarked. */
static void note_binary(struct text *note, const struct date_value *date)
{
	uint8_t shown[64];
	size_t length = date_build(DATE_PYTHON, date->time_ns, 0, NULL, shown, sizeof shown);

	text_string(note, "RFC 868: ");
	text_add(note, shown, length);
	text_string(note, " UTC");
}

static bool asked_for_user(const struct dating *d)
{
	enum date_request kind = date_request_kind((const uint8_t *)d->request.data, d->request.length);

	return kind == DATE_REQUEST_USER || kind == DATE_REQUEST_USER_TEXT;
}

static bool note_answer(struct dating *d, const void *data, size_t length)
{
	struct date_value date;

	text_clear(&d->note);
	if (find_date(data, length, &date)) {
		if (date.format == DATE_RFC868)
			note_binary(&d->note, &date);
		else if (reporter_wants(d->options->client.reporter, EVENT_SENT))
			note_date(&d->note, &date);
		return true;
	}
	if (asked_for_user(d))
		return true;
	text_string(&d->note, "no date in it: some servers give the user's name to whatever is not exactly \"date\"");
	return false;
}

void date_judge(struct dating *d, const void *data, size_t length, const struct address *peer, int64_t rtt_ns,
		const char *remark)
{
	const struct client *client = &d->options->client;
	bool expected = note_answer(d, data, length);

	client_count_answer(d->tally, rtt_ns, expected);
	if (remark) {
		text_string(&d->note, d->note.length ? "; " : "");
		text_string(&d->note, remark);
	}
	text_char(&d->note, '\0');
	report(client->reporter, (struct event){ .kind = EVENT_ANSWER,
						 .type = d->options->broadcast ? SOCK_DGRAM : client->type,
						 .connection = d->tally->connections,
						 .peer = peer,
						 .data = data,
						 .length = length,
						 .note = d->note.length > 1 ? d->note.data : NULL,
						 .rtt_ns = rtt_ns });
}

/* ------------------------------------------------------------------------------------------------ one peer over UDP */

static int open_datagrams(struct dating *d, struct error *err)
{
	return asker_open(&d->asker, &d->options->client, d->tally, err);
}

static enum ask_answer ask_datagram(struct dating *d, struct error *err)
{
	const struct client *client = &d->options->client;
	enum ask_answer answer = asker_send(&d->asker, d->request.data, d->request.length, err);
	size_t got = 0;

	if (answer == ASK_ANSWERED)
		answer = asker_receive(&d->asker, d->data, DATAGRAM_MOST, &got, clock_deadline(client->timeout_ns),
				       err);
	if (answer == ASK_ANSWERED)
		date_judge(d, d->data, got, asker_peer(&d->asker), clock_monotonic() - d->asker.sent_ns, NULL);
	else if (answer == ASK_TIMEOUT)
		client_no_answer(client, d->tally, asker_peer(&d->asker), NULL);
	else if (answer == ASK_STOPPED)
		d->tally->lost++;
	return answer;
}

static void close_datagrams(struct dating *d)
{
	asker_close(&d->asker);
}

const char date_pause_before_udp[] =
	"press Enter to send the request; netstat -uan does not show the socket yet, unless --bind gave it an address";
const char date_pause_after_udp[] = "press Enter to end; netstat -uan shows the socket until then";

const struct date_transport date_datagrams = {
	open_datagrams,
	ask_datagram,
	NULL,
	close_datagrams,
	date_pause_before_udp,
	date_pause_after_udp,
};

/* ------------------------------------------------------------------------------------------------ running */

/* False: a signal came. The end of the input is as good as Enter. */
static bool pause_for_enter(struct dating *d, const char *prompt)
{
	const struct client *client = &d->options->client;
	struct wait wait = { .fd = -1, .input = true, .until = CLOCK_NEVER, .why = "Waits until Enter is pressed." };
	struct error err;
	const char *line;
	size_t length;

	if (!d->options->pause || client->input < 0)
		return true;
	report(client->reporter, (struct event){ .kind = EVENT_PROMPT, .note = prompt });
	while (lines_next(&d->lines, &line, &length) == LINES_NONE) {
		if (client_wait(client, &wait) == WAIT_SIGNAL)
			return false;
		if (lines_read(&d->lines, &err) < 0)
			return true;
	}
	return true;
}

static enum ask_answer ask_all(struct dating *d, const struct date_transport *transport, struct error *err)
{
	const struct client *client = &d->options->client;
	uint64_t count = client->count ? client->count : 1;
	enum ask_answer answer = ASK_ANSWERED;
	int64_t due = 0;

	if (!pause_for_enter(d, transport->first))
		return ASK_STOPPED;
	for (uint64_t asked = 0; asked < count && (answer == ASK_ANSWERED || answer == ASK_TIMEOUT); asked++) {
		if (asked && transport->finish)
			transport->finish(d);
		if (due && !client_sleep(client, due, "Sleeps until the next request is due."))
			return ASK_STOPPED;
		due = client->every_ns > 0 ? clock_deadline(client->every_ns) : 0;
		answer = transport->ask(d, err);
	}
	if (answer == ASK_ANSWERED || answer == ASK_TIMEOUT)
		pause_for_enter(d, transport->last);
	return answer;
}

static enum client_answer conclude(const struct dating *d, enum ask_answer answer)
{
	if (answer == ASK_ERROR)
		return CLIENT_ERROR;
	return d->tally->lost || !d->tally->messages_in ? CLIENT_NO : CLIENT_DONE;
}

static const struct date_transport *choose(const struct date_client *options)
{
	if (options->broadcast)
		return &date_everybody;
	return options->client.type == SOCK_STREAM ? &date_stream : &date_datagrams;
}

/* The empty request stays empty: a line's end would make it one of free text. */
static int add_request(struct dating *d, struct error *err)
{
	const char *request = d->options->request ? d->options->request : "", *end = d->options->client.terminator;

	text_string(&d->request, request); /* makes room, so that the empty one has a place too */
	if (*request && end)
		text_string(&d->request, end);
	if (d->request.length <= DATAGRAM_PAYLOAD)
		return 0;
	return error_set(err, "a request of %zu octets: %u are the most; shorten it", d->request.length,
			 DATAGRAM_PAYLOAD);
}

static enum ask_answer open_and_ask(struct dating *d, struct error *err)
{
	const struct date_transport *transport = choose(d->options);
	enum ask_answer answer = ASK_ERROR;
	bool open = transport->open(d, err) == 0;

	if (open)
		answer = ask_all(d, transport, err);
	transport->close(d);
	if (open)
		client_done(&d->options->client, d->tally);
	return answer;
}

enum client_answer date_client_run(const struct date_client *options, struct tally *tally, struct error *err)
{
	struct dating d = { .options = options, .tally = tally };
	enum ask_answer answer = ASK_ERROR;

	d.lines = (struct lines){ .fd = options->client.input };
	d.data = mem_new(DATAGRAM_MOST, 1);
	if (!add_request(&d, err))
		answer = open_and_ask(&d, err);
	lines_release(&d.lines);
	text_release(&d.request);
	text_release(&d.note);
	free(d.data);
	return conclude(&d, answer);
}
