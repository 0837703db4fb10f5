/* SPDX-License-Identifier: BSD-2-Clause */
/* date announce: "USER date" to everybody, every so often. */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lab/plain.h"
#include "play/asking.h"
#include "play/broadcast.h"
#include "play/local_date.h"

#define DATE_MOST 128 /* octets of the longest date */

static int check(const struct date_announcer *options, struct error *err)
{
	size_t length = options->user ? strlen(options->user) : 0;

	if (!length || !plain_is_text((const uint8_t *)options->user, length) || strpbrk(options->user, "\r\n\033"))
		return error_set(err, "--user: a name of printable characters is needed; it begins every announcement");
	return 0;
}

static int build(const struct date_announcer *options, struct text *message, struct error *err)
{
	int64_t now = options->now ? options->now() : clock_utc();
	uint8_t date[DATE_MOST];
	size_t length = local_date_build(options->format, now, date, sizeof date);

	if (!length)
		return error_set(err, "%s: this format cannot say what the clock shows; choose another with --format",
				 date_formats[options->format].name);
	text_clear(message);
	text_string(message, options->user);
	text_char(message, ' ');
	text_add(message, date, length);
	if (options->client.terminator)
		text_string(message, options->client.terminator);
	return 0;
}

/*
 * The times are counted from the beginning, so that what building and sending takes does not add up. What a stopped
 * program missed is left out: ten dates at once would be of no use to anybody.
 */
static int64_t next_time(int64_t start, int64_t every)
{
	int64_t past = clock_monotonic() - start;

	return start + (past / every + 1) * every;
}

static enum client_answer announce(const struct date_announcer *options, struct broadcaster *b, struct error *err)
{
	const struct client *client = &options->client;
	int64_t start = clock_monotonic(), due = start, every = client->every_ns > 0 ? client->every_ns : NS_PER_S;
	struct text message = { 0 };
	int status = 0;

	for (uint64_t sent = 0; !client->count || sent < client->count; sent++) {
		if (sent && !client_sleep(client, due, "Sleeps until the next date is due; a signal would end it."))
			break;
		status = build(options, &message, err);
		if (status < 0)
			break;
		broadcaster_send(b, message.data, message.length);
		due = next_time(start, every);
	}
	text_release(&message);
	return status < 0 ? CLIENT_ERROR : b->tally->lost ? CLIENT_NO : CLIENT_DONE;
}

enum client_answer date_announce_run(const struct date_announcer *options, struct tally *tally, struct error *err)
{
	struct broadcaster b;
	enum client_answer answer = CLIENT_ERROR;

	if (check(options, err) < 0)
		return CLIENT_ERROR;
	if (!broadcaster_open(&b, &options->client, &options->broadcast, tally, err)) {
		answer = announce(options, &b, err);
		client_done(&options->client, tally);
	}
	broadcaster_close(&b);
	return answer;
}
