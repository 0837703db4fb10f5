/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers that quote nothing: echo replies, segments, datagrams. */
#include "matching.h"

static enum match_answer direct(struct world *w, enum answer_kind kind)
{
	bool v4 = w->base.family == AF_INET;

	w->answer.kind = kind;
	w->answer.family = w->base.family;
	w->answer.from = v4 ? host4(TARGET, ASKED) : host6(target6, ASKED);
	w->answer.to = v4 ? host4(US, PORT) : host6(us6, PORT);
	return match_take(w->match, &w->answer, &w->probe);
}

static void echo_replies(void **state)
{
	struct world *w = *state;

	w->answer = (struct answer){ .ident = IDENT, .seq = 3 };
	belongs(w, direct(w, ANSWER_ECHO), 3, false, false);
	assert_true(w->probe->arrived);
	w->answer.seq = 4;
	assert_int_equal(direct(w, ANSWER_ECHO), MATCH_STRANGER);
	w->answer = (struct answer){ .ident = IDENT + 1, .seq = 1 };
	assert_int_equal(direct(w, ANSWER_ECHO), MATCH_STRANGER);
	w->answer = (struct answer){ .ident = IDENT, .seq = 1 };
	assert_int_equal(direct(w, ANSWER_TCP_OPEN), MATCH_STRANGER);
	w->answer.from = host4(ROUTER, 0);
	w->answer.kind = ANSWER_ECHO;
	assert_int_equal(match_take(w->match, &w->answer, NULL), MATCH_STRANGER);
	belongs(w, direct(w, ANSWER_ECHO), 1, false, false);
}

static void segments_acknowledge(void **state)
{
	struct world *w = *state;

	w->answer = (struct answer){ .acknowledged = (uint32_t)SEQUENCE + 3 + 1 };
	belongs(w, direct(w, ANSWER_TCP_OPEN), 3, false, false);
	w->answer.acknowledged = (uint32_t)SEQUENCE + 1 + 1;
	belongs(w, direct(w, ANSWER_TCP_CLOSED), 1, false, false);
	assert_true(w->probe->arrived);
	w->answer.acknowledged = (uint32_t)SEQUENCE + 2;
	assert_int_equal(direct(w, ANSWER_TCP_CLOSED), MATCH_AGAIN);
	w->answer.acknowledged = (uint32_t)SEQUENCE;
	assert_int_equal(direct(w, ANSWER_TCP_CLOSED), MATCH_STRANGER);
	w->answer.acknowledged = (uint32_t)SEQUENCE + 2 + 1;
	match_probe(w->match, 1)->packet.source_port++;
	assert_int_equal(direct(w, ANSWER_TCP_OPEN), MATCH_STRANGER);
}

/* With one octet of data, a reset to the first looks like the handshake with the second. */
static void resets_acknowledge_data_too(void **state)
{
	struct world *w = *state;

	for (unsigned i = 0; i < 3; i++)
		match_probe(w->match, i)->packet.size = (uint16_t)(probe_least(&w->base) + 1);
	w->answer = (struct answer){ .acknowledged = (uint32_t)SEQUENCE + 1 + 1 + 1 };
	belongs(w, direct(w, ANSWER_TCP_CLOSED), 1, false, false);
	belongs(w, direct(w, ANSWER_TCP_OPEN), 2, false, false);
	/* Who listens and takes it. */
	w->answer.acknowledged = (uint32_t)SEQUENCE + 3 + 1 + 1;
	belongs(w, direct(w, ANSWER_TCP_OPEN), 3, false, false);
}

static void a_datagram_of_who_went_farthest(void **state)
{
	struct world *w = *state;

	w->answer = (struct answer){ .ttl = 60 };
	belongs(w, direct(w, ANSWER_UDP), 3, false, true);
	belongs(w, direct(w, ANSWER_UDP), 2, false, true);
	belongs(w, direct(w, ANSWER_UDP), 1, false, false);
	assert_int_equal(direct(w, ANSWER_UDP), MATCH_AGAIN);
	w->answer.from = host4(TARGET, 53);
	assert_int_equal(match_take(w->match, &w->answer, NULL), MATCH_STRANGER);
}

static void a_datagram_of_who_still_waits(void **state)
{
	struct world *w = *state;

	match_probe(w->match, 2)->state = PROBE_EXPIRED;
	w->answer = (struct answer){ .ttl = 60 };
	belongs(w, direct(w, ANSWER_UDP), 2, false, true);
	belongs(w, direct(w, ANSWER_UDP), 1, false, true);
	assert_int_equal(direct(w, ANSWER_UDP), MATCH_LATE);
	assert_int_equal(w->probe->packet.key, 3);
}

static void a_datagram_with_a_port_of_its_own(void **state)
{
	struct world *w = *state;

	match_probe(w->match, 0)->packet.target_port = ASKED - 1;
	match_probe(w->match, 2)->packet.target_port = ASKED + 1;
	w->answer = (struct answer){ .ttl = 60 };
	belongs(w, direct(w, ANSWER_UDP), 2, false, false);
}

static void who_echoes_says_which(void **state)
{
	struct world *w = *state;

	w->answer = (struct answer){ .quote = { .has_payload_key = true, .payload_key = 2 } };
	belongs(w, direct(w, ANSWER_UDP), 2, false, false);
	assert_int_equal(direct(w, ANSWER_UDP), MATCH_AGAIN);
	w->answer.quote.payload_key = 99;
	belongs(w, direct(w, ANSWER_UDP), 3, false, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(echo_replies, icmp4),
		TEST(segments_acknowledge, tcp4),
		TEST(segments_acknowledge, tcp6),
		TEST(resets_acknowledge_data_too, tcp4),
		TEST(resets_acknowledge_data_too, tcp6),
		TEST(a_datagram_of_who_went_farthest, udp4),
		TEST(a_datagram_of_who_still_waits, udp4),
		TEST(a_datagram_with_a_port_of_its_own, udp4),
		TEST(who_echoes_says_which, udp4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
