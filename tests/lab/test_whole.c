/* SPDX-License-Identifier: BSD-2-Clause */
/* Where messages end in a stream: what is whole, and what waits for its rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab/chat.h"
#include "lab/date.h"

#define ALL SIZE_MAX

struct row {
	const char *octets;
	size_t length; /* 0: as a string */
	size_t whole;
};

static const struct row chats[] = {
	{ "hello\n", 0, ALL },
	{ "alice: hel", 0, 0 },
	{ "one\ntwo\nthr", 0, 8 },
	{ "hello\n\0\0", 8, ALL },
	{ "one\n\0tw", 7, 5 },
	{ "\n", 0, ALL },
	{ "user:alice\ncommand:TALK\nmessage:hello\n\n", 0, ALL },
	{ "user:alice\ncommand:TALK\nmessage:hello\n", 0, 0 },
	{ "user:alice\r\ncommand:TALK\r\n\r\n", 0, ALL },
	{ "user:alice\ncommand:TALK\n\nuser:bob\ncommand:QUIT\n", 0, 25 },
	{ "user: hello\nhow", 0, 12 },
	{ "{\"user\": \"alice\"}", 0, ALL },
	{ "{\"user\": \"ali", 0, 0 },
	{ "hello\n{\"user\": \"alice\"}", 0, ALL },
	{ "\xac\xed\x00\x05sr\n\x01", 8, ALL },
	{ "\x80\x04K\x01.", 0, ALL },
	{ "msg;alice;bob;hello", 0, ALL },
	{ "login;alice", 0, ALL },
	{ "message to all", 0, 0 },
};

static const struct row dates[] = {
	{ "date\n", 0, ALL },
	{ "date", 0, ALL },
	{ "dat", 0, 0 },
	{ "user", 0, ALL },
	{ "2026-01-31 12:00:00.123456\n", 0, ALL },
	{ "2026-01-31 12:00:00.123456", 0, ALL },
	{ "2026-01-31 12:0", 0, 0 },
	{ "Sat Jan 31 12:00:00 2026\r\n", 0, ALL },
	{ "Sat Jan 31 12:00:00 2026\r\nSat Jan", 0, 26 },
	{ "date, time : (2026-01-31 12:00:00.123456)", 0, ALL },
	{ "\xe9\x8c\x01\x02", 0, ALL },
	{ "\xe9\x8c\x01", 0, 0 },
	{ "\0", 1, ALL },
	{ "alice", 0, 0 },
};

static void check(const struct row *row, size_t (*whole)(const uint8_t *, size_t))
{
	size_t length = row->length ? row->length : strlen(row->octets);
	size_t expected = row->whole == ALL ? length : row->whole;
	uint8_t *copy = malloc(length);
	size_t found;

	assert_non_null(copy);
	memcpy(copy, row->octets, length);
	found = whole(copy, length);
	if (found != expected)
		fail_msg("'%s': %zu of %zu octets are whole, not %zu", row->octets, found, length, expected);
	/* However it is cut: never more than there is, and what is cut at an LF is whole. */
	for (size_t cut = 0; cut <= length; cut++)
		assert_true(whole(copy, cut) <= cut);
	free(copy);
}

static void test_chats(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof chats / sizeof *chats; i++)
		check(&chats[i], chat_whole);
}

static void test_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
		check(&dates[i], date_whole);
}

static void test_nothing(void **state)
{
	(void)state;
	assert_int_equal(chat_whole(NULL, 0), 0);
	assert_int_equal(date_whole(NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chats), cmocka_unit_test(test_dates), cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
