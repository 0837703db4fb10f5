/* SPDX-License-Identifier: BSD-2-Clause */
/* Health: what goes wrong in words, and how much of it is told. */
#include "counting.h"

#define HOST 0x0a000001u
#define DIRECTED 0x0a0000ffu

/* The table has this row and no other; nothing is below it. */
static void only(struct counting *c, const char *row)
{
	const char *text = counting_end(c), *names_end = strchr(text, '\n');

	assert_non_null(names_end);
	assert_string_equal(names_end + 1, row);
}

static void nothing_wrong(void **state)
{
	struct counting *c = *state;

	counting_begin(c, "health");
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, 0, true);
	assert_string_equal(counting_end(c), "severity  count  what                                 packets\n"
					     "ok               nothing wrong was found in 1 packet\n");
	assert_int_equal(c->analysis.results[0].errors, 0);
}

static void broadcasts_too_long(void **state)
{
	struct counting *c = *state;

	counting_begin(c, "health");
	counting_udp(c, UINT32_MAX, 40000, 6666, 128, true);
	counting_give(c, 0, true);
	counting_udp(c, UINT32_MAX, 40001, 6666, 300, true);
	counting_give(c, 1, true);
	counting_udp(c, UINT32_MAX, 40002, 6666, 129, true);
	counting_give(c, 2, true);
	counting_udp(c, UINT32_MAX, 40002, 6667, 300, true);
	counting_give(c, 3, true);
	counting_udp(c, HOST, 40002, 6666, 300, false);
	counting_give(c, 4, true);
	only(c, "warning       2  10.0.0.2 broadcast 300 octets to port 6666: a listener that reads 128, as in the "
		"exercise, loses the rest (a guess)  2, 3\n");
}

static void broadcasts_to_one_network(void **state)
{
	struct counting *c = *state;

	counting_begin(c, "health");
	counting_udp(c, DIRECTED, 40000, 6666, 10, true);
	counting_give(c, 0, true);
	counting_udp(c, DIRECTED, 40000, 6666, 10, false);
	counting_give(c, 1, true);
	counting_udp(c, 0xe0000001, 40000, 6666, 10, true);
	counting_give(c, 2, true);
	only(c, "note          1  broadcast to 10.0.0.255:6666: a listener bound to 255.255.255.255, as in the "
		"exercise, does not hear it (a guess)  1\n");
}

static void datagrams_too_long(void **state)
{
	struct counting *c = *state;
	const char *text;

	counting_begin(c, "health");
	counting_udp(c, HOST, 40000, 3500, 1024, false);
	counting_give(c, 0, true);
	counting_udp(c, HOST, 40000, 3500, 1025, false);
	counting_give(c, 1, true);
	counting_udp(c, HOST, 40000, 40001, 2000, false);
	counting_give(c, 2, true);
	text = counting_end(c);
	assert_non_null(strstr(text, "warning       1  a datagram of 1025 octets to 10.0.0.1:3500: a program that "
				     "reads 1024, as many do, loses the rest (a guess)  2\n"));
}

static void the_capture_itself(void **state)
{
	struct counting *c = *state;
	const char *text;

	counting_begin(c, "health");
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, 5, true);
	c->frame.has_drops = true;
	c->frame.drops_before = 7;
	counting_give(c, 6, true);
	c->frame.drops_before = 5;
	counting_give(c, 4, true);
	c->frame.drops_before = 0;
	counting_give(c, 6, true);
	text = counting_end(c);
	assert_non_null(strstr(text, "warning       2  the capture lost 12 packets right before these "));
	assert_non_null(strstr(text, "  2, 3\n"));
	assert_non_null(strstr(text, "note          1  the clock of the capture went back: times and order do not "
				     "agree  3\n"));
}

static void not_every_packet_is_listed(void **state)
{
	struct counting *c = *state;

	counting_begin(c, "health");
	counting_udp(c, DIRECTED, 40000, 6666, 10, true);
	for (int i = 0; i < 105; i++)
		counting_give(c, i, true);
	assert_non_null(strstr(counting_end(c), "  1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 95 more\n"));
}

static void not_every_place_is_told(void **state)
{
	struct counting *c = *state;
	const char *text;

	counting_begin(c, "health");
	for (uint32_t i = 0; i < 1000; i++) {
		counting_udp(c, 0x0a000000 + i, 40000, 6666, 10, true);
		counting_give(c, i, true);
	}
	text = counting_end(c);
	assert_int_equal(c->analysis.results[0].rows, 256);
	assert_non_null(strstr(text, "and 744 more, elsewhere: broadcast to ...: a listener bound to"));
}

static void unanswered_and_refused(void **state)
{
	struct counting *c = *state;
	const char *text;

	counting_begin(c, "health");
	counting_udp(c, HOST, 40000, 5555, 4, false);
	counting_give(c, 0, true);
	counting_udp(c, HOST, 40000, 3500, 4, false);
	counting_give(c, SECOND, true);
	counting_give(c, 2 * SECOND, true);
	text = counting_end(c);
	assert_non_null(strstr(text, "error         1  no answer from 10.0.0.1:5555 to a date request"));
	assert_non_null(strstr(text, "error         1  no answer from 10.0.0.1:3500 to an echo request "));
	assert_non_null(strstr(text, "warning       1  no answer from 10.0.0.1:3500 to an echo request; the capture "
				     "ends within a second"));
	assert_int_equal(c->analysis.results[0].errors, 2);
}

/* Only the first of three requests is asked for. */
static void dialogues_with_a_filter(void **state)
{
	struct counting *c = *state;

	c->analysis.options.filtered = true;
	counting_begin(c, "health");
	counting_udp(c, HOST, 40000, 5555, 4, false);
	counting_give(c, 0, true);
	counting_give(c, 2 * SECOND, false);
	counting_give(c, 4 * SECOND, false);
	only(c, "error         1  no answer from 10.0.0.1:5555 to a date request  1\n");
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, counting_set_up, counting_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(nothing_wrong),
		WITH(broadcasts_too_long),
		WITH(broadcasts_to_one_network),
		WITH(datagrams_too_long),
		WITH(the_capture_itself),
		WITH(not_every_packet_is_listed),
		WITH(not_every_place_is_told),
		WITH(unanswered_and_refused),
		WITH(dialogues_with_a_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
