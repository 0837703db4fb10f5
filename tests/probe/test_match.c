/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose answer an ICMP error is: by what is quoted, in whatever order, however short. */
#include "matching.h"

static void probes_stay_where_they_are(void **state)
{
	struct world *w = *state;
	struct probe *first = match_probe(w->match, 0);
	struct probe *probe = NULL;

	while (match_count(w->match) < PROBE_MOST)
		probe = match_add(w->match);
	assert_null(match_add(w->match));
	assert_ptr_equal(match_probe(w->match, 0), first);
	assert_int_equal(first->packet.key, 1);
	assert_int_equal(probe->packet.key, 65535);
	assert_int_equal(probe->number, 65534);
	probe->packet.source_port = PORT;
	probe->packet.target_port = ASKED;
	probe->state = PROBE_FLYING;
	BELONGS(w, 65535, false, false);
}

/* When all keys were used: those that rest, in the order in which they were given back. */
static void keys_are_used_again(void **state)
{
	struct world *w = *state;
	struct probe *probe = match_probe(w->match, 1);

	BELONGS(w, 2, false, false);
	match_recycle(w->match, probe);
	match_recycle(w->match, match_probe(w->match, 0));
	assert_null(probe->answer);
	STRANGER(w, .key = 2);
	while (match_count(w->match) < PROBE_MOST)
		assert_ptr_not_equal(match_add(w->match), probe);
	assert_ptr_equal(match_add(w->match), probe);
	assert_int_equal(probe->packet.key, 2);
	assert_int_equal(probe->number, 65535);
	assert_int_equal(probe->state, PROBE_PLANNED);
	assert_int_equal(match_add(w->match)->packet.key, 1);
	assert_null(match_add(w->match));
}

static void any_order(void **state)
{
	struct world *w = *state;

	BELONGS(w, 3, false, false);
	BELONGS(w, 1, false, false);
	BELONGS(w, 2, false, false);
	assert_int_equal(w->probe->state, PROBE_ANSWERED);
	assert_ptr_not_equal(w->probe->answer, &w->answer);
	assert_int_equal(w->probe->answer->kind, ANSWER_EXCEEDED);
	assert_false(w->probe->arrived);
	assert_int_equal(match_counts(w->match)->answers, 3);
	assert_int_equal(match_counts(w->match)->strangers, 0);
}

static void again_and_late(void **state)
{
	struct world *w = *state;
	struct probe *first = match_probe(w->match, 0), *second = match_probe(w->match, 1);

	BELONGS(w, 1, false, false);
	assert_int_equal(EXCEEDED(w, .key = 1), MATCH_AGAIN);
	assert_int_equal(first->again, 1);
	second->state = PROBE_EXPIRED;
	assert_int_equal(EXCEEDED(w, .key = 2), MATCH_LATE);
	assert_int_equal(second->state, PROBE_EXPIRED);
	assert_non_null(second->answer);
	assert_int_equal(EXCEEDED(w, .key = 2), MATCH_AGAIN);
	assert_int_equal(second->late, 2);
	assert_int_equal(second->again, 1);
	assert_int_equal(match_counts(w->match)->answers, 4);
	assert_int_equal(match_counts(w->match)->late, 2);
	assert_int_equal(match_counts(w->match)->again, 2);
}

static void what_was_not_sent_has_no_answer(void **state)
{
	struct world *w = *state;

	STRANGER(w, .key = 4);
	match_probe(w->match, 3)->state = PROBE_FAILED;
	STRANGER(w, .key = 4);
	STRANGER(w, .key = 5);
	STRANGER(w, .key = 65535);
	assert_int_equal(match_counts(w->match)->strangers, 4);
	assert_null(match_probe(w->match, 3)->answer);
}

/* Another run on this machine has the same keys and the same target, but neither our port nor our identifier. */
static void another_run(void **state)
{
	struct world *w = *state;

	STRANGER(w, .key = 1, .source_port = PORT + 1, .ident = IDENT + 1, .sequence = 77);
	STRANGER(w, .key = 1, .source_port = PORT + 1, .ident = IDENT + 1, .sequence = 77, .octets = 12);
}

static void another_target(void **state)
{
	struct world *w = *state;

	STRANGER(w, .key = 1, .target = ROUTER, .source_port = PORT + 1, .ident = IDENT + 1, .sequence = 77);
	STRANGER(w, .key = 1, .target = ROUTER, .id = 999, .octets = 4);
	STRANGER(w, .key = 1, .target = ROUTER, .source = ROUTER, .id = 999, .ident = IDENT + 1, .sequence = 77);
}

static void short_quotations(void **state)
{
	struct world *w = *state;

	STRANGER(w, .key = 1, .source = ROUTER, .octets = 4);
	BELONGS(w, 1, false, true, .octets = 4);
	BELONGS(w, 2, false, true, .octets = 7);
}

static void without_any_port(void **state)
{
	struct world *w = *state;
	struct octets o = { .length = 0 };

	add_error(&o, 11, 0, 0);
	add_quoted(&o, w, &(struct quoted){ .key = 3 });
	o.length -= 8;
	assert_true(read_octets(w->reader, &o, &w->answer));
	belongs(w, match_take(w->match, &w->answer, &w->probe), 3, false, true);
}

static void a_short_quotation_of_ipv6_says_nothing(void **state)
{
	struct world *w = *state;

	STRANGER(w, .key = 1, .octets = 4);
	STRANGER(w, .key = 1, .octets = 7);
}

/* A wire without headers says by the identification which probe it was. */
static void who_sees_no_headers(void **state)
{
	struct world *w = *state;

	w->answer = (struct answer){ .kind = ANSWER_EXCEEDED, .family = AF_INET, .quote.id = 2 };
	belongs(w, match_take(w->match, &w->answer, &w->probe), 2, false, false);
	w->answer.quote.id = 0;
	assert_int_equal(match_take(w->match, &w->answer, NULL), MATCH_STRANGER);
	w->answer.quote.id = 4;
	assert_int_equal(match_take(w->match, &w->answer, NULL), MATCH_STRANGER);
}

static void an_error_to_somebody_else(void **state)
{
	struct world *w = *state;

	EXCEEDED(w, .key = 9);
	w->answer.quote.id = w->answer.quote.checksum = 1;
	w->answer.to = host4(ROUTER, 0);
	assert_int_equal(match_take(w->match, &w->answer, NULL), MATCH_STRANGER);
	w->answer.to = host4(US, 0);
	assert_int_equal(match_take(w->match, &w->answer, NULL), MATCH_FIRST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(probes_stay_where_they_are, udp4),
		TEST(keys_are_used_again, udp4),
		TEST(any_order, udp4),
		TEST(any_order, udp6),
		TEST(any_order, icmp4),
		TEST(any_order, icmp6),
		TEST(any_order, tcp4),
		TEST(any_order, tcp6),
		TEST(again_and_late, udp4),
		TEST(again_and_late, tcp6),
		TEST(what_was_not_sent_has_no_answer, udp4),
		TEST(what_was_not_sent_has_no_answer, udp6),
		TEST(what_was_not_sent_has_no_answer, icmp4),
		TEST(what_was_not_sent_has_no_answer, tcp4),
		TEST(another_run, udp4),
		TEST(another_run, udp6),
		TEST(another_run, icmp4),
		TEST(another_run, icmp6),
		TEST(another_run, tcp4),
		TEST(another_run, tcp6),
		TEST(another_target, udp4),
		TEST(another_target, icmp4),
		TEST(another_target, tcp4),
		TEST(short_quotations, udp4),
		TEST(short_quotations, tcp4),
		TEST(short_quotations, icmp4),
		TEST(without_any_port, udp4),
		TEST(without_any_port, icmp4),
		TEST(a_short_quotation_of_ipv6_says_nothing, udp6),
		TEST(who_sees_no_headers, tcp4),
		TEST(an_error_to_somebody_else, udp4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
