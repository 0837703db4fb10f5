/* SPDX-License-Identifier: BSD-2-Clause */
/* What clients make of what servers say. */
#include "play_input.h"

#include "lab/chat.h"
#include "play/chat_peer.h"
#include "play/dating.h"
#include "play/echo_compare.h"
#include "play/echoing.h"

static void note(void *context, const struct event *event)
{
	(void)context;
	play_check_event(event);
}

static char *string_of(struct play_input *in)
{
	const uint8_t *data;
	size_t length = play_line(in, false, &data);
	char *string = malloc(length + 1);

	if (!string)
		abort();
	memcpy(string, data, length);
	string[length] = '\0';
	return string;
}

/* ------------------------------------------------------------------------------------------------ chat */

struct hearer {
	struct text all; /* what came */
	size_t at;       /* so much of it has been handed out */
};

static void check_name(const char *name)
{
	CHECK(!name || (strlen(name) > 0 && strlen(name) < CHAT_NAME_ROOM));
}

/* Messages follow one another in what came; only NULs stand between them, and LF is at their end alone. */
static void hear(void *context, const char *data, size_t length)
{
	struct hearer *hearer = context;
	const char *lf = memchr(data, '\n', length);
	struct event event = { .kind = EVENT_RECEIVED };
	char user[CHAT_NAME_ROOM], to[CHAT_NAME_ROOM];

	CHECK(length && *data && (!lf || lf == data + length - 1));
	while (hearer->at < hearer->all.length && !hearer->all.data[hearer->at])
		hearer->at++;
	CHECK(length <= hearer->all.length - hearer->at && !memcmp(hearer->all.data + hearer->at, data, length));
	hearer->at += length;
	CHECK(chat_peer_naming(data, length) == CHAT_NAMED || *data == '*');
	chat_peer_hears(data, length, &event, user, to);
	check_name(event.user);
	check_name(event.to);
	play_check_event(&event);
}

/* 'w' is quiet: what came is a message. */
void play_chat_client(struct play_input *in)
{
	struct hearer hearer = { 0 };
	struct text received = { 0 };

	while (in->length) {
		uint8_t letter = play_octet(in);
		size_t length;
		uint8_t *piece = play_piece(in, letter, &length);

		if (piece) {
			text_add(&hearer.all, piece, length);
			text_add(&received, piece, length);
		}
		chat_peer_split(&received, letter == 'w', hear, &hearer);
		CHECK(received.length <= (letter == 'w' ? 0 : CHAT_KEPT_MOST));
		CHECK(!received.length || !memchr(received.data, '\n', received.length));
		free(piece);
	}
	chat_peer_split(&received, true, hear, &hearer);
	while (hearer.at < hearer.all.length)
		CHECK(!hearer.all.data[hearer.at++]);
	text_release(&received);
	text_release(&hearer.all);
}

static void say(const struct chat_peer *peer, struct play_input *in)
{
	char *user = string_of(in);
	struct text out = { 0 };
	size_t length, before;
	uint8_t *line = play_piece(in, '-', &length), *said = play_piece(in, '-', &before);
	bool asks;

	chat_peer_name(peer, user, &out);
	CHECK(out.length >= strlen(user) && !memcmp(out.data + out.length - strlen(user), user, strlen(user)));
	text_clear(&out);
	chat_peer_line(peer, (const char *)line, length, &out);
	CHECK(out.length + 2 >= length);
	CHECK((length && *line == '@') || (out.length == length && !memcmp(out.data, line, length)));
	asks = chat_peer_asks(peer, (const char *)said, before);
	CHECK(asks || (peer->handshake->awaits && (!before || *peer->handshake->awaits)));
	free(said);
	free(line);
	free(user);
	text_release(&out);
}

void play_chat_peer(struct play_input *in)
{
	char *style = string_of(in);
	struct chat_peer peer;
	struct error err = { "" };

	if (chat_peer_find(style, &peer, &err) == 0)
		say(&peer, in);
	else
		CHECK(*err.text && !strpbrk(err.text, "\n\r\033"));
	free(style);
}

/* ------------------------------------------------------------------------------------------------ date and echo */

static void judge_date(const struct client *client, const uint8_t *request, size_t request_length,
		       const uint8_t *answer, size_t length)
{
	struct date_client options = { .client = *client };
	struct tally tally = { 0 };
	struct dating dating = { .options = &options, .tally = &tally };

	text_add(&dating.request, request, request_length);
	date_judge(&dating, answer, length, NULL, 1, NULL);
	date_judge(&dating, answer, length, NULL, 1, "late");
	CHECK(tally.equal + tally.altered == 2);
	text_release(&dating.request);
	text_release(&dating.note);
}

static void judge_echo(const struct client *client, const uint8_t *request, size_t request_length,
		       const uint8_t *answer, size_t length)
{
	struct echo_client options = { .client = *client };
	struct tally tally = { 0 };
	struct echoing echoing = { .options = &options, .tally = &tally };

	echo_judge(&echoing, request, request_length, answer, length, NULL, 1);
	CHECK(tally.equal + tally.altered == 1);
	text_release(&echoing.note);
}

void play_answers(struct play_input *in)
{
	bool verbose = play_octet(in) & 1;
	struct reporter reporter = { 1u << EVENT_ANSWER | (verbose ? 1u << EVENT_SENT : 0), note, NULL };
	struct client client = { .reporter = &reporter };
	size_t request_length, length;
	uint8_t *request = play_piece(in, '-', &request_length), *answer = play_piece(in, '#', &length);

	judge_date(&client, request, request_length, answer, length);
	judge_echo(&client, request, request_length, answer, length);
	free(request);
	free(answer);
}

static void check_verdict(const uint8_t *sent, size_t sent_length, const uint8_t *answer, size_t length, bool variant)
{
	struct text note = { 0 };
	bool same = sent_length == length && !memcmp(sent, answer, length);
	enum echo_verdict verdict = echo_compare(sent, sent_length, answer, length, &note);

	CHECK((verdict == ECHO_EQUAL) == same && (note.length == 0) == same);
	CHECK(!variant || verdict != ECHO_DIFFERENT);
	text_char(&note, '\n');
	play_check_line(note.data, note.length);
	text_release(&note);
}

/* The stream comes octet by octet; as soon as all of it is there the answer is. */
static void check_complete(const uint8_t *sent, size_t sent_length, const uint8_t *stream, size_t length, bool variant)
{
	size_t answer = 0;

	for (size_t n = length > 256 ? length : 0; n <= length; n++) {
		answer = echo_complete(sent, sent_length, stream, n);
		CHECK(answer <= n && (!answer || answer >= sent_length));
	}
	CHECK(!variant || !sent_length || answer);
	if (sent_length && length >= sent_length && !memcmp(sent, stream, sent_length))
		CHECK(answer == sent_length);
}

/* A text and an answer; then the text in capitals behind the answer's first octets, which is an echo of a kind. */
void play_echo_compare(struct play_input *in)
{
	size_t sent_length, answer_length, prefix;
	uint8_t *sent = play_piece(in, '-', &sent_length), *answer = play_piece(in, '#', &answer_length), *variant;

	check_verdict(sent, sent_length, answer, answer_length, false);
	check_complete(sent, sent_length, answer, answer_length, false);
	prefix = answer_length < ECHO_PREFIX_MOST ? answer_length : ECHO_PREFIX_MOST;
	variant = malloc(prefix + sent_length + 1);
	if (!variant)
		abort();
	memcpy(variant, answer, prefix);
	for (size_t i = 0; i < sent_length; i++)
		variant[prefix + i] = sent[i] >= 'a' && sent[i] <= 'z' ? sent[i] - 0x20 : sent[i];
	check_verdict(sent, sent_length, variant, prefix + sent_length, true);
	check_complete(sent, sent_length, variant, prefix + sent_length, true);
	free(variant);
	free(answer);
	free(sent);
}
