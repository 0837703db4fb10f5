/* SPDX-License-Identifier: BSD-2-Clause */
/* Analysers on datagrams made up here: what no capture of pcaps/ has, and where their memory ends. */
#include "counting.h"

#include "analyse/passing.h"
#include "analyse/talks.h"

#define HOST 0x0a000001u

/* ------------------------------------------------------------------------------------------------ rate */

static void rate_counts_empty_intervals(void **state)
{
	struct counting *c = *state;

	counting_begin(c, "rate");
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, 5 * SECOND, true);
	counting_give(c, 6 * SECOND - 1, true);
	counting_give(c, 8 * SECOND, true);
	assert_string_equal(counting_end(c), "      begin  packets  octets  packets_bar\n"
					     "0.000000000        2     200  ##############################\n"
					     "1.000000000        0       0\n"
					     "2.000000000        0       0\n"
					     "3.000000000        1     100  ###############\n");
}

static void rate_intervals_grow(void **state)
{
	struct counting *c = *state;
	const char *text;

	counting_begin(c, "rate");
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, 0, true);
	counting_give(c, 3 * SECOND, true);
	counting_give(c, (INT64_C(1) << 22) * SECOND, true);
	assert_int_equal(c->analysis.results[0].rows, 0);
	text = counting_end(c);
	assert_non_null(strstr(text, "the intervals became longer, for there would be too many: 8.000 s each\n"));
	assert_int_equal(c->analysis.results[0].rows, (1u << 19) + 1);
	assert_non_null(strstr(text, "\n      0.000000000        2     200  ####"));
	assert_non_null(strstr(text, "\n4194304.000000000        1     100  ####"));
}

static void rate_bears_any_time(void **state)
{
	struct counting *c = *state;
	const char *text;

	counting_begin(c, "rate");
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, INT64_MIN, true);
	counting_give(c, INT64_MAX, true);
	text = counting_end(c);
	assert_true(c->analysis.results[0].rows <= 1u << 20);
	assert_non_null(strstr(text, "the intervals became longer"));
}

static void rate_tells_what_has_no_place(void **state)
{
	struct counting *c = *state;

	counting_begin(c, "rate");
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, 5 * SECOND, true);
	counting_give(c, 4 * SECOND, true);
	c->frame.has_time = false;
	counting_give(c, 0, true);
	assert_string_equal(counting_end(c),
			    "      begin  packets  octets  packets_bar\n"
			    "0.000000000        2     200  ##############################\n"
			    "1 packets are older than the first one: they are in the first interval\n"
			    "1 packets have no time: they are not counted\n");
}

/* ------------------------------------------------------------------------------------------------ counting */

static void conversations_with_a_filter(void **state)
{
	struct counting *c = *state;

	c->analysis.options.filtered = true;
	counting_begin(c, "conversations");
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, 0, false);
	counting_give(c, SECOND, true);
	counting_give(c, 3 * SECOND, true);
	counting_give(c, 4 * SECOND, false);
	counting_udp(c, HOST, 40001, 9, 58, false);
	counting_give(c, 5 * SECOND, false);
	assert_string_equal(counting_end(c),
			    "protocol  stream  from            to          packets  octets  back_packets  back_octets  "
			    "      start     duration  state  application\n"
			    "udp            0  10.0.0.2:40000  10.0.0.1:9        2     200             0            0  "
			    "1.000000000  2.000000000\n");
}

/* The table of conversations moves one that speaks again after so many packets behind those that speak meanwhile. */
static void conversations_by_their_first_packets(void **state)
{
	struct counting *c = *state;

	counting_begin(c, "conversations");
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, 0, true);
	for (unsigned i = 0; i < FLOWS_MAX / 8 + 100; i++) {
		counting_udp(c, HOST, 40001 + (i & 1), 9, 58, false);
		counting_give(c, 0, true);
	}
	counting_udp(c, HOST, 40003, 9, 58, false);
	counting_give(c, 0, true);
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, 0, true);
	assert_string_equal(counting_end(c),
			    "protocol  stream  from            to          packets   octets  "
			    "back_packets  back_octets        start     duration  state  application\n"
			    "udp            0  10.0.0.2:40000  10.0.0.1:9        2      200  "
			    "           0            0  0.000000000  0.000000000\n"
			    "udp            1  10.0.0.2:40001  10.0.0.1:9    65586  6558600  "
			    "           0            0  0.000000000  0.000000000\n"
			    "udp            2  10.0.0.2:40002  10.0.0.1:9    65586  6558600  "
			    "           0            0  0.000000000  0.000000000\n"
			    "udp            3  10.0.0.2:40003  10.0.0.1:9        1      100  "
			    "           0            0  0.000000000  0.000000000\n");
}

static void pairs_are_the_same_both_ways(void **state)
{
	struct counting *c = *state;

	c->analysis.options.by = ANALYSIS_BY_IP;
	counting_begin(c, "conversations");
	counting_udp(c, HOST, 40000, 9, 58, false);
	counting_give(c, 0, true);
	counting_udp(c, HOST, 40000, 9, 8, false);
	put32(c->data + 26, HOST);
	put32(c->data + 30, 0x0a000002);
	counting_give(c, SECOND, true);
	assert_string_equal(counting_end(c),
			    "from      to        packets  octets  back_packets  back_octets        start     "
			    "duration\n"
			    "10.0.0.2  10.0.0.1        1     100             1           50  0.000000000  "
			    "1.000000000\n");
}

static void endpoints_that_talk_to_themselves(void **state)
{
	struct counting *c = *state;

	counting_begin(c, "endpoints");
	counting_udp(c, 0x0a000002, 40000, 9, 58, false);
	counting_give(c, 0, true);
	assert_string_equal(counting_end(c), "address   packets  octets  sent_packets  sent_octets  received_packets  "
					     "received_octets\n"
					     "10.0.0.2        2     200             1          100                 1  "
					     "            100\n");
}

static void talks_end(void **unused)
{
	struct talks talks;
	struct talk_key key;

	(void)unused;
	talks_init(&talks, 1000);
	memset(&key, 0, sizeof key);
	for (uint64_t i = 0; i < 2000; i++) {
		struct talk *talk;

		key.number = i;
		assert_null(talks_find(&talks, &key));
		talk = talks_take(&talks, &key);
		assert_true(i < 1000 ? talk == &talks.list[i] : !talk);
	}
	for (uint64_t i = 0; i < 2000; i++) {
		key.number = i;
		assert_ptr_equal(talks_find(&talks, &key), i < 1000 ? &talks.list[i] : NULL);
		assert_ptr_equal(talks_take(&talks, &key), i < 1000 ? &talks.list[i] : NULL);
	}
	assert_int_equal(talks.count, 1000);
	talks_release(&talks);
}

static void packets_asked_for(void **unused)
{
	struct passing passing = { .all = false };

	(void)unused;
	assert_false(passing_has(&passing, 1));
	for (uint64_t i = 3; i < 3000; i += 3)
		passing_add(&passing, i);
	for (uint64_t i = 0; i < 3100; i++)
		assert_int_equal(passing_has(&passing, i), i && i < 3000 && i % 3 == 0);
	passing_release(&passing);
	passing.all = true;
	passing_add(&passing, 1);
	assert_int_equal(passing.count, 0);
	assert_true(passing_has(&passing, 7));
}

static void nothing_at_all(void **state)
{
	struct counting *c = *state;

	for (unsigned i = 0; analyser_list[i]; i++)
		analysis_add(&c->analysis, analyser_list[i]);
	counting_begin(c, "rate");
	for (unsigned i = 0; analyser_list[i]; i++)
		assert_ptr_equal(c->analysis.analysers[i], analyser_list[i]);
	counting_end(c);
	for (unsigned i = 0; i < c->analysis.count; i++)
		for (size_t row = 0; row < c->analysis.results[i].rows; row++) {
			struct table table;

			table_init(&table, c->analysis.results[i].columns, c->analysis.results[i].column_count);
			c->analysis.analysers[i]->row(c->analysis.states[i], row, &table);
			assert_int_equal(table.count, table.column_count);
			table_release(&table);
		}
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, counting_set_up, counting_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(rate_counts_empty_intervals),
		WITH(rate_intervals_grow),
		WITH(rate_bears_any_time),
		WITH(rate_tells_what_has_no_place),
		WITH(conversations_with_a_filter),
		WITH(conversations_by_their_first_packets),
		WITH(pairs_are_the_same_both_ways),
		WITH(endpoints_that_talk_to_themselves),
		WITH(nothing_at_all),
		cmocka_unit_test(talks_end),
		cmocka_unit_test(packets_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
