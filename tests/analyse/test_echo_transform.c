/* SPDX-License-Identifier: BSD-2-Clause */
/* What an echo server has made of a text, as the servers of the lab do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/echo_transform.h"

static const struct {
	const char *sent, *answer;
	const char *name; /* NULL: identical, or not known */
	const char *text;
} rows[] = {
	{ "hello\n", "hello\n", NULL, "" },
	{ "", "", NULL, "" },
	{ "hello\n", "HELLO\n", "upper case", "upper case" },
	{ "été à Paris", "ÉTÉ À PARIS", "upper case", "upper case" },
	{ "HeLLo", "hello", "lower case", "lower case" },
	{ "HeLLo", "hEllO", "another case", "another case" },
	{ "hello\n", "ECHO: hello\n", "prefix", "prefix \"ECHO: \"" },
	{ "hello", "echo:hello", "prefix", "prefix \"echo:\"" },
	{ "hello\n", "10.0.0.2:40000> hello\n", "prefix", "prefix \"10.0.0.2:40000> \"" },
	{ "e", "ECHO: e", "prefix", "prefix \"ECHO: \"" },
	{ "hello", "ECHO: HELLO", "upper case", "upper case, prefix \"ECHO: \"" },
	{ "hello", "hello!", "suffix", "suffix \"!\"" },
	{ "hello", "<hello>", "prefix", "prefix \"<\", suffix \">\"" },
	{ "", "ECHO: ", "prefix", "prefix \"ECHO: \"" },
	{ "hello\n", "olleh\n", "reversed", "reversed" },
	{ "hello\n", "\nolleh", "reversed", "reversed" },
	{ "hello\r\n", "hello\n", "another end of line", "another end of line" },
	{ "hello\n", "hello", "another end of line", "another end of line" },
	{ "hello\n", "ECHO: hello", "prefix", "prefix \"ECHO: \", another end of line" },
	{ "hello world", "hello", "cut", "cut to 5 octets" },
	{ "hello", "h", "cut", "cut to 1 octet" },
	{ "hello", "", "cut", "cut to 0 octets" },
	{ "hello", "goodbye", NULL, "" },
	{ "hello", "jello", NULL, "" },
	{ "a", "b", NULL, "" },
};

static struct transform transform_words(const char *sent, const char *answer)
{
	return transform_of((const uint8_t *)sent, strlen(sent), (const uint8_t *)answer, strlen(answer));
}

static void test_rows(void **state)
{
	struct text text = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct transform t = transform_words(rows[i].sent, rows[i].answer);
		const char *name = transform_name(&t);

		text_clear(&text);
		transform_text(&t, &text);
		text_add(&text, "", 1);
		if (!name != !rows[i].name || (name && strcmp(name, rows[i].name)) || strcmp(text.data, rows[i].text))
			fail_msg("'%s' -> '%s': %s, '%s'", rows[i].sent, rows[i].answer, name ? name : "nothing",
				 text.data);
		assert_int_equal(t.identical, !strcmp(rows[i].sent, rows[i].answer));
	}
	text_release(&text);
}

/* What is known is told apart from what is something else. */
static void test_known(void **state)
{
	(void)state;
	assert_true(transform_words("hello", "hello").known);
	assert_true(transform_words("hello", "HELLO").known);
	assert_false(transform_words("hello", "jello").known);
	assert_false(transform_words("hello", "jello world").known);
}

/* A prefix has its limit, and texts that nearly agree everywhere are not compared for ever. */
static void test_limits(void **state)
{
	enum { LONG = 60000 };
	static uint8_t sent[LONG], answer[LONG + 65];
	struct transform t;

	(void)state;
	memset(sent, 'a', sizeof sent);
	memset(answer, 'a', sizeof answer);
	sent[LONG - 1] = 'b';
	t = transform_of(sent, LONG, answer, LONG + 60);
	assert_false(t.known);
	answer[LONG + 63] = 'b';
	t = transform_of(sent, LONG, answer, LONG + 64);
	assert_true(t.known);
	assert_int_equal(t.prefix_length, 64);
	answer[LONG + 63] = 'a';
	answer[LONG + 64] = 'b';
	t = transform_of(sent, LONG, answer, LONG + 65);
	assert_false(t.known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows), cmocka_unit_test(test_known), cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
