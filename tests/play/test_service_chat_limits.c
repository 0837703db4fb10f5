/* SPDX-License-Identifier: BSD-2-Clause */
/* The chat service: its limits, many clients, any octets, and what it reports. */
#include <errno.h>

#include "chat_stage.h"

/* ------------------------------------------------------------------------------------------------ limits */

static void fill(struct text *line, size_t length, const char *end)
{
	text_clear(line);
	text_fill(line, 'x', length - strlen(end));
	text_string(line, end);
}

/* 1024 octets in all: "alice: " takes seven of what the others get. */
static void a_line_has_a_limit(void **state)
{
	struct text line = { 0 }, relayed = { 0 };
	struct chat chat;

	(void)state;
	chat_open_named(&chat, 0);
	text_string(&relayed, "alice: ");
	text_fill(&relayed, 'x', CHAT_LINE_MAX - 8);
	text_char(&relayed, '\n');
	fill(&line, CHAT_LINE_MAX - 7, "\n");
	sends(chat.clients[0], line.data, line.length);
	assert_gets(chat.clients[1], relayed.data, relayed.length);
	assert_int_equal(relayed.length, CHAT_LINE_MAX);

	fill(&line, CHAT_LINE_MAX - 6, "\n");
	sends(chat.clients[0], line.data, line.length);
	assert_gets(chat.clients[0], OCTETS(TOO_LONG_WITH_NAMES));
	fill(&line, CHAT_LINE_MAX, "\r\n");
	sends(chat.clients[0], line.data, line.length);
	assert_gets(chat.clients[0], OCTETS(TOO_LONG_WITH_NAMES));
	fill(&line, CHAT_LINE_MAX + 1, "\r\n");
	sends(chat.clients[0], line.data, line.length);
	assert_gets(chat.clients[0], OCTETS(TOO_LONG));
	assert_gets(chat.clients[1], "", 0);
	text_release(&line);
	text_release(&relayed);
	chat_shut(&chat);
}

/* Said once, however long it goes on; the line after it is one again, and the client is still there. */
static void a_line_without_end_is_skipped(void **state)
{
	struct text line = { 0 };
	struct chat chat;

	(void)state;
	chat_open_named(&chat, 0);
	fill(&line, 5000, "");
	for (int i = 0; i < 100; i++)
		sends(chat.clients[0], line.data, line.length);
	assert_gets(chat.clients[0], OCTETS(TOO_LONG));
	sends(chat.clients[0], OCTETS("\xff\xfa\nhello\n"));
	assert_gets(chat.clients[0], "", 0);
	assert_gets(chat.clients[1], OCTETS("alice: hello\n"));
	/* The same within a sequence of telnet's that never ends. */
	line.data[0] = (char)0xff;
	line.data[1] = (char)0xfa;
	for (int i = 0; i < 10; i++)
		sends(chat.clients[0], line.data, line.length);
	assert_gets(chat.clients[0], OCTETS(TOO_LONG));
	sends(chat.clients[0], OCTETS("\nback\n"));
	assert_gets(chat.clients[1], OCTETS("alice: back\n"));
	text_release(&line);
	chat_shut(&chat);
}

/* Who never sends an LF is not lost after a message that was too long. */
static void quiet_ends_what_is_too_long(void **state)
{
	struct text line = { 0 };
	struct chat chat;

	(void)state;
	chat_open(&chat, 0);
	fill(&line, 3000, "");
	sends(chat.clients[0], line.data, line.length);
	assert_gets(chat.clients[0], OCTETS(TOO_LONG));
	wires_pass_time(&chat.wires, chat.clients[0]);
	sends(chat.clients[0], OCTETS("alice"));
	assert_in_range(chat.clients[0]->wait_until - clock_monotonic(), 1, 300000000);
	wires_pass_time(&chat.wires, chat.clients[0]);
	assert_gets(chat.clients[0], OCTETS("* alice joined\n"));
	sends(chat.clients[0], OCTETS("/list\nab"));
	assert_int_equal(chat.clients[0]->wait_until, 0);
	/* The first LF of another ends a line that was too long: an LF all the same. */
	sends(chat.clients[1], line.data, line.length);
	sends(chat.clients[1], OCTETS("\nbo"));
	assert_int_equal(chat.clients[1]->wait_until, 0);
	sends(chat.clients[1], OCTETS("b\n"));
	assert_gets(chat.clients[1], OCTETS(TOO_LONG "* bob joined\n"));
	text_release(&line);
	chat_shut(&chat);
}

static void rubbish_does_not_drown_its_sender(void **state)
{
	struct text rubbish = { 0 }, wanted = { 0 };
	struct chat chat;

	(void)state;
	chat_open_named(&chat, 0);
	for (int i = 0; i < 8000; i++)
		text_add(&rubbish, "\x01\n", 2);
	for (int i = 0; i < 100; i++)
		text_string(&wanted, CONTROLS);
	text_string(&wanted, MORE);
	for (int i = 0; i < 2; i++) {
		sends(chat.clients[0], rubbish.data, rubbish.length);
		assert_gets(chat.clients[0], wanted.data, wanted.length);
	}
	assert_int_equal(chat.wires.server.tally->messages_in, 3 + 16000);
	text_release(&rubbish);
	text_release(&wanted);
	chat_shut(&chat);
}

static void a_slow_reader_delays_nobody(void **state)
{
	struct text heard = { 0 };
	struct chat chat;

	(void)state;
	chat_open_named(&chat, 1u << EVENT_DROPPED);
	for (int i = 0; i < 40000; i++) {
		sends(chat.clients[0], OCTETS("hello\n"));
		wires_take(chat.clients[1], &heard);
	}
	assert_int_equal(chat.clients[2]->phase, CONNECTION_DEAD);
	assert_int_equal(heard.length, 40000 * strlen("alice: hello\n"));
	assert_octets(&chat.wires.events, OCTETS("dropped 3: reads too slowly: 262144 octets wait for it\n"));
	wires_settle(&chat.wires);
	assert_gets(chat.clients[0], OCTETS("* carol left\n"));
	assert_gets(chat.clients[1], OCTETS("* carol left\n"));
	text_release(&heard);
	chat_shut(&chat);
}

/* A client that sends and is gone before its lines are read: they count, though nobody can answer it. */
static void the_deaf_still_speak(void **state)
{
	struct chat chat;

	(void)state;
	chat_open_named(&chat, 0);
	connection_unsent(chat.clients[0], EPIPE);
	sends(chat.clients[0], OCTETS("one\n@bob two\n/frob\nthree\n"));
	assert_gets(chat.clients[1], OCTETS("alice: one\n[private] alice -> bob: two\nalice: three\n"));
	connection_ended(chat.clients[0]);
	assert_gets(chat.clients[1], OCTETS("* alice left\n"));
	chat_shut(&chat);
}

/* ------------------------------------------------------------------------------------------------ many */

/* Members by number: "member0" and so on, with nothing left to read. */
static struct connection **many_join(struct chat *chat, size_t count)
{
	struct connection **members = calloc(count, sizeof *members);
	struct text unread = { 0 };
	char line[32];

	for (size_t i = 0; i < count; i++) {
		members[i] = wires_connect(&chat->wires);
		sends(members[i], line, (size_t)snprintf(line, sizeof line, "member%zu\n", i));
		for (size_t k = 0; k <= i; k++)
			wires_take(members[k], &unread);
		text_clear(&unread);
	}
	text_release(&unread);
	return members;
}

static void five_hundred_hear_everything_in_order(void **state)
{
	enum { MEMBERS = 500, LINES = 1000 };
	struct text heard = { 0 }, wanted = { 0 };
	struct connection **members;
	struct chat chat;
	char line[32];

	(void)state;
	chat_open(&chat, 0);
	members = many_join(&chat, MEMBERS);
	for (int i = 0; i < LINES; i++) {
		sends(members[i % 3], line, (size_t)snprintf(line, sizeof line, "line %d\n", i));
		text_format(&wanted, "member%d: line %d\n", i % 3, i);
	}
	for (int m = 3; m < MEMBERS; m++) {
		wires_take(members[m], &heard);
		assert_octets(&heard, wanted.data, wanted.length);
		text_clear(&heard);
	}
	free(members);
	text_release(&heard);
	text_release(&wanted);
	chat_shut(&chat);
}

/* The table of names grows: each is found, each is taken, and a list of them has limits. */
static void many_names_are_found(void **state)
{
	enum { MEMBERS = 1200 };
	struct text got = { 0 }, more = { 0 };
	struct connection **members;
	struct chat chat;
	char line[64];

	(void)state;
	chat_open(&chat, 0);
	members = many_join(&chat, MEMBERS);
	for (int i = 0; i < MEMBERS; i++) {
		sends(chat.clients[0], line, (size_t)snprintf(line, sizeof line, "MEMBER%d\n", i));
		text_format(&more, R "the name member%d is taken\n", i);
		assert_gets(chat.clients[0], more.data, more.length);
		text_clear(&more);
	}
	sends(chat.clients[0], OCTETS("/list\n"));
	wires_take(chat.clients[0], &got);
	for (size_t at = 0, end; at < got.length; at = end) {
		const char *lf = memchr(got.data + at, '\n', got.length - at);

		end = (size_t)(lf - got.data) + 1;
		assert_in_range(end - at, 1, CHAT_LINE_MAX);
		assert_memory_equal(got.data + at, "* here: ", 8);
	}
	text_string(&more, "member999\n* here: and 200 more\n");
	assert_memory_equal(got.data + got.length - more.length, more.data, more.length);
	for (int i = 0; i < MEMBERS; i += 2)
		server_forget(&chat.wires.server, members[i]);
	sends(members[1], OCTETS("/nick member0\n@member1199 hi\n@member1198 hi\n"));
	text_clear(&got);
	wires_take(members[1], &got);
	text_clear(&more);
	text_string(&more, "* member1 is now known as member0\n[private] member0 -> member1199: hi\n" R
			   "nobody here is called member1198; /list says who is here\n");
	assert_memory_equal(got.data + got.length - more.length, more.data, more.length);
	free(members);
	text_release(&got);
	text_release(&more);
	chat_shut(&chat);
}

/* What the room holds does not grow with what has happened in it. */
static void many_changes_of_name(void **state)
{
	struct text unread = { 0 };
	struct chat chat;
	char line[64];

	(void)state;
	chat_open_named(&chat, 0);
	for (int i = 0; i < 200000; i++) {
		sends(chat.clients[0], line, (size_t)snprintf(line, sizeof line, "/nick a%d\n", i));
		for (size_t k = 0; k < CLIENTS; k++)
			wires_take(chat.clients[k], &unread);
		text_clear(&unread);
	}
	sends(chat.clients[1], OCTETS("/list\n@A199999 there?\n"));
	assert_gets(chat.clients[1], OCTETS("* here: a199999, bob, carol\n[private] bob -> a199999: there?\n"));
	assert_gets(chat.clients[0], OCTETS("[private] bob -> a199999: there?\n"));
	text_release(&unread);
	chat_shut(&chat);
}

/* ------------------------------------------------------------------------------------------------ reports */

static void what_is_reported(void **state)
{
	struct chat chat;

	(void)state;
	chat_open(&chat, 1u << EVENT_NAMED | 1u << EVENT_RELAYED);
	sends(chat.clients[0], OCTETS("alice\n"));
	sends(chat.clients[1], OCTETS("bob\n"));
	sends(chat.clients[0], OCTETS("hello\n"));
	sends(chat.clients[2], OCTETS("carol\n"));
	sends(chat.clients[1], OCTETS("hi\n@carol psst\n/nick rob\n/me waves\n@dave x\n/list\n"));
	assert_octets(&chat.wires.events, OCTETS("named 1 alice\n"
						 "named 2 bob\n"
						 "relayed 1 -> 2 alicealice: hello\\n\n"
						 "named 3 carol\n"
						 "relayed 2 -> 1 bobbob: hi\\n\n"
						 "relayed 2 -> 3 bobbob: hi\\n\n"
						 "relayed 2 -> 3 bob to carol[private] bob -> carol: psst\\n\n"
						 "named 2 rob\n"
						 "relayed 2 -> 1 rob* rob waves\\n\n"
						 "relayed 2 -> 3 rob* rob waves\\n\n"));
	chat_shut(&chat);
}

static void messages_are_counted(void **state)
{
	struct chat chat;

	(void)state;
	chat_open_named(&chat, 0);
	assert_int_equal(chat.wires.server.tally->messages_in, 3);
	assert_int_equal(chat.wires.server.tally->messages_out, 3 + 1 + 2 + 3);
	sends(chat.clients[0], OCTETS("hello\n@bob hi\n/frob\n"));
	assert_int_equal(chat.wires.server.tally->messages_in, 6);
	assert_int_equal(chat.wires.server.tally->messages_out, 9 + 2 + 2 + 1);
	chat_shut(&chat);
}

/* ------------------------------------------------------------------------------------------------ any octets */

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Octets that mean something, in any order. */
static void fill_random(struct text *out, uint32_t seed)
{
	static const char *const pieces[] = { "\n",     "\r\n",     "\n",       "hello",    "/",        "@",
					      "bob ",   "\xff",     "\xff\xfa", "\xff\xf0", "\xff\xfd", "/me ",
					      "/nick ", "x",        "\xc3\xa9", "\xe2\x80", "\x01",     " ",
					      "\t",     "/list",    "alice: ",  "//",       "joined",   "\x80",
					      "\xf5",   "[private]" };

	text_clear(out);
	while (out->length < 600) {
		uint32_t n = next_random(&seed) % (COUNT(pieces) + 2);

		if (n < COUNT(pieces))
			text_string(out, pieces[n]);
		else if (n == COUNT(pieces))
			text_char(out, '\0');
		else
			text_fill(out, 'y', next_random(&seed) % 1500);
	}
	text_char(out, '\n');
}

/* What everybody gets does not depend on how the octets were cut into segments. */
static void hear_random(const struct text *octets, size_t segment, struct text heard[CLIENTS])
{
	struct chat chat;

	chat_open_named(&chat, 0);
	for (size_t at = 0; at < octets->length; at += segment) {
		size_t length = octets->length - at < segment ? octets->length - at : segment;

		sends(chat.clients[0], octets->data + at, length);
	}
	for (size_t i = 0; i < CLIENTS; i++) {
		text_clear(&heard[i]);
		wires_take(chat.clients[i], &heard[i]);
		if (heard[i].length > 0)
			check_decodes((const uint8_t *)heard[i].data, heard[i].length);
	}
	chat_shut(&chat);
}

static void any_octets_in_any_segments(void **state)
{
	static const size_t segments[] = { 1, 2, 7, 100 };
	struct text octets = { 0 }, whole[CLIENTS] = { 0 }, pieces[CLIENTS] = { 0 };

	(void)state;
	for (uint32_t seed = 1; seed <= 500; seed++) {
		fill_random(&octets, seed);
		hear_random(&octets, octets.length, whole);
		hear_random(&octets, segments[seed % COUNT(segments)], pieces);
		for (size_t i = 0; i < CLIENTS; i++)
			assert_octets(&pieces[i], whole[i].data, whole[i].length);
	}
	for (size_t i = 0; i < CLIENTS; i++) {
		text_release(&whole[i]);
		text_release(&pieces[i]);
	}
	text_release(&octets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_a_limit),
		cmocka_unit_test(a_line_without_end_is_skipped),
		cmocka_unit_test(quiet_ends_what_is_too_long),
		cmocka_unit_test(rubbish_does_not_drown_its_sender),
		cmocka_unit_test(a_slow_reader_delays_nobody),
		cmocka_unit_test(the_deaf_still_speak),
		cmocka_unit_test(five_hundred_hear_everything_in_order),
		cmocka_unit_test(many_names_are_found),
		cmocka_unit_test(many_changes_of_name),
		cmocka_unit_test(what_is_reported),
		cmocka_unit_test(messages_are_counted),
		cmocka_unit_test(any_octets_in_any_segments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
