/* SPDX-License-Identifier: BSD-2-Clause */
/* Quotations that translators (NAT) have changed. */
#include "matching.h"

static void translated_datagrams(void **state)
{
	struct world *w = *state;

	BELONGS(w, 1, true, false, .source = ROUTER, .source_port = 1024, .checksum = 0x7777);
	/* A checksum that is another's key by chance. */
	BELONGS(w, 2, true, false, .checksum = 3);
	BELONGS(w, 3, true, false, .id = 1, .octets = 12);
	assert_int_equal(match_counts(w->match)->rewritten, 3);
	STRANGER(w, .key = 1, .source = ROUTER, .source_port = 1024, .checksum = 0x7777, .id = 999);
	STRANGER(w, .key = 1, .target = ROUTER, .checksum = 0x7777);
}

static void ports_of_the_probe(void **state)
{
	struct world *w = *state;

	for (unsigned i = 0; i < 3; i++)
		match_probe(w->match, i)->packet.target_port = (uint16_t)(ASKED + i);
	BELONGS(w, 1, false, false);
	BELONGS(w, 2, false, false, .target_port = ASKED + 1);
	BELONGS(w, 3, true, false, .target_port = 53, .checksum = 0x7777);
}

static void a_target_that_was_translated(void **state)
{
	struct world *w = *state;

	STRANGER(w, .key = 1, .target = ROUTER, .checksum = 0x7777, .octets = 8);
	BELONGS(w, 1, true, false, .target = ROUTER, .checksum = 0x7777, .octets = 12);
}

static void translated_datagrams_of_ipv6(void **state)
{
	struct world *w = *state;

	BELONGS(w, 1, true, false, .source = 1);
	BELONGS(w, 2, true, false, .source = 1, .source_port = 1024, .checksum = 0x7777, .octets = 12);
	STRANGER(w, .key = 3, .source = 1, .source_port = 1024, .checksum = 0x7777);
	BELONGS(w, 3, true, false, .checksum = 0x7777, .octets = 12);
}

static void translated_echoes(void **state)
{
	struct world *w = *state;

	BELONGS(w, 1, true, false, .source = ROUTER, .ident = 77);
	BELONGS(w, 2, true, false, .id = 999);
	STRANGER(w, .key = 3, .source = ROUTER, .ident = 77, .id = 999);
	BELONGS(w, 3, false, false);
}

static void translated_segments(void **state)
{
	struct world *w = *state;

	BELONGS(w, 1, true, false, .source = ROUTER, .source_port = 1024);
	BELONGS(w, 2, true, false, .sequence = 77);
	BELONGS(w, 3, true, false, .id = 999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(translated_datagrams, udp4),         TEST(ports_of_the_probe, udp4),
		TEST(a_target_that_was_translated, udp4), TEST(translated_datagrams_of_ipv6, udp6),
		TEST(translated_echoes, icmp4),           TEST(translated_segments, tcp4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
