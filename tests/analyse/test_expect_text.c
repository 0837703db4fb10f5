/* SPDX-License-Identifier: BSD-2-Clause */
/* How lines of expectations are cut: quotes and brackets of display filters hold together what is in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/expect_judge.h"

static void until_is(const char *line, const char *expected, char end)
{
	struct expect_scan scan = { line, line };
	struct expect_slice slice;
	bool found = expect_until(&scan, ",)", &slice);
	char *text = expect_copy(slice);

	assert_string_equal(text, expected);
	assert_int_equal(found, end != '\0');
	assert_int_equal(*scan.at, end);
	free(text);
}

static void filters_end_outside_of_quotes_and_brackets(void **state)
{
	(void)state;
	until_is("udp, tcp)", "udp", ',');
	until_is("  udp.port == 1  )", "udp.port == 1", ')');
	until_is("udp.port in {1, 2, 3}, x", "udp.port in {1, 2, 3}", ',');
	until_is("(udp and (tcp or arp)), x", "(udp and (tcp or arp))", ',');
	until_is("len(chat.text) > 3)", "len(chat.text) > 3", ')');
	until_is("eth.src[0:2,4] == 1:2:3)", "eth.src[0:2,4] == 1:2:3", ')');
	until_is("chat.text == \"a, b)\", x", "chat.text == \"a, b)\"", ',');
	until_is("chat.text == \"say \\\"x), \\\"\")", "chat.text == \"say \\\"x), \\\"\"", ')');
	until_is("frame[0] == ',' , x", "frame[0] == ','", ',');
	until_is("chat.text == \"it's\", x", "chat.text == \"it's\"", ',');
	until_is("udp", "udp", '\0');
	until_is("chat.text == \"open, )", "chat.text == \"open, )", '\0');
	until_is("(udp, )", "(udp, )", '\0');
	until_is("", "", '\0');
}

static void a_message_begins_with_two_dashes(void **state)
{
	static const char line[] = " in {\"a -- b\", 1} -- words -- more";
	struct expect_scan scan = { line, line };
	struct expect_slice slice = expect_rest(&scan);
	char *text = expect_copy(slice);

	(void)state;
	assert_string_equal(text, "in {\"a -- b\", 1}");
	assert_string_equal(scan.at, "-- words -- more");
	free(text);
}

static void parts_are(const char *filter, unsigned count, const char *const *expected)
{
	struct expect_slice parts[EXPECT_TERMS];
	unsigned found = expect_split((struct expect_slice){ filter, strlen(filter) }, parts, EXPECT_TERMS);

	assert_int_equal(found, count);
	for (unsigned i = 0; i < found; i++) {
		char *text = expect_copy(parts[i]);

		assert_string_equal(text, expected[i]);
		free(text);
	}
}

#define PARTS(filter, ...)                                                                                             \
	do {                                                                                                           \
		const char *const list[] = { __VA_ARGS__ };                                                            \
		parts_are(filter, sizeof list / sizeof *list, list);                                                   \
	} while (0)

static void filters_are_cut_at_and(void **state)
{
	(void)state;
	PARTS("udp", "udp");
	PARTS("udp and ip.src == 1.2.3.4", "udp", "ip.src == 1.2.3.4");
	PARTS("udp&&tcp", "udp", "tcp");
	PARTS("a and b && c and d", "a", "b", "c", "d");
	PARTS("(a and b)", "a", "b");
	PARTS("((a and (b and c)))", "a", "b", "c");
	PARTS("a and (b or c)", "a", "b or c");
	PARTS("(a) and (b)", "a", "b");
	PARTS("not a and !b", "not a", "!b");
}

static void what_binds_looser_is_one_part(void **state)
{
	(void)state;
	PARTS("a or b", "a or b");
	PARTS("a and b or c", "a and b or c");
	PARTS("a and b || c and d", "a and b || c and d");
	PARTS("a xor b and c", "a xor b and c");
	PARTS("a ^^ b && c", "a ^^ b && c");
}

static void words_that_only_look_like_and(void **state)
{
	(void)state;
	PARTS("chat.text == \"you and me\"", "chat.text == \"you and me\"");
	PARTS("x.and == 1", "x.and == 1");
	PARTS("and.x and band", "and.x", "band");
	PARTS("a & b", "a & b");
	PARTS("{a and b} == 1", "{a and b} == 1");
}

static void too_many_parts_are_one(void **state)
{
	(void)state;
	PARTS("a and a and a and a and a and a and a and a and a and a and a and a and a",
	      "a and a and a and a and a and a and a and a and a and a and a and a and a");
	PARTS("a and a and a and a and a and a and a and a and a and a and (a and b)", "a", "a", "a", "a", "a", "a",
	      "a", "a", "a", "a", "a", "b");
	PARTS("a and a and a and a and a and a and a and a and a and a and a and (a and b)", "a", "a", "a", "a", "a",
	      "a", "a", "a", "a", "a", "a", "a and b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_end_outside_of_quotes_and_brackets),
		cmocka_unit_test(a_message_begins_with_two_dashes),
		cmocka_unit_test(filters_are_cut_at_and),
		cmocka_unit_test(what_binds_looser_is_one_part),
		cmocka_unit_test(words_that_only_look_like_and),
		cmocka_unit_test(too_many_parts_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
