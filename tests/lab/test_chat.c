/* SPDX-License-Identifier: BSD-2-Clause */
/* Chat messages: every form, its framing, what is not chat, and sonde's own lines written and read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab/chat.h"
#include "lab/chat_forms.h"
#include "lab/plain.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BYTES(s) s, sizeof(s) - 1

#define ANY CHAT_UNKNOWN
#define UP CHAT_TO_SERVER
#define DOWN CHAT_FROM_SERVER

static const struct sample {
	const char *message;
	size_t len;
	enum chat_direction direction;
	enum chat_kind kind;
	const char *form, *user, *to, *text, *command;
} samples[] = {
	/* lines */
	{ BYTES("alice: hello\n"), ANY, CHAT_LINE, "nick: text", "alice", "", "hello", "" },
	{ BYTES("alice: hello"), UP, CHAT_LINE, "nick: text", "alice", "", "hello", "" },
	{ BYTES("alice: hello\r\n\0"), DOWN, CHAT_LINE, "nick: text", "alice", "", "hello", "" },
	{ BYTES("\r\x1b[31malice\x1b[0m: \x1b[1mhello\x1b[0m\n"), DOWN, CHAT_LINE, "nick: text", "alice", "", "hello",
	  "" },
	{ BYTES(" alice: a: b 12:30:00 \n"), ANY, CHAT_LINE, "nick: text", "alice", "", "a: b 12:30:00 ", "" },
	{ BYTES("h\xc3\xa9l\xc3\xa8ne: \xc3\xa0 va"), ANY, CHAT_LINE, "nick: text", "h\xc3\xa9l\xc3\xa8ne", "",
	  "\xc3\xa0 va", "" },
	{ BYTES("alice : hello\n"), ANY, CHAT_LINE, "nick : text", "alice", "", "hello", "" },
	{ BYTES("alice:hello\n"), ANY, CHAT_LINE, "nick:text", "alice", "", "hello", "" },
	{ BYTES("alice: \n"), ANY, CHAT_LINE, "nick: (nothing)", "alice", "", "", "" },
	{ BYTES("[alice] hello"), ANY, CHAT_LINE, "[nick] text", "alice", "", "hello", "" },
	{ BYTES("[alice]: hello"), ANY, CHAT_LINE, "[nick]: text", "alice", "", "hello", "" },
	{ BYTES("<alice> hello"), ANY, CHAT_LINE, "<nick> text", "alice", "", "hello", "" },
	{ BYTES("[10.0.0.1]: hi"), ANY, CHAT_LINE, "[address]: text", "10.0.0.1", "", "hi", "" },
	{ BYTES("[10.0.0.1:5000]: hi"), ANY, CHAT_LINE, "[address]: text", "10.0.0.1:5000", "", "hi", "" },
	{ BYTES("[fe80::1]: hi"), ANY, CHAT_LINE, "[address]: text", "fe80::1", "", "hi", "" },
	{ BYTES("[10.0.0.1:5000] hi"), ANY, CHAT_LINE, "[address] text", "10.0.0.1:5000", "", "hi", "" },
	{ BYTES("127.0.0.1:50123> hi"), ANY, CHAT_LINE, "address> text", "127.0.0.1:50123", "", "hi", "" },
	{ BYTES("127.0.0.1:50123: hi"), ANY, CHAT_LINE, "address: text", "127.0.0.1:50123", "", "hi", "" },
	{ BYTES("Thread-1> hi"), ANY, CHAT_LINE, "nick> text", "Thread-1", "", "hi", "" },
	{ BYTES("Thread-1%hi"), ANY, CHAT_LINE, "Thread-N%text", "Thread-1", "", "hi", "" },
	{ BYTES("\x1b[1;32malice\x1b[0m% hi\n"), DOWN, CHAT_LINE, "nick% text", "alice", "", "hi", "" },
	{ BYTES(">>>alice:hi"), ANY, CHAT_LINE, ">>>nick:text", "alice", "", "hi", "" },
	{ BYTES("MESSAGE alice: hi\n"), DOWN, CHAT_LINE, "MESSAGE nick: text", "alice", "", "hi", "" },
	{ BYTES("[12:30:45]  [alice \xe2\x86\x92 bob] hi"), ANY, CHAT_LINE, "[time] [nick -> nick] text", "alice",
	  "bob", "hi", "" },
	{ BYTES("[12:30:45] [alice\xe2\x86\x92"
		"bob] hi"),
	  ANY, CHAT_LINE, "[time] [nick -> nick] text", "alice", "bob", "hi", "" },
	{ BYTES("[12:30] alice: hi"), ANY, CHAT_LINE, "[time] nick: text", "alice", "", "hi", "" },
	{ BYTES("[12:30:45] hi"), ANY, CHAT_LINE, "[time] text", "", "", "hi", "" },
	{ BYTES("12:30:45 alice:hi"), ANY, CHAT_LINE, "time nick:text", "alice", "", "hi", "" },
	{ BYTES("hello there\n"), ANY, CHAT_LINE, "text", "", "", "hello there", "" },
	{ BYTES("\r\n"), ANY, CHAT_LINE, "empty", "", "", "", "" },

	/* text, though it has the look of a form */
	{ BYTES("12:30:00"), ANY, CHAT_LINE, "text", "", "", "12:30:00", "" },
	{ BYTES("12: lunch"), ANY, CHAT_LINE, "text", "", "", "12: lunch", "" },
	{ BYTES("at 12:30: lunch"), ANY, CHAT_LINE, "text", "", "", "at 12:30: lunch", "" },
	{ BYTES("t12:30 or so"), ANY, CHAT_LINE, "text", "", "", "t12:30 or so", "" },
	{ BYTES("2024-03-01 12:30:45.123456\n"), ANY, CHAT_LINE, "text", "", "", "2024-03-01 12:30:45.123456", "" },
	{ BYTES("2024-03-01: snow"), ANY, CHAT_LINE, "text", "", "", "2024-03-01: snow", "" },
	{ BYTES("http://example.org/"), ANY, CHAT_LINE, "text", "", "", "http://example.org/", "" },
	{ BYTES("/usr/bin/env"), ANY, CHAT_LINE, "text", "", "", "/usr/bin/env", "" },
	{ BYTES("I said: hello"), ANY, CHAT_LINE, "text", "", "", "I said: hello", "" },
	{ BYTES("abcdefghijklmnopqrstuvwxyz0123456: x"), ANY, CHAT_LINE, "text", "", "",
	  "abcdefghijklmnopqrstuvwxyz0123456: x", "" },
	{ BYTES("abcdefghijklmnopqrstuvwxyz012345: x"), ANY, CHAT_LINE, "nick: text",
	  "abcdefghijklmnopqrstuvwxyz012345", "", "x", "" },
	{ BYTES("al\x01ice: x"), ANY, CHAT_LINE, "text", "", "", "al\x01ice: x", "" },
	{ BYTES("exit"), DOWN, CHAT_LINE, "text", "", "", "exit", "" },
	{ BYTES("* alice joined"), UP, CHAT_LINE, "text", "", "", "* alice joined", "" },

	/* private */
	{ BYTES("@bob hi there\n"), UP, CHAT_PRIVATE, "@nick text", "", "bob", "hi there", "" },
	{ BYTES("/msg bob hi\n"), UP, CHAT_PRIVATE, "/msg", "", "bob", "hi", "msg" },
	{ BYTES("/msg 12 hi\n"), UP, CHAT_PRIVATE, "/msg", "", "12", "hi", "msg" },
	{ BYTES("/pm bob hi"), UP, CHAT_PRIVATE, "/pm", "", "bob", "hi", "pm" },
	{ BYTES("/w bob hi"), UP, CHAT_PRIVATE, "/w", "", "bob", "hi", "w" },
	{ BYTES("/private bob"), UP, CHAT_PRIVATE, "/private", "", "bob", "", "private" },
	{ BYTES("Msg bob hi"), UP, CHAT_PRIVATE, "MSG nick text", "", "bob", "hi", "Msg" },
	{ BYTES("\\dm bob hi"), UP, CHAT_PRIVATE, "\\dm", "", "bob", "hi", "dm" },
	{ BYTES("bob >> hi"), UP, CHAT_PRIVATE, "nick >> text", "", "bob", "hi", "" },
	{ BYTES("msg;alice;bob;hi;ho"), ANY, CHAT_PRIVATE, "msg;from;to;text", "alice", "bob", "hi;ho", "msg" },
	{ BYTES("from alice -> hi"), DOWN, CHAT_PRIVATE, "from nick -> text", "alice", "", "hi", "" },
	{ BYTES("[Private from alice]: hi"), DOWN, CHAT_PRIVATE, "[Private from nick]", "alice", "", "hi", "" },
	{ BYTES("[Private to bob]: hi"), DOWN, CHAT_PRIVATE, "[Private to nick]", "", "bob", "hi", "" },
	{ BYTES("[PM][alice] hi\r\n"), DOWN, CHAT_PRIVATE, "[PM][nick] text", "alice", "", "hi", "" },
	{ BYTES("alice whisper to you : hi"), DOWN, CHAT_PRIVATE, "nick whisper to you", "alice", "", "hi", "" },
	{ BYTES("<alice> [private] hi"), DOWN, CHAT_PRIVATE, "<nick> [private] text", "alice", "", "hi", "" },
	{ BYTES("[12:30:45] [PRIVATE] [alice \xe2\x86\x92 bob] hi"), DOWN, CHAT_PRIVATE,
	  "[time] [private] [nick -> nick] text", "alice", "bob", "hi", "" },
	{ BYTES("[PRIVATE] [alice -> bob] hi"), DOWN, CHAT_PRIVATE, "[private] [nick -> nick] text", "alice", "bob",
	  "hi", "" },
	{ BYTES("[PRIVATE] alice: hi"), DOWN, CHAT_PRIVATE, "[private] nick: text", "alice", "", "hi", "" },
	{ BYTES("[PRIVATE] hi"), DOWN, CHAT_PRIVATE, "[private] text", "", "", "hi", "" },
	{ BYTES("[private] alice -> bob: hi\n"), DOWN, CHAT_PRIVATE, "[private] nick -> nick: text", "alice", "bob",
	  "hi", "" },
	{ BYTES("[private] alice->bob:hi\n"), DOWN, CHAT_PRIVATE, "[private] nick -> nick: text", "alice", "bob", "hi",
	  "" },

	/* join, nick, leave */
	{ BYTES("/nick alice\n"), UP, CHAT_NICK, "/nick", "alice", "", "", "nick" },
	{ BYTES("\\nick alice"), UP, CHAT_NICK, "\\nick", "alice", "", "", "nick" },
	{ BYTES("NICKNAME alice"), UP, CHAT_NICK, "NICKNAME", "alice", "", "", "NICKNAME" },
	{ BYTES("/NAME alice"), UP, CHAT_NICK, "/name", "alice", "", "", "NAME" },
	{ BYTES("/username alice"), UP, CHAT_JOIN, "/username", "alice", "", "", "username" },
	{ BYTES("login;alice"), UP, CHAT_JOIN, "login;nick", "alice", "", "", "login" },
	{ BYTES("SIGNUP_TAG: alice"), UP, CHAT_JOIN, "SIGNUP_TAG", "alice", "", "", "SIGNUP_TAG" },
	{ BYTES("alice:online"), ANY, CHAT_JOIN, "nick:online", "alice", "", "", "" },
	{ BYTES("join"), UP, CHAT_JOIN, "join", "", "", "", "join" },
	{ BYTES("\x1b[32m> alice has joined the conversation.\x1b[0m\n"), DOWN, CHAT_JOIN, "> nick has joined", "alice",
	  "", "", "" },
	{ BYTES("> alice has left."), DOWN, CHAT_LEAVE, "> nick has left", "alice", "", "", "" },
	{ BYTES("alice has joined the room"), DOWN, CHAT_JOIN, "nick has joined the", "alice", "", "", "" },
	{ BYTES("alice has left the room"), DOWN, CHAT_LEAVE, "nick has left the", "alice", "", "", "" },
	{ BYTES("NAMEACCEPTED alice"), DOWN, CHAT_JOIN, "NAMEACCEPTED nick", "alice", "", "", "" },
	{ BYTES("NAMEACCEPTED"), DOWN, CHAT_JOIN, "NAMEACCEPTED", "", "", "", "" },
	{ BYTES("* alice joined\n"), DOWN, CHAT_JOIN, "* nick joined", "alice", "", "", "" },
	{ BYTES("* alice left\n"), DOWN, CHAT_LEAVE, "* nick left", "alice", "", "", "" },
	{ BYTES("* alice is now known as bob\n"), DOWN, CHAT_NICK, "* nick is now known as nick", "alice", "bob", "",
	  "" },
	{ BYTES("/quit\r\n"), UP, CHAT_LEAVE, "/quit", "", "", "", "quit" },
	{ BYTES("\\quit"), UP, CHAT_LEAVE, "\\quit", "", "", "", "quit" },
	{ BYTES("/leave"), UP, CHAT_LEAVE, "/leave", "", "", "", "leave" },
	{ BYTES("/logout"), UP, CHAT_LEAVE, "/logout", "", "", "", "logout" },
	{ BYTES("/exit"), UP, CHAT_LEAVE, "/exit", "", "", "", "exit" },
	{ BYTES("logout;alice"), UP, CHAT_LEAVE, "logout;nick", "alice", "", "", "logout" },
	{ BYTES("!DISCONNECT"), UP, CHAT_LEAVE, "!DISCONNECT", "", "", "", "DISCONNECT" },
	{ BYTES("FIN"), UP, CHAT_LEAVE, "FIN", "", "", "", "FIN" },
	{ BYTES("EXIT"), UP, CHAT_LEAVE, "exit", "", "", "", "EXIT" },
	{ BYTES("leave \n"), UP, CHAT_LEAVE, "leave", "", "", "", "leave" },

	/* commands */
	{ BYTES("/list"), UP, CHAT_COMMAND, "/list", "", "", "", "list" },
	{ BYTES("/LIST \n"), UP, CHAT_COMMAND, "/list", "", "", "", "LIST" },
	{ BYTES("/who"), UP, CHAT_COMMAND, "/who", "", "", "", "who" },
	{ BYTES("/users"), UP, CHAT_COMMAND, "/users", "", "", "", "users" },
	{ BYTES("/help"), UP, CHAT_COMMAND, "/help", "", "", "", "help" },
	{ BYTES("/me waves"), UP, CHAT_COMMAND, "/me", "", "", "waves", "me" },
	{ BYTES("WHOISIN"), UP, CHAT_COMMAND, "WHOISIN", "", "", "", "WHOISIN" },
	{ BYTES("list"), UP, CHAT_COMMAND, "list", "", "", "", "list" },
	{ BYTES("/room blue sky"), UP, CHAT_COMMAND, "/command text", "", "", "blue sky", "room" },
	{ BYTES("/msg"), UP, CHAT_COMMAND, "/command", "", "", "", "msg" },
	{ BYTES("\\room blue"), UP, CHAT_COMMAND, "\\command text", "", "", "blue", "room" },
	{ BYTES("\\rooms"), UP, CHAT_COMMAND, "\\command", "", "", "", "rooms" },
	{ BYTES("user:alice\ncommand:JOIN\nmessage:\n\n"), ANY, CHAT_COMMAND, "command block", "", "",
	  "user:alice\ncommand:JOIN\nmessage:\n\n", "" },

	/* notices */
	{ BYTES("* alice waves\n"), DOWN, CHAT_NOTICE, "* text", "", "", "alice waves", "" },
	{ BYTES("* welcome: your name?\n"), DOWN, CHAT_NOTICE, "* word: text", "", "", "welcome: your name?", "" },
	{ BYTES("* refused: no name\n"), DOWN, CHAT_NOTICE, "* word: text", "", "", "refused: no name", "" },
	{ BYTES("* here: alice, bob\r\n"), DOWN, CHAT_NOTICE, "* word: text", "", "", "here: alice, bob", "" },
	{ BYTES("* bye: alice left\n"), DOWN, CHAT_NOTICE, "* word: text", "", "", "bye: alice left", "" },
	{ BYTES("* note: alice left\n"), DOWN, CHAT_NOTICE, "* text", "", "", "note: alice left", "" },
	{ BYTES("[System] Welcome!"), DOWN, CHAT_NOTICE, "[System] text", "", "", "Welcome!", "" },
	{ BYTES("User bob not found."), DOWN, CHAT_NOTICE, "refusal", "", "bob", "User bob not found.", "" },
	{ BYTES("[System] User 'bob' not found."), DOWN, CHAT_NOTICE, "refusal", "", "bob",
	  "[System] User 'bob' not found.", "" },
	{ BYTES("Sorry. No such user exists."), DOWN, CHAT_NOTICE, "refusal", "", "", "Sorry. No such user exists.",
	  "" },
	{ BYTES("The nickname doesn't exist"), DOWN, CHAT_NOTICE, "refusal", "", "", "The nickname doesn't exist", "" },
	{ BYTES("Le destinataire n'existe pas\n"), DOWN, CHAT_NOTICE, "refusal", "", "", "Le destinataire n'existe pas",
	  "" },
	{ BYTES("I'm sorry, bob was not found\xe2\x80\xa6"), DOWN, CHAT_NOTICE, "refusal", "", "bob",
	  "I'm sorry, bob was not found\xe2\x80\xa6", "" },
	{ BYTES("NICK"), DOWN, CHAT_NOTICE, "nick prompt", "", "", "NICK", "" },
	{ BYTES("nickname?"), DOWN, CHAT_NOTICE, "nick prompt", "", "", "nickname?", "" },
	{ BYTES("@nombre_usuario"), DOWN, CHAT_NOTICE, "nick prompt", "", "", "@nombre_usuario", "" },
	{ BYTES("SUBMITNAME\n"), DOWN, CHAT_NOTICE, "nick prompt", "", "", "SUBMITNAME", "" },
	{ BYTES("{\"from\": \"alice\",\n \"text\": \"hi\"}\n"), ANY, CHAT_NOTICE, "JSON", "", "",
	  "{\"from\": \"alice\",\n \"text\": \"hi\"}\n", "" },
	{ BYTES("\xac\xed\x00\x05sr\n\x00\x01"), ANY, CHAT_NOTICE, "Java serialization", "", "",
	  "\xac\xed\x00\x05sr\n\x00\x01", "" },
	{ BYTES("\x80\x04\x95\x0a\x00"), ANY, CHAT_NOTICE, "pickle", "", "", "\x80\x04\x95\x0a\x00", "" },
};

static void check_span(const struct sample *s, const char *what, struct chat_span span, const char *want, size_t len)
{
	if (span.length != len || (len > 0 && memcmp(span.data, want, len) != 0))
		fail_msg("'%s': %s is '%.*s'", s->message, what, (int)span.length, (const char *)span.data);
}

static void parses_every_sample(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		const struct sample *s = &samples[i];
		bool binary = strlen(s->message) < s->len && s->text[0] == s->message[0];
		struct chat_message m;

		assert_int_equal(chat_parse((const uint8_t *)s->message, s->len, s->direction, &m), s->len);
		if (m.kind != s->kind || strcmp(m.form, s->form) != 0)
			fail_msg("'%s': %s '%s'", s->message, chat_kind_name(m.kind), m.form);
		assert_int_equal(m.consumed, s->len);
		check_span(s, "user", m.user, s->user, strlen(s->user));
		check_span(s, "to", m.to, s->to, strlen(s->to));
		check_span(s, "text", m.text, s->text, binary ? s->len : strlen(s->text));
		check_span(s, "command", m.command, s->command, strlen(s->command));
	}
}

/* An unused form is a form that nothing proves: it may be shadowed by one above it. */
static void every_form_has_a_sample(void **state)
{
	(void)state;
	for (size_t f = 0; f < chat_form_count; f++) {
		size_t i = 0;

		while (i < COUNT(samples) && strcmp(samples[i].form, chat_forms[f].name) != 0)
			i++;
		if (i == COUNT(samples))
			fail_msg("no sample of '%s'", chat_forms[f].name);
	}
}

static void patterns_are_well_formed(void **state)
{
	(void)state;
	for (size_t f = 0; f < chat_form_count; f++) {
		for (const char *p = chat_forms[f].pattern; *p != '\0'; p++) {
			assert_false(*p >= 'A' && *p <= 'Z'); /* literals are compared in lower case */
			if (*p == '%')
				assert_non_null(strchr("uoitTs*ahj>[]c_N%", *++p));
		}
	}
}

static void takes_one_message_at_a_time(void **state)
{
	static const char stream[] =
		"alice: a\nbob: b\r\n\0\0user:c\r\ncommand:LIST\r\nmessage:\r\n\r\n{\"a\":1}\n/quit";
	static const size_t lengths[] = { 9, 10, 34, 8, 5 };
	const uint8_t *data = (const uint8_t *)stream;
	size_t at = 0, len = sizeof(stream) - 1;
	struct chat_message m;

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		assert_int_equal(chat_parse(data + at, len - at, ANY, &m), lengths[i]);
		at += lengths[i];
	}
	assert_int_equal(at, len);
	assert_int_equal(m.kind, CHAT_LEAVE);
	assert_int_equal(chat_parse(NULL, 0, ANY, &m), 0);
	assert_string_equal(m.form, "empty");
}

static const struct {
	const char *message;
	size_t len;
	int least, most;
} guesses[] = {
	{ BYTES("alice: hello"), 40, 40 },
	{ BYTES("alice: hello\n"), 40, 40 },
	{ BYTES("alice: hello\n\n"), 40, 40 },
	{ BYTES("alice: it is 2024-03-01 12:30:45\n"), 40, 40 },
	{ BYTES("h\xc3\xa9l\xc3\xa8ne: salut\n"), 40, 40 },
	{ BYTES("alice: hello\nalice: again\n"), 40, 40 },
	{ BYTES("[alice] hello\0\0\0"), 40, 40 },
	{ BYTES("alice : hello"), 40, 40 },
	{ BYTES("/msg bob hi\n"), 60, 60 },
	{ BYTES("/nick alice\n"), 60, 60 },
	{ BYTES("[Private from bob]: hi"), 60, 60 },
	{ BYTES("msg;alice;bob;hi"), 60, 60 },
	{ BYTES("* alice joined\n"), 60, 60 },
	{ BYTES("[12:30:45]  [alice \xe2\x86\x92 bob] hi"), 60, 60 },
	{ BYTES("user:alice\ncommand:JOIN\nmessage:\n\n"), 60, 60 },
	{ BYTES("\x1b[1;32malice\x1b[0m% hi\n"), 30, 30 },
	{ BYTES("hello"), 10, 10 },
	{ BYTES("2024-03-01 12:30:45.123456\n"), 0, 10 },
	{ BYTES("Date: 2024-03-01 12:30:45.123456\n"), 0, 10 },
	{ BYTES("alice 2024-03-01 12:30:45.123456"), 0, 10 },
	{ BYTES(""), 0, 0 },
	{ BYTES("\0\0\0\0"), 0, 0 },
	{ BYTES("alice: caf\xe9"), 0, 0 },
	{ BYTES("alice: \x01\x02"), 0, 0 },
	{ BYTES("\xac\xed\x00\x05sr"), 0, 0 },
	{ BYTES("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"), 0, 0 },
	{ BYTES("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 0, 0 },
	{ BYTES("GET /"), 0, 0 },
	{ BYTES("Host: x"), 0, 0 },
	{ BYTES("Content-Type: text/plain\r\n"), 0, 0 },
	{ BYTES("X-Anything: yes"), 0, 0 },
	{ BYTES("Foo: bar\r\nBaz: qux\r\n\r\n"), 0, 39 },
	{ BYTES("Foo: bar\nBaz: qux\n"), 0, 39 },
	{ BYTES("Foo: bar\nFoo2: qux\n\nbody"), 0, 39 },
	{ BYTES("220 smtp.example.org ESMTP"), 0, 0 },
	{ BYTES("250-SIZE 1000"), 0, 0 },
	{ BYTES("USER anonymous\r\n"), 0, 0 },
	{ BYTES("MAIL FROM:<a@example.org>\r\n"), 0, 0 },
	{ BYTES("* OK IMAP4rev1 ready"), 0, 0 },
	{ BYTES("<?xml version='1.0'?>"), 0, 0 },
	{ BYTES("<34>Oct 11 22:14:15 host su: failed"), 0, 39 },
	{ BYTES(":server 001 alice :Welcome"), 0, 39 },
	{ BYTES("{\"a\": 1}"), 0, 39 },
	{ BYTES("key:value"), 0, 39 },
	{ BYTES("http://example.org/"), 0, 39 },
	{ BYTES("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\n"), 0, 39 },
};

static void confidence_is_measured(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(guesses); i++) {
		int sure = chat_confidence((const uint8_t *)guesses[i].message, guesses[i].len);

		if (sure < guesses[i].least || sure > guesses[i].most)
			fail_msg("'%s': %d", guesses[i].message, sure);
	}
}

static struct chat_span span(const char *s)
{
	return (struct chat_span){ (const uint8_t *)s, strlen(s) };
}

static const struct {
	enum chat_kind kind;
	const char *user, *to, *text;
	const char *line; /* NULL: cannot be built */
} builds[] = {
	{ CHAT_LINE, "", "", "hello", "hello\n" },
	{ CHAT_LINE, "alice", "", "hello", "alice: hello\n" },
	{ CHAT_LINE, "alice", "", "/quit", "alice: /quit\n" },
	{ CHAT_PRIVATE, "", "bob", "hi", "@bob hi\n" },
	{ CHAT_PRIVATE, "alice", "bob", "hi", "[private] alice -> bob: hi\n" },
	{ CHAT_NICK, "alice", "", "", "/nick alice\n" },
	{ CHAT_NICK, "alice", "bob", "", "* alice is now known as bob\n" },
	{ CHAT_JOIN, "alice", "", "", "* alice joined\n" },
	{ CHAT_LEAVE, "alice", "", "", "* alice left\n" },
	{ CHAT_LEAVE, "", "", "", "/quit\n" },
	{ CHAT_COMMAND, "", "", "me waves", "/me waves\n" },
	{ CHAT_NOTICE, "alice", "", "waves", "* alice waves\n" },
	{ CHAT_NOTICE, "", "", "welcome", "* welcome\n" },
	{ CHAT_LINE, "h\xc3\xa9l\xc3\xa8ne", "", "\xc3\xa0\tbient\xc3\xb4t",
	  "h\xc3\xa9l\xc3\xa8ne: \xc3\xa0\tbient\xc3\xb4t\n" },
	{ CHAT_LINE, "", "", "/quit", NULL },
	{ CHAT_LINE, "", "", "@bob hi", NULL },
	{ CHAT_LINE, "", "", "", NULL },
	{ CHAT_LINE, "alice", "", "a\nb", NULL },
	{ CHAT_LINE, "alice", "", "\x1b[31mred", NULL },
	{ CHAT_LINE, "alice", "", "caf\xe9", NULL },
	{ CHAT_LINE, "al ice", "", "hi", NULL },
	{ CHAT_LINE, "12", "", "hi", NULL },
	{ CHAT_LINE, "al\xe2\x80\x8bice", "", "hi", NULL },
	{ CHAT_LINE, "\xe2\x80\xae" "ecila", "", "hi", NULL },
	{ CHAT_LINE, "\xc2\x85x", "", "hi", NULL },
	{ CHAT_LINE, "alice", "", "a\x7fz", NULL },
	{ CHAT_LINE, "a:b", "", "hi", NULL },
	{ CHAT_LINE, "\xff", "", "hi", NULL },
	{ CHAT_LINE, "abcdefghijklmnopqrstuvwxyz0123456", "", "hi", NULL },
	{ CHAT_PRIVATE, "alice", "", "hi", NULL },
	{ CHAT_PRIVATE, "", "", "hi", NULL },
	{ CHAT_JOIN, "", "", "", NULL },
	{ CHAT_COMMAND, "alice", "", "me", NULL },
	{ CHAT_KIND_COUNT, "", "", "", NULL },
};

static void builds_what_it_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(builds); i++) {
		struct chat_span user = span(builds[i].user), to = span(builds[i].to), text = span(builds[i].text);
		size_t want = builds[i].line ? strlen(builds[i].line) : 0;
		struct chat_message m;
		uint8_t buf[128];

		assert_int_equal(chat_build(buf, sizeof(buf), builds[i].kind, user, to, text), want);
		assert_memory_equal(buf, builds[i].line ? builds[i].line : "", want);
		if (want == 0)
			continue;
		for (size_t size = 0; size < want; size++)
			assert_int_equal(chat_build(buf + sizeof(buf) - size, size, builds[i].kind, user, to, text), 0);
		chat_build(buf, sizeof(buf), builds[i].kind, user, to, text);
		assert_int_equal(chat_parse(buf, want, ANY, &m), want);
		assert_int_equal(m.kind, builds[i].kind);
		assert_int_equal(m.to.length, to.length);
		if (m.kind != CHAT_NOTICE)
			assert_int_equal(m.user.length, user.length);
	}
}

static void kinds_have_names(void **state)
{
	(void)state;
	for (int k = 0; k < CHAT_KIND_COUNT; k++)
		assert_string_not_equal(chat_kind_name((enum chat_kind)k), "unknown");
	assert_string_equal(chat_kind_name(CHAT_KIND_COUNT), "unknown");
}

static const struct {
	const char *bytes;
	size_t len;
	bool text;
} plain[] = {
	{ BYTES(""), true },
	{ BYTES("plain\ttext\r\n"), true },
	{ BYTES("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf"), true },
	{ BYTES("\x1b[0m"), true },
	{ BYTES("a\0b"), false },
	{ BYTES("\x07"), false },
	{ BYTES("\x7f"), false },
	{ BYTES("\xc2\x80"), false },
	{ BYTES("\xc0\xaf"), false },
	{ BYTES("\xe0\x80\xaf"), false },
	{ BYTES("\xf0\x80\x80\xaf"), false },
	{ BYTES("\xed\xa0\x80"), false },
	{ BYTES("\xf4\x90\x80\x80"), false },
	{ BYTES("\xf5\x80\x80\x80"), false },
	{ BYTES("\x80"), false },
	{ BYTES("\xc3"), false },
	{ BYTES("\xe2\x82"), false },
	{ BYTES("\xc3("), false },
};

static void text_is_told_from_binary(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(plain); i++) {
		assert_int_equal(plain_is_text((const uint8_t *)plain[i].bytes, plain[i].len), plain[i].text);
	}
}

static void check_inside(struct chat_span s, const uint8_t *data, size_t len)
{
	if (s.length > 0)
		assert_true(s.data >= data && s.data + s.length <= data + len);
}

static void run_all(const uint8_t *data, size_t len)
{
	struct chat_message m;

	for (int direction = ANY; direction <= DOWN; direction++) {
		size_t n = chat_parse(data, len, (enum chat_direction)direction, &m);

		assert_true(n <= len && (n > 0) == (len > 0));
		check_inside(m.user, data, n);
		check_inside(m.to, data, n);
		check_inside(m.text, data, n);
		check_inside(m.command, data, n);
	}
	chat_confidence(data, len);
	plain_is_text(data, len);
	chat_nick_is_valid(data, len);
}

static void no_prefix_is_overrun(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++)
		sweep(samples[i].message, samples[i].len, run_all);
	for (size_t i = 0; i < COUNT(guesses); i++)
		sweep(guesses[i].message, guesses[i].len, run_all);
	for (size_t i = 0; i < COUNT(plain); i++)
		sweep(plain[i].bytes, plain[i].len, run_all);
}

/* Every sample with one byte replaced by each of a few that mean something. */
static void no_change_is_overrun(void **state)
{
	static const char bytes[] = "\0\n\r :;->[]<>@/\\%*'1a\x1b\xe2\xff";
	uint8_t copy[128];

	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		for (size_t at = 0; at < samples[i].len; at++) {
			for (size_t b = 0; b < sizeof(bytes) - 1; b++) {
				memcpy(copy, samples[i].message, samples[i].len);
				copy[at] = (uint8_t)bytes[b];
				run_all(copy, samples[i].len);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_every_sample),      cmocka_unit_test(every_form_has_a_sample),
		cmocka_unit_test(patterns_are_well_formed), cmocka_unit_test(takes_one_message_at_a_time),
		cmocka_unit_test(confidence_is_measured),   cmocka_unit_test(builds_what_it_reads),
		cmocka_unit_test(kinds_have_names),         cmocka_unit_test(text_is_told_from_binary),
		cmocka_unit_test(no_prefix_is_overrun),     cmocka_unit_test(no_change_is_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
