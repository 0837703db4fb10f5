/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets as answers: what is read of them, and what is not because it is not there. */
#include "answering.h"

static int set_up(void **state)
{
	*state = reader_new();
	return 0;
}

static int tear_down(void **state)
{
	reader_free(*state);
	return 0;
}

/* A probe of ours as a router got it. */
static void add_quote(struct octets *o, uint8_t protocol)
{
	add_ip(o,
	       &(struct head){
		       .protocol = protocol, .ttl = 1, .tos = 0x28, .id = 7, .carries = 40, .from = US, .to = TARGET });
}

static void a_time_exceeded_quotes_a_datagram(void **state)
{
	struct octets o = { .length = 0 };
	struct answer answer;

	add_error(&o, 11, 0, 0);
	add_quote(&o, IS_UDP);
	add_udp(&o, 40000, 33434, 40, 7);
	add(&o, 0xabcd0007, 4);
	assert_true(read_octets(*state, &o, &answer));
	assert_int_equal(answer.kind, ANSWER_EXCEEDED);
	assert_int_equal(answer.family, AF_INET);
	assert_int_equal(answer.type, 11);
	assert_int_equal(answer.ttl, 60);
	assert_int_equal(answer.time, 42);
	assert_address(&answer.from, "198.51.100.1:0");
	assert_address(&answer.to, "192.0.2.1:0");
	assert_true(answer.quote.there && answer.quote.seen && answer.quote.has_transport);
	assert_int_equal(answer.quote.protocol, IS_UDP);
	assert_address(&answer.quote.source, "192.0.2.1:40000");
	assert_address(&answer.quote.target, "198.51.100.9:33434");
	assert_int_equal(answer.quote.ttl, 1);
	assert_int_equal(answer.quote.tos, 0x28);
	assert_int_equal(answer.quote.id, 7);
	assert_int_equal(answer.quote.length, 60);
	assert_int_equal(answer.quote.checksum, 7);
	assert_true(answer.quote.has_payload_key);
	assert_int_equal(answer.quote.payload_key, 7);
	assert_int_equal(answer.label_count + answer.interface_count, 0);
	assert_false(answer.bad_extension);
}

static void a_quoted_echo_request(void **state)
{
	struct octets o = { .length = 0 };
	struct answer answer;

	add_error(&o, 3, 4, 1480);
	add_quote(&o, IS_ICMP);
	add_echo(&o, 8, 0xbeef, 0x1234, 7);
	assert_true(read_octets(*state, &o, &answer));
	assert_int_equal(answer.kind, ANSWER_UNREACHABLE);
	assert_int_equal(answer.mtu, 1480);
	assert_true(answer.quote.has_transport);
	assert_int_equal(answer.quote.checksum, 0xbeef);
	assert_int_equal(answer.quote.ident, 0x1234);
	assert_int_equal(answer.quote.seq, 7);
	assert_false(answer.quote.has_payload_key);
}

static void a_quoted_segment_has_eight_octets(void **state)
{
	struct octets o = { .length = 0 };
	struct answer answer;

	add_error(&o, 11, 0, 0);
	add_quote(&o, IS_TCP);
	add(&o, 0x9c400050, 4);
	add(&o, 0xfffffff5, 4);
	assert_true(read_octets(*state, &o, &answer));
	assert_true(answer.quote.has_transport);
	assert_int_equal(answer.quote.sequence, 0xfffffff5);
	assert_address(&answer.quote.source, "192.0.2.1:40000");
	assert_address(&answer.quote.target, "198.51.100.9:80");
}

static void what_is_not_quoted_is_not_told(void **state)
{
	struct octets o = { .length = 0 };
	struct answer answer;
	uint32_t whole;

	add_error(&o, 11, 0, 0);
	add_quote(&o, IS_UDP);
	add_udp(&o, 40000, 33434, 40, 7);
	add(&o, 0xabcd0007, 4);
	whole = o.length;
	for (o.length = 0; o.length < whole; o.length++) {
		bool read = read_octets(*state, &o, &answer);

		assert_int_equal(read, o.length >= 48);
		if (!read)
			continue;
		assert_int_equal(answer.quote.has_transport, o.length >= 56);
		assert_int_equal(address_port(&answer.quote.source), o.length >= 50 ? 40000 : 0);
		assert_int_equal(address_port(&answer.quote.target), o.length >= 52 ? 33434 : 0);
		assert_false(answer.quote.has_payload_key);
	}
}

/* The length that a quoted datagram says of itself may be anything. */
static void a_lying_quotation(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 7, 8, 11, 12, 65535 };

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct octets o = { .length = 0 };
		struct answer answer;

		add_error(&o, 11, 0, 0);
		add_quote(&o, IS_UDP);
		add_udp(&o, 40000, 33434, lengths[i], 7);
		add(&o, 0xabcd0007, 4);
		assert_true(read_octets(*state, &o, &answer));
		assert_true(answer.quote.has_transport);
		assert_int_equal(answer.quote.has_payload_key, lengths[i] < 8 || lengths[i] >= 12);
	}
}

static void what_is_nobodys_answer(void **state)
{
	static const struct {
		uint8_t type, code, protocol, first;
	} others[] = {
		{ 11, 1, IS_UDP, 0 },                                                 /* reassembly */
		{ 5, 1, IS_UDP, 0 },                                                  /* redirect */
		{ 4, 0, IS_UDP, 0 },                                                  /* source quench */
		{ 11, 0, 4, 0 },                                                      /* a tunnel's packet */
		{ 11, 0, 47, 0 },     { 11, 0, IS_ICMPV6, 0 }, { 3, 1, IS_ICMP, 13 }, /* of a timestamp request */
		{ 3, 1, IS_ICMP, 0 },                                                 /* of an echo reply */
	};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct octets o = { .length = 0 };
		struct answer answer;

		add_error(&o, others[i].type, others[i].code, 0);
		add_quote(&o, others[i].protocol);
		add_echo(&o, others[i].first, 1, 2, 3);
		assert_false(read_octets(*state, &o, &answer));
	}
}

static void an_echo_reply(void **state)
{
	struct octets o = { .length = 0 };
	struct answer answer;

	add_ip(&o, &(struct head){ .protocol = IS_ICMP, .ttl = 50, .from = TARGET, .to = US });
	add_echo(&o, 0, 1, 0x1234, 9);
	assert_true(read_octets(*state, &o, &answer));
	assert_int_equal(answer.kind, ANSWER_ECHO);
	assert_int_equal(answer.ident, 0x1234);
	assert_int_equal(answer.seq, 9);
	assert_int_equal(answer.ttl, 50);
	assert_false(answer.quote.there);
	o.length--;
	assert_false(read_octets(*state, &o, &answer));
	o.data[V4] = 8;
	o.length++;
	assert_false(read_octets(*state, &o, &answer));
}

static void segments(void **state)
{
	static const struct {
		uint8_t flags;
		bool read;
		enum answer_kind kind;
	} rows[] = {
		{ 0x12, true, ANSWER_TCP_OPEN },
		{ 0x52, true, ANSWER_TCP_OPEN },
		{ 0x14, true, ANSWER_TCP_CLOSED },
		{ 0x04, true, ANSWER_TCP_CLOSED },
		{ 0x02, false, 0 },
		{ 0x10, false, 0 },
		{ 0x11, false, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct octets o = { .length = 0 };
		struct answer answer;

		add_ip(&o, &(struct head){ .protocol = IS_TCP, .ttl = 50, .from = TARGET, .to = US });
		add_tcp(&o, 80, 40000, 1, 0x80000008, rows[i].flags);
		assert_int_equal(read_octets(*state, &o, &answer), rows[i].read);
		if (!rows[i].read)
			continue;
		assert_int_equal(answer.kind, rows[i].kind);
		assert_int_equal(answer.acknowledged, 0x80000008);
		assert_address(&answer.from, "198.51.100.9:80");
		assert_address(&answer.to, "192.0.2.1:40000");
	}
}

static void a_datagram(void **state)
{
	struct octets o = { .length = 0 };
	struct answer answer;

	add_ip(&o, &(struct head){ .protocol = IS_UDP, .ttl = 50, .from = TARGET, .to = US });
	add_udp(&o, 7, 40000, 12, 0);
	add(&o, 0xabcd0007, 4);
	assert_true(read_octets(*state, &o, &answer));
	assert_int_equal(answer.kind, ANSWER_UDP);
	assert_address(&answer.from, "198.51.100.9:7");
	assert_address(&answer.to, "192.0.2.1:40000");
	assert_int_equal(answer.quote.payload_key, 7);
	assert_false(answer.quote.there);
}

static void ipv6_with_extension_headers(void **state)
{
	struct octets o = { .length = 0 };
	struct answer answer;

	add_error6(&o, 1, 4, 0);
	add_ipv6(&o, 0, 16 + 12, 3, us6, target6);
	add(&o, 0x3c00010400000000, 8); /* hop-by-hop: padding, then destination options */
	add(&o, 0x1100010400000000, 8);
	add_udp(&o, 40000, 33434, 12, 7);
	add(&o, 0xabcd0007, 4);
	assert_true(read_octets(*state, &o, &answer));
	assert_int_equal(answer.family, AF_INET6);
	assert_int_equal(answer.kind, ANSWER_UNREACHABLE);
	assert_address(&answer.from, "[2001:db8:0:5::1]:0");
	assert_address(&answer.quote.source, "[2001:db8::1]:40000");
	assert_address(&answer.quote.target, "[2001:db8:0:9::9]:33434");
	assert_int_equal(answer.quote.protocol, IS_UDP);
	assert_int_equal(answer.quote.ttl, 3);
	assert_int_equal(answer.quote.tos, 0xab);
	assert_int_equal(answer.quote.flow_label, 0x12345);
	assert_int_equal(answer.quote.length, 68);
	assert_int_equal(answer.quote.checksum, 7);
	assert_int_equal(answer.quote.payload_key, 7);
}

static void ipv6_too_big_and_cut_behind_an_extension_header(void **state)
{
	struct octets o = { .length = 0 };
	struct answer answer;

	add_error6(&o, 2, 0, 1400);
	add_ipv6(&o, 60, 8 + 12, 3, us6, target6);
	add(&o, 0x3a00010400000000, 8);
	assert_true(read_octets(*state, &o, &answer));
	assert_int_equal(answer.mtu, 1400);
	assert_int_equal(answer.quote.protocol, IS_ICMPV6);
	assert_false(answer.quote.has_transport);
	add_echo(&o, 128, 0xbeef, 0x1234, 9);
	assert_true(read_octets(*state, &o, &answer));
	assert_int_equal(answer.quote.ident, 0x1234);
	assert_int_equal(answer.quote.seq, 9);
}

/* ------------------------------------------------------------------------------------------------ marks */

static const struct {
	int family;
	uint8_t type, code;
	uint32_t mtu;
	const char *mark, *words;
	bool ends;
} mark_rows[] = {
	{ AF_INET, 3, 0, 0, "!N", "network unreachable", true },
	{ AF_INET, 3, 1, 0, "!H", "host unreachable", true },
	{ AF_INET, 3, 2, 0, "!P", "protocol unreachable", true },
	{ AF_INET, 3, 3, 0, "", NULL, true },
	{ AF_INET, 3, 4, 1480, "!F-1480", "fragmentation needed", false },
	{ AF_INET, 3, 4, 0, "!F", "fragmentation needed", false },
	{ AF_INET, 3, 5, 0, "!S", "source route failed", true },
	{ AF_INET, 3, 10, 0, "!X", "host administratively prohibited", true },
	{ AF_INET, 3, 13, 0, "!X", "communication administratively prohibited", true },
	{ AF_INET, 3, 14, 0, "!V", "host precedence violation", true },
	{ AF_INET, 3, 15, 0, "!C", "precedence cutoff", true },
	{ AF_INET, 3, 99, 0, "!<99>", NULL, true },
	{ AF_INET, 12, 0, 0, "!<12-0>", "parameter problem", true },
	{ AF_INET6, 1, 0, 0, "!N", "no route", true },
	{ AF_INET6, 1, 1, 0, "!X", "administratively prohibited", true },
	{ AF_INET6, 1, 2, 0, "!S", "beyond scope of the source", true },
	{ AF_INET6, 1, 3, 0, "!H", "address unreachable", true },
	{ AF_INET6, 1, 4, 0, "", NULL, true },
	{ AF_INET6, 1, 5, 0, "!<5>", "source address failed policy", true },
	{ AF_INET6, 2, 0, 1280, "!F-1280", "packet too big", false },
	{ AF_INET6, 4, 1, 0, "!<4-1>", "unknown next header", true },
};

static void marks(void **state)
{
	struct probe_base base = { .target = host4(TARGET, 0) };
	char out[16];

	(void)state;
	for (size_t i = 0; i < sizeof mark_rows / sizeof *mark_rows; i++) {
		struct answer answer = {
			.kind = ANSWER_UNREACHABLE,
			.family = mark_rows[i].family,
			.type = mark_rows[i].type,
			.code = mark_rows[i].code,
			.mtu = mark_rows[i].mtu,
			.from = host4(ROUTER, 0),
		};
		const char *words = answer_words(&answer, PROBE_UDP);

		assert_string_equal(answer_mark(&answer, PROBE_UDP, out), mark_rows[i].mark);
		assert_string_equal(words ? words : "", mark_rows[i].words ? mark_rows[i].words : "");
		assert_int_equal(answer_ends(&answer, &base), mark_rows[i].ends);
		assert_false(answer_arrived(&answer, &base));
		answer.from = host4(TARGET, 99);
		assert_int_equal(answer_arrived(&answer, &base), mark_rows[i].ends);
	}
}

/* Nobody sends that for a segment or an echo request but a filter. */
static void a_port_unreachable_is_strange_to_others(void **state)
{
	struct answer answer = { .kind = ANSWER_UNREACHABLE, .family = AF_INET, .type = 3, .code = 3 };
	char out[16];

	(void)state;
	assert_string_equal(answer_mark(&answer, PROBE_TCP, out), "!<3>");
	assert_string_equal(answer_words(&answer, PROBE_ICMP), "port unreachable");
}

static void kinds_without_a_mark(void **state)
{
	static const struct {
		enum answer_kind kind;
		enum probe_method method;
		const char *words;
		bool ends;
	} rows[] = {
		{ ANSWER_EXCEEDED, PROBE_UDP, "", false },
		{ ANSWER_ECHO, PROBE_ICMP, "", true },
		{ ANSWER_TCP_OPEN, PROBE_TCP, "the port is open", true },
		{ ANSWER_TCP_CLOSED, PROBE_TCP, "the port is closed", true },
		{ ANSWER_UDP, PROBE_UDP, "the port answers", true },
	};
	struct probe_base base = { .target = host4(TARGET, 0) };
	char out[16];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct answer answer = { .kind = rows[i].kind, .family = AF_INET, .from = host4(TARGET, 80) };
		const char *words = answer_words(&answer, rows[i].method);

		assert_string_equal(answer_mark(&answer, rows[i].method, out), "");
		assert_string_equal(words ? words : "", rows[i].words);
		assert_int_equal(answer_ends(&answer, &base), rows[i].ends);
		assert_int_equal(answer_arrived(&answer, &base), rows[i].ends);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_time_exceeded_quotes_a_datagram),
		TEST(a_quoted_echo_request),
		TEST(a_quoted_segment_has_eight_octets),
		TEST(what_is_not_quoted_is_not_told),
		TEST(a_lying_quotation),
		TEST(what_is_nobodys_answer),
		TEST(an_echo_reply),
		TEST(segments),
		TEST(a_datagram),
		TEST(ipv6_with_extension_headers),
		TEST(ipv6_too_big_and_cut_behind_an_extension_header),
		cmocka_unit_test(marks),
		cmocka_unit_test(a_port_unreachable_is_strange_to_others),
		cmocka_unit_test(kinds_without_a_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
