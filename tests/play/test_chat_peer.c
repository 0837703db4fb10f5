/* SPDX-License-Identifier: BSD-2-Clause */
/* The styles of other people's chat servers: every word, every pair, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "play/client.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct style {
	const char *style, *handshake, *private, *quit;
	int64_t pause_ns;
} styles[] = {
	{ NULL, "nick", "@", "/quit", 0 },
	{ "nick", "nick", "@", "/quit", CHAT_PAUSE_NS },
	{ "first-line", "first-line", "@", NULL, CHAT_PAUSE_NS },
	{ "prompt", "prompt", "@", NULL, CHAT_PAUSE_NS },
	{ "token", "token", "@", NULL, CHAT_PAUSE_NS },
	{ "@", "nick", "@", "/quit", CHAT_PAUSE_NS },
	{ "/msg", "nick", "/msg", "/quit", CHAT_PAUSE_NS },
	{ "MSG", "nick", "MSG", "/quit", CHAT_PAUSE_NS },
	{ "prompt,/pm", "prompt", "/pm", NULL, CHAT_PAUSE_NS },
	{ "\\dm,first-line", "first-line", "\\dm", NULL, CHAT_PAUSE_NS },
};

static void test_styles(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(styles); i++) {
		const struct style *want = &styles[i];
		struct chat_peer peer = { 0 };
		struct error err = { "" };

		assert_int_equal(chat_peer_find(want->style, &peer, &err), 0);
		assert_string_equal(peer.handshake->name, want->handshake);
		assert_string_equal(peer.private->name, want->private);
		if (want->quit)
			assert_string_equal(peer.quit, want->quit);
		else
			assert_null(peer.quit);
		assert_int_equal(peer.pause_ns, want->pause_ns);
	}
}

#define USE "not a style; use nick, first-line, prompt or token, and @, /msg, /pm, MSG or \\dm"

static const struct {
	const char *style, *message;
} refused[] = {
	{ "x", "--peer x: " USE },
	{ "promt", "--peer promt: " USE "; did you mean prompt?" },
	{ "first_line,/pm", "--peer first_line: " USE "; did you mean first-line?" },
	{ "token,/mgs", "--peer /mgs: " USE "; did you mean /msg?" },
	{ "", "--peer : " USE },
	{ "nick,", "--peer : " USE },
	{ "a\x1b[31m", "--peer a\\x1b[31m: " USE },
	{ "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
	  "--peer abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz: " USE },
	{ "nick,token", "--peer: nick and token are two ways to tell the name; choose one" },
	{ "@,/pm", "--peer: @ and /pm are two ways to write a private line; choose one" },
};

static void test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct chat_peer peer = { 0 };
		struct error err = { "" };

		assert_int_equal(chat_peer_find(refused[i].style, &peer, &err), -1);
		assert_string_equal(err.text, refused[i].message);
		assert_null(peer.handshake); /* untouched */
	}
}

/* The chat client fills these in; a form without its parts would send nonsense. */
static void test_tables(void **state)
{
	(void)state;
	for (const struct chat_handshake *row = chat_handshakes; row->name; row++) {
		assert_non_null(strstr(row->format, "%u"));
		assert_true(row->help && *row->help);
	}
	for (const struct chat_private *row = chat_privates; row->name; row++) {
		assert_non_null(strstr(row->format, "%o"));
		assert_non_null(strstr(row->format, "%t"));
		assert_memory_equal(row->format, row->name, strlen(row->name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_styles),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
