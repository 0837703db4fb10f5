/* SPDX-License-Identifier: BSD-2-Clause */
/* What counts as an echo. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "play/echo_compare.h"

#define SIXTY_FOUR "0123456789012345678901234567890123456789012345678901234567890123"

static const struct {
	const char *sent, *answer;
	enum echo_verdict verdict;
	const char *note;
} rows[] = {
	{ "hello", "hello", ECHO_EQUAL, "" },
	{ "", "", ECHO_EQUAL, "" },
	{ "hello\n", "hello\n", ECHO_EQUAL, "" },
	{ "hello", "HELLO", ECHO_VARIANT, "upper-cased" },
	{ "HELLO", "hello", ECHO_VARIANT, "lower-cased" },
	{ "heLLo", "HEllO", ECHO_VARIANT, "in another case" },
	{ "h\xc3\xa9 \xc5\x93uvre", "H\xc3\x89 \xc5\x92UVRE", ECHO_VARIANT, "upper-cased" },
	{ "\xce\xb1\xd1\x8f\xd1\x91", "\xce\x91\xd0\xaf\xd0\x81", ECHO_VARIANT, "upper-cased" },
	{ "hello", "ECHO: hello", ECHO_VARIANT, "prefixed with \"ECHO: \"" },
	{ "hello", "127.0.0.1:40000> HELLO", ECHO_VARIANT, "upper-cased, prefixed with \"127.0.0.1:40000> \"" },
	{ "hello\n", "hello", ECHO_VARIANT, "without its line's end" },
	{ "hello\n", "HELLO\r\n", ECHO_VARIANT, "upper-cased, with another end of line" },
	{ "hello", "hello\n", ECHO_VARIANT, "with another end of line" },
	{ "hello", "\033[2Jhello", ECHO_VARIANT, "prefixed with \"\\x1b[2J\"" },
	{ "hello", SIXTY_FOUR "hello", ECHO_VARIANT, "prefixed with \"" SIXTY_FOUR "\"" },
	{ "hello", SIXTY_FOUR "4hello", ECHO_DIFFERENT, "differs from what was sent at octet 1" },
	{ "hello", "help", ECHO_DIFFERENT, "differs from what was sent at octet 4" },
	{ "hello", "hel", ECHO_DIFFERENT, "differs from what was sent at octet 4" },
	{ "hello", "hello you", ECHO_DIFFERENT, "differs from what was sent at octet 6" },
	{ "hello", "", ECHO_DIFFERENT, "differs from what was sent at octet 1" },
	{ "\xff\xfe", "\xff\xfd", ECHO_DIFFERENT, "differs from what was sent at octet 2" },
	{ "\xc3", "\xe3", ECHO_DIFFERENT, "differs from what was sent at octet 1" },
	{ "[x", "{x", ECHO_DIFFERENT, "differs from what was sent at octet 1" },
};

static void verdicts(void **state)
{
	struct text note = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum echo_verdict verdict =
			echo_compare((const uint8_t *)rows[i].sent, strlen(rows[i].sent),
				     (const uint8_t *)rows[i].answer, strlen(rows[i].answer), &note);

		text_char(&note, '\0');
		if (verdict != rows[i].verdict || strcmp(note.data, rows[i].note) != 0)
			fail_msg("row %zu: %d \"%s\"", i, verdict, note.data);
	}
	text_release(&note);
}

static const struct {
	const char *sent, *stream;
	size_t answer;
} streams[] = {
	{ "hello\n", "", 0 },
	{ "hello\n", "hel", 0 },
	{ "hello\n", "hello\n", 6 },
	{ "hello\n", "hello\nmore", 6 },
	{ "hello\n", "HELLO\n", 6 },
	{ "hello\n", "ECHO: hello", 0 },
	{ "hello\n", "ECHO: hello\n", 12 },
	{ "hello\n", "ECHO: hello\nmore", 12 },
	{ "e", "ECHO: e", 7 },
	{ "aa", "aaa", 2 },
	{ "hello\n", SIXTY_FOUR "4hello\n", 0 },
	{ "hello\n", "goodbye\n", 0 },
};

static void whole_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		size_t answer = echo_complete((const uint8_t *)streams[i].sent, strlen(streams[i].sent),
					      (const uint8_t *)streams[i].stream, strlen(streams[i].stream));

		if (answer != streams[i].answer)
			fail_msg("row %zu: %zu", i, answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(verdicts), cmocka_unit_test(whole_answers) };

	return cmocka_run_group_tests_name("echo_compare", tests, NULL, NULL);
}
