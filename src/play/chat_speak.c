/* SPDX-License-Identifier: BSD-2-Clause */
/* chat speak: what is typed, to everybody, as "user: line". */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lab/chat.h"
#include "play/asking.h"
#include "play/broadcast.h"
#include "play/lines.h"

struct speaking {
	const struct chat_speaker *options;
	struct broadcaster broadcaster;
	struct lines lines;
	uint64_t line; /* number of the line that was read last */
	uint64_t sent;
	uint8_t *message;
};

#define MESSAGE_ROOM (LINES_MOST + CHAT_NICK_BYTES + 16)

static int check(const struct chat_speaker *options, struct error *err)
{
	const char *user = options->user ? options->user : "";

	if (chat_nick_is_valid((const uint8_t *)user, strlen(user)))
		return 0;
	return error_set(err,
			 "--user: 1 to %d letters or digits are needed, without spaces: everybody reads it in front of "
			 "every line",
			 CHAT_NICK_MAX);
}

static void speak(struct speaking *s, const char *line, size_t length)
{
	const struct client *client = &s->options->client;
	const char *user = s->options->user, *terminator = client->terminator ? client->terminator : "";
	struct chat_span name = { (const uint8_t *)user, strlen(user) }, text = { (const uint8_t *)line, length };
	size_t built;

	if (!length)
		return;
	built = chat_build(s->message, MESSAGE_ROOM, CHAT_LINE, name, (struct chat_span){ 0 }, text);
	if (!built) {
		report_trouble(client->reporter, "line %llu: control characters, or not UTF-8; not sent",
			       (unsigned long long)s->line);
		return;
	}
	/* The line's end that belongs to the TCP protocol gives way to the one that was asked for. */
	memcpy(s->message + built - 1, terminator, strlen(terminator));
	s->sent += broadcaster_send(&s->broadcaster, s->message, built - 1 + strlen(terminator));
}

/* False: there are no more. */
static bool speak_lines(struct speaking *s)
{
	const struct client *client = &s->options->client;

	for (;;) {
		const char *line;
		size_t length;
		enum lines_answer answer = lines_next(&s->lines, &line, &length);

		if (answer == LINES_NONE || answer == LINES_END)
			return answer == LINES_NONE;
		s->line++;
		if (answer == LINES_LONG)
			report_trouble(client->reporter,
				       "line %llu: more than %u octets, which no datagram can hold; not "
				       "sent",
				       (unsigned long long)s->line, LINES_MOST);
		else
			speak(s, line, length);
		if (client->count && s->sent >= client->count)
			return false;
	}
}

static enum client_answer speak_all(struct speaking *s, struct error *err)
{
	const struct client *client = &s->options->client;
	struct wait wait = { .fd = -1, .input = true, .until = CLOCK_NEVER, .why = "Waits for a line to be typed." };

	while (speak_lines(s)) {
		if (client_wait(client, &wait) == WAIT_SIGNAL)
			break;
		if (lines_read(&s->lines, err) < 0)
			return CLIENT_ERROR;
	}
	return s->broadcaster.tally->lost ? CLIENT_NO : CLIENT_DONE;
}

enum client_answer chat_speak_run(const struct chat_speaker *options, struct tally *tally, struct error *err)
{
	struct speaking s = { .options = options, .lines = { .fd = options->client.input } };
	enum client_answer answer = CLIENT_ERROR;

	if (check(options, err) < 0)
		return CLIENT_ERROR;
	s.message = mem_new(MESSAGE_ROOM, 1);
	if (!broadcaster_open(&s.broadcaster, &options->client, &options->broadcast, tally, err)) {
		answer = speak_all(&s, err);
		client_done(&options->client, tally);
	}
	broadcaster_close(&s.broadcaster);
	lines_release(&s.lines);
	free(s.message);
	return answer;
}
