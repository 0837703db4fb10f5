/* SPDX-License-Identifier: BSD-2-Clause */
/* The chat service: dialogues, line by line. */
#include "chat_stage.h"

/* ------------------------------------------------------------------------------------------------ dialogues */

/* In turns: who, what it does, the octets. What nobody was to get, nobody may have got at the end. */
struct step {
	char who;
	char does; /* '>' sends, '<' gets, '.' is quiet, '|' sends no more */
	const char *octets;
	size_t length;
};

struct dialogue {
	const char *title;
	bool named; /* a, b and c are alice, bob and carol */
	struct step steps[24];
};

static void check_gets(struct connection *c, const struct step *step, const char *title)
{
	struct text got = { 0 };

	check_decodes((const uint8_t *)step->octets, step->length);
	wires_take(c, &got);
	if (got.length != step->length || memcmp(got.data, step->octets, got.length) != 0)
		print_error("%s: %c\n", title, step->who);
	assert_octets(&got, step->octets, step->length);
	text_release(&got);
}

static void play_step(struct chat *chat, const struct step *step, const char *title)
{
	struct connection **c = &chat->clients[step->who - 'a'];

	if (step->does == '>')
		sends(*c, step->octets, step->length);
	else if (step->does == '.')
		wires_pass_time(&chat->wires, *c);
	else if (step->does == '|')
		connection_ended(*c);
	else
		check_gets(*c, step, title);
	if (connection_over(*c)) {
		wires_settle(&chat->wires);
		*c = NULL;
	}
}

static void play(const struct dialogue *dialogue)
{
	struct chat chat;

	if (dialogue->named)
		chat_open_named(&chat, 0);
	else
		chat_open(&chat, 0);
	for (const struct step *step = dialogue->steps; step->who; step++)
		play_step(&chat, step, dialogue->title);
	for (size_t i = 0; i < CLIENTS; i++) {
		if (chat.clients[i])
			assert_gets(chat.clients[i], "", 0);
	}
	chat_shut(&chat);
}

#define SAYS(who, s)                                                                                                   \
	{                                                                                                              \
		who, '>', OCTETS(s)                                                                                    \
	}
#define GETS(who, s)                                                                                                   \
	{                                                                                                              \
		who, '<', OCTETS(s)                                                                                    \
	}
#define QUIET(who)                                                                                                     \
	{                                                                                                              \
		who, '.', NULL, 0                                                                                      \
	}
#define ENDS(who)                                                                                                      \
	{                                                                                                              \
		who, '|', NULL, 0                                                                                      \
	}

static const struct dialogue naming[] = {
	{ "the first line is the name",
	  false,
	  { SAYS('a', "alice\n"), GETS('a', "* alice joined\n"), SAYS('b', "bob\n"), GETS('a', "* bob joined\n"),
	    GETS('b', "* bob joined\n"), SAYS('a', "hello\n"), GETS('b', "alice: hello\n") } },
	{ "/nick, at first and later",
	  false,
	  { SAYS('a', "/nick alice\n"), GETS('a', "* alice joined\n"), SAYS('b', "/NICK  bob \n"),
	    GETS('a', "* bob joined\n"), GETS('b', "* bob joined\n"), SAYS('b', "/nick rob\n"),
	    GETS('a', "* bob is now known as rob\n"), GETS('b', "* bob is now known as rob\n"), SAYS('b', "hi\n"),
	    GETS('a', "rob: hi\n"), SAYS('a', "/nick bob\n"), GETS('a', "* alice is now known as bob\n"),
	    GETS('b', "* alice is now known as bob\n") } },
	{ "the names of other programs: user, NICK",
	  false,
	  { SAYS('a', "user alice\n"), GETS('a', "* alice joined\n"), SAYS('b', "NICK bob\r\n"),
	    GETS('a', "* bob joined\n"), GETS('b', "* bob joined\n") } },
	{ "the names of other programs: NICKNAME, /username, :online",
	  false,
	  { SAYS('a', "NICKNAME alice\n"), GETS('a', "* alice joined\n"), SAYS('b', "/username bob\n"),
	    GETS('a', "* bob joined\n"), GETS('b', "* bob joined\n"), SAYS('c', "carol:online\n"),
	    GETS('a', "* carol joined\n"), GETS('b', "* carol joined\n"), GETS('c', "* carol joined\n") } },
	{ "the names of other programs: SIGNUP_TAG, login;, /name",
	  false,
	  { SAYS('a', "SIGNUP_TAG: alice\n"), GETS('a', "* alice joined\n"), SAYS('b', "login;bob\n"),
	    GETS('a', "* bob joined\n"), GETS('b', "* bob joined\n"), SAYS('c', "/NAME carol\n"),
	    GETS('a', "* carol joined\n"), GETS('b', "* carol joined\n"), GETS('c', "* carol joined\n") } },
	{ "the names of other programs: \\nick",
	  false,
	  { SAYS('a', "\\nick alice\n"), GETS('a', "* alice joined\n") } },
	{ "once there is a name, these are text",
	  true,
	  { SAYS('a', "user dave\n"), GETS('b', "alice: user dave\n"), GETS('c', "alice: user dave\n"),
	    SAYS('a', "\\nick dave\n"), GETS('b', "alice: \\nick dave\n"), GETS('c', "alice: \\nick dave\n") } },
	{ "blanks and ends around a name",
	  false,
	  { SAYS('a', "  alice\t \r\n\0"), GETS('a', "* alice joined\n"), SAYS('b', "\0bob\0\r\n"),
	    GETS('a', "* bob joined\n"), GETS('b', "* bob joined\n") } },
	{ "a taken name, whatever its case",
	  false,
	  { SAYS('a', "Alice\n"), GETS('a', "* Alice joined\n"), SAYS('b', "aLICE\n"),
	    GETS('b', R "the name Alice is taken\n"), SAYS('b', "bob\n"), GETS('a', "* bob joined\n"),
	    GETS('b', "* bob joined\n"), SAYS('b', "/nick ALICE\n"), GETS('b', R "the name Alice is taken\n"),
	    SAYS('a', "/nick Alice\n"), GETS('a', R "you are Alice already\n"), SAYS('a', "/nick alice\n"),
	    GETS('a', "* Alice is now known as alice\n"), GETS('b', "* Alice is now known as alice\n"),
	    SAYS('b', "@alice hi\n"), GETS('a', "[private] bob -> alice: hi\n"),
	    GETS('b', "[private] bob -> alice: hi\n") } },
	{ "empty names",
	  false,
	  { SAYS('a', "\n"), GETS('a', NAME_EMPTY), SAYS('a', "\r\n"), GETS('a', NAME_EMPTY), SAYS('a', " \t\n"),
	    GETS('a', NAME_EMPTY), SAYS('a', "/nick\n"), GETS('a', NAME_EMPTY), SAYS('a', "/nick  \n"),
	    GETS('a', NAME_EMPTY), SAYS('a', "/nick alice\n"), GETS('a', "* alice joined\n") } },
	{ "names that cannot be printed, and the next line is tried",
	  false,
	  { SAYS('a', "al\x01ice\n"), GETS('a', CONTROLS), SAYS('a', "\xff\x01\n"), GETS('a', NOT_UTF8),
	    SAYS('a', "caf\xe9\n"), GETS('a', NOT_UTF8), SAYS('a', "al\xc2\x85i\n"), GETS('a', CONTROLS),
	    SAYS('a', "al\xc2\xa0i\n"), GETS('a', NAME_FAULT),
	    SAYS('a', "\xe2\x80\xae"
		      "ecila\n"),
	    GETS('a', NAME_FAULT), SAYS('a', "al\xe2\x80\x8b\n"), GETS('a', NAME_FAULT), SAYS('a', "alice\n"),
	    GETS('a', "* alice joined\n") } },
	{ "names with what lines put around names",
	  false,
	  { SAYS('a', "al ice\n"), GETS('a', NAME_FAULT), SAYS('a', "alice: hi\n"), GETS('a', NAME_FAULT),
	    SAYS('a', "1234\n"), GETS('a', NAME_FAULT), SAYS('a', "<alice>\n"), GETS('a', NAME_FAULT),
	    SAYS('a', "/nick @alice\n"), GETS('a', NAME_FAULT), SAYS('a', "a->b\n"), GETS('a', NAME_FAULT),
	    SAYS('a', "*\n"), GETS('a', NAME_FAULT), SAYS('a', "/nick a b\n"), GETS('a', NAME_FAULT), SAYS('a', "{}\n"),
	    GETS('a', NAME_FAULT) } },
	{ "names of 32 characters and of 33",
	  false,
	  { SAYS('a', "abcdefghijklmnopqrstuvwxyz0123456\n"), GETS('a', NAME_LONG),
	    SAYS('a', "abcdefghijklmnopqrstuvwxyz012345\n"), GETS('a', "* abcdefghijklmnopqrstuvwxyz012345 joined\n"),
	    SAYS('a', "/nick "
		      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\n"),
	    GETS('a', NAME_LONG) } },
	{ "without a name one neither speaks nor hears",
	  false,
	  { SAYS('a', "alice\n"), GETS('a', "* alice joined\n"), SAYS('b', "@alice hi\n"), GETS('b', NAME_FIRST),
	    SAYS('b', "/msg alice hi\n"), GETS('b', NAME_FIRST), SAYS('b', "/me waves\n"), GETS('b', NAME_FIRST),
	    SAYS('b', "@\n"), GETS('b', NAME_FIRST), SAYS('b', "/list\n"), GETS('b', "* here: alice\n"),
	    SAYS('a', "hello\n"), SAYS('b', "//x\n"), GETS('b', NAME_FAULT), SAYS('b', "/quit\n"),
	    GETS('b', "* bye: you have left\n") } },
	{ "a name is free again",
	  true,
	  { SAYS('b', "/quit\n"), GETS('a', "* bob left\n"), GETS('c', "* bob left\n"),
	    GETS('b', "* bye: you have left\n"), SAYS('a', "/nick bob\n"), GETS('a', "* alice is now known as bob\n"),
	    GETS('c', "* alice is now known as bob\n") } },
};

static const struct dialogue talking[] = {
	{ "a line goes to all others, as it is",
	  true,
	  { SAYS('a', "hello\n"), GETS('b', "alice: hello\n"), GETS('c', "alice: hello\n"),
	    SAYS('b', "\xc3\xa0 bient\xc3\xb4t\ttab  \r\n"), GETS('a', "bob: \xc3\xa0 bient\xc3\xb4t\ttab  \n"),
	    GETS('c', "bob: \xc3\xa0 bient\xc3\xb4t\ttab  \n") } },
	{ "empty lines say nothing", true, { SAYS('a', "\n\r\n  \n\t\n\0\n\0\0") } },
	{ "private, in all its spellings, at both ends",
	  true,
	  { SAYS('a', "@bob psst\n"), GETS('a', "[private] alice -> bob: psst\n"),
	    GETS('b', "[private] alice -> bob: psst\n"), SAYS('a', "/msg bob psst\n"),
	    GETS('a', "[private] alice -> bob: psst\n"), GETS('b', "[private] alice -> bob: psst\n"),
	    SAYS('a', "/pm BOB  two words \n"), GETS('a', "[private] alice -> bob: two words \n"),
	    GETS('b', "[private] alice -> bob: two words \n"), SAYS('a', "/W bob /quit\n"),
	    GETS('a', "[private] alice -> bob: /quit\n"), GETS('b', "[private] alice -> bob: /quit\n") } },
	{ "to oneself", true, { SAYS('a', "@alice hm\n"), GETS('a', "[private] alice -> alice: hm\n") } },
	{ "to nobody, or nothing",
	  true,
	  { SAYS('a', "@dave hi\n"), GETS('a', R "nobody here is called dave; /list says who is here\n"),
	    SAYS('a', "/msg 12 hi\n"), GETS('a', R "nobody here is called that; /list says who is here\n"),
	    SAYS('a', "@ bob\n"), GETS('a', PRIVATE_USAGE), SAYS('a', "@\n"), GETS('a', PRIVATE_USAGE),
	    SAYS('a', "@bob\n"), GETS('a', PRIVATE_USAGE), SAYS('a', "@bob \t\n"), GETS('a', PRIVATE_USAGE),
	    SAYS('a', "/msg\n"), GETS('a', PRIVATE_USAGE), SAYS('a', "/w bob\n"), GETS('a', PRIVATE_USAGE) } },
	{ "/me, to the sender as well",
	  true,
	  { SAYS('a', "/me waves\n"), GETS('a', "* alice waves\n"), GETS('b', "* alice waves\n"),
	    GETS('c', "* alice waves\n"), SAYS('a', "/me\n"), GETS('a', R "say it so: /me does something\n"),
	    SAYS('a', "/me joined\n"), GETS('a', LIKE_A_NOTICE), SAYS('a', "/me  LEFT \n"), GETS('a', LIKE_A_NOTICE),
	    SAYS('a', "/me is now known as bob\n"), GETS('a', LIKE_A_NOTICE),
	    SAYS('a', "/me IS now known as bob!\n"), GETS('a', LIKE_A_NOTICE) } },
	{ "commands",
	  true,
	  { SAYS('b', "/list\n"), GETS('b', "* here: alice, bob, carol\n"), SAYS('b', "/WHO \r\n"),
	    GETS('b', "* here: alice, bob, carol\n"), SAYS('b', "/users\n"), GETS('b', "* here: alice, bob, carol\n"),
	    SAYS('b', "/frob\n"), GETS('b', NO_COMMAND), SAYS('b', "/\n"), GETS('b', NO_COMMAND),
	    SAYS('b', "/listen\n"), GETS('b', NO_COMMAND), SAYS('b', "/@ a b\n"), GETS('b', NO_COMMAND),
	    SAYS('b', "/help\n"),
	    GETS('b', "* help: a line goes to all who are here; // or @@ begins one that starts with / or @\n"
		      "* help: @NAME text (or /msg, /pm, /w): to NAME alone\n"
		      "* help: /nick NAME: takes a name, or another\n"
		      "* help: /me does something: * you does something, to all\n"
		      "* help: /list: who is here\n"
		      "* help: /help: this\n"
		      "* help: /quit: leaves\n") } },
	{ "nobody is here", false, { SAYS('a', "/list\n"), GETS('a', "* here: (nobody)\n") } },
	{ "lines that start with a sign",
	  true,
	  { SAYS('a', "//etc\n"), GETS('b', "alice: /etc\n"), GETS('c', "alice: /etc\n"), SAYS('a', "@@home\n"),
	    GETS('b', "alice: @home\n"), GETS('c', "alice: @home\n"), SAYS('a', " /list\n"),
	    GETS('b', "alice:  /list\n"), GETS('c', "alice:  /list\n"), SAYS('a', "//\n"), GETS('b', "alice: /\n"),
	    GETS('c', "alice: /\n"), SAYS('a', "/exit\n"), GETS('b', "* alice left\n"), GETS('c', "* alice left\n"),
	    GETS('a', "* bye: you have left\n") } },
	{ "after goodbye nothing counts",
	  true,
	  { SAYS('a', "one\n/quit now\ntwo\n"), GETS('b', "alice: one\n* alice left\n"),
	    GETS('c', "alice: one\n* alice left\n"), GETS('a', "* bye: you have left\n") } },
	{ "what is no text is refused, and the rest goes on",
	  true,
	  { SAYS('a', "bell\x07\n\x80\x81\nfine\n"), GETS('a', CONTROLS NOT_UTF8), GETS('b', "alice: fine\n"),
	    GETS('c', "alice: fine\n"), SAYS('a', "\x1b[31mred\n"), GETS('a', CONTROLS), SAYS('a', "a\rb\n"),
	    GETS('a', CONTROLS), SAYS('a', "a\0b\n"), GETS('a', CONTROLS) } },
};

static const struct dialogue framing[] = {
	{ "a line in pieces, lines in one piece",
	  true,
	  { SAYS('a', "he"), SAYS('a', "llo"), SAYS('a', "\r"), SAYS('a', "\nagain\nand "),
	    GETS('b', "alice: hello\nalice: again\n"), SAYS('a', "so on\n"), GETS('b', "alice: and so on\n"),
	    GETS('c', "alice: hello\nalice: again\nalice: and so on\n") } },
	{ "a C string's NUL after the line's end",
	  true,
	  { SAYS('a', "one\n\0two\n\0"), SAYS('a', "three\0\n"), GETS('b', "alice: one\nalice: two\nalice: three\n"),
	    GETS('c', "alice: one\nalice: two\nalice: three\n") } },
	{ "telnet's octets are nobody's text",
	  true,
	  { SAYS('a', "\xff\xfd\x03\xff\xfb\x0a"
		      "he\xff\xf1llo\r\n"),
	    GETS('b', "alice: hello\n"), SAYS('a', "\xff"), SAYS('a', "\xfa\x1f\x00\x0a\x00\xff\xff\x0a"),
	    SAYS('a', "\xff\xf0"
		      "hi\n"),
	    GETS('b', "alice: hi\n"),
	    SAYS('a', "a\xff\xff"
		      "b\n"),
	    GETS('a', NOT_UTF8),
	    SAYS('a', "\xff"
		      "b\n"),
	    GETS('a', NOT_UTF8), SAYS('a', "\xff\n"), GETS('a', NOT_UTF8), SAYS('a', "x\n"), GETS('b', "alice: x\n"),
	    GETS('c', "alice: hello\nalice: hi\nalice: x\n") } },
	{ "who never ends a line is understood when it is quiet",
	  false,
	  { SAYS('a', "ali"),
	    SAYS('a', "ce"),
	    QUIET('a'),
	    GETS('a', "* alice joined\n"),
	    SAYS('b', "bob\0"),
	    QUIET('b'),
	    GETS('a', "* bob joined\n"),
	    GETS('b', "* bob joined\n"),
	    SAYS('b', "one\0two\0"),
	    QUIET('b'),
	    GETS('a', "bob: one\nbob: two\n"),
	    SAYS('b', "@alice x"),
	    QUIET('b'),
	    GETS('a', "[private] bob -> alice: x\n"),
	    GETS('b', "[private] bob -> alice: x\n"),
	    SAYS('b', "\0\0"),
	    QUIET('b'),
	    SAYS('b', "/quit\0x"),
	    QUIET('b'),
	    GETS('a', "* bob left\n"),
	    GETS('b', "* bye: you have left\n") } },
	{ "the first LF ends that",
	  false,
	  { SAYS('a', "alice"), QUIET('a'), GETS('a', "* alice joined\n"), SAYS('b', "bob\n"),
	    GETS('a', "* bob joined\n"), GETS('b', "* bob joined\n"), SAYS('a', "one\ntw"), GETS('b', "alice: one\n"),
	    SAYS('a', "o\n"), GETS('b', "alice: two\n") } },
	{ "what was left is the last line",
	  true,
	  { SAYS('a', "one\ntwo"), GETS('b', "alice: one\n"), ENDS('a'), GETS('b', "alice: two\n* alice left\n"),
	    GETS('c', "alice: one\nalice: two\n* alice left\n"), ENDS('b'), GETS('c', "* bob left\n") } },
	{ "the last line may be refused, and that is heard",
	  true,
	  { SAYS('a', "@dave hi"), ENDS('a'), GETS('b', "* alice left\n"), GETS('c', "* alice left\n"),
	    GETS('a', R "nobody here is called dave; /list says who is here\n") } },
};

static void play_all(const struct dialogue *dialogues, size_t count)
{
	for (size_t i = 0; i < count; i++)
		play(&dialogues[i]);
}

static void names_are_taken(void **state)
{
	(void)state;
	play_all(naming, COUNT(naming));
}

static void lines_are_relayed(void **state)
{
	(void)state;
	play_all(talking, COUNT(talking));
}

static void octets_become_lines(void **state)
{
	(void)state;
	play_all(framing, COUNT(framing));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_taken),
		cmocka_unit_test(lines_are_relayed),
		cmocka_unit_test(octets_become_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
