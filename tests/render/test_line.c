/* SPDX-License-Identifier: BSD-2-Clause */
/* The line: columns, names, verdicts, colours. */
#include "packets.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>

#include "base/utf8.h"

#define UDP_LINE "    1 22:13:20.123456 10.0.0.2:40000        > 10.0.0.1:4243         UDP       45 Len=3"

static void columns_are_aligned(void **unused)
{
	struct bench *b = bench_new("line");

	(void)unused;
	bench_start(b);
	bench_udp(b, PLAIN_PORT, "abc", 3);
	bench_show(b);
	assert_output(b, UDP_LINE "\n");
	bench_udp(b, TOY_PORT, "\x01\0\0\0\x02hi", 7);
	b->frame.number = 123456;
	bench_show(b);
	assert_output(b, "123456 22:13:20.123456 10.0.0.2:40000        > 10.0.0.1:4242         TOY       49 hi\n");
	bench_free(b);
}

static void a_silent_layer_leaves_the_word_to_its_carrier(void **unused)
{
	struct bench *b = bench_new("line");

	(void)unused;
	bench_start(b);
	bench_udp(b, TOY_PORT, "\x01\0\0\0", 4);
	bench_show(b);
	assert_shows(b, " TOY       46 Len=4\n");
	bench_free(b);
}

static void a_wide_address_widens_the_column_for_good(void **unused)
{
	static const uint8_t host[] = "\x09\0\0\0\xfe\x80\0\0\0\0\0\0\x12\x34\x56\x78\x9a\xbc\xde\xf0";
	struct bench *b = bench_new("line");

	(void)unused;
	bench_start(b);
	bench_udp(b, TOY_PORT, host, sizeof host - 1);
	bench_show(b);
	assert_output(b, "    1 22:13:20.123456 fe80::1234:5678:9abc:def0 > 10.0.0.1:4242         "
			 "TOY       62 Len=20\n");
	bench_udp(b, PLAIN_PORT, "abc", 3);
	bench_show(b);
	assert_output(b, "    1 22:13:20.123456 10.0.0.2:40000            > 10.0.0.1:4243         "
			 "UDP       45 Len=3\n");
	bench_free(b);
}

static void link_addresses_stand_in(void **unused)
{
	struct bench *b = bench_new("line");

	(void)unused;
	bench_start(b);
	bench_udp(b, PLAIN_PORT, "abc", 3);
	b->data[12] = 0x99;
	bench_show(b);
	assert_output(b, "    1 22:13:20.123456 02:00:00:00:00:01     > 02:00:00:00:00:02     Ethernet    45 "
			 "Ethernet type 0x9900\n");
	bench_free(b);
}

static void an_unknown_link_type_is_named(void **unused)
{
	struct bench *b = bench_new("line");

	(void)unused;
	bench_start(b);
	bench_udp(b, PLAIN_PORT, "abc", 3);
	b->frame.link = 147;
	bench_show(b);
	assert_shows(b, " link type 147 (user 0) is not decoded\n");
	bench_free(b);
}

static void services_have_names(void **unused)
{
	struct servent *entry = getservbyport(htons(5555), "udp");
	struct bench *b = bench_new("line");
	char expected[128];

	(void)unused;
	if (!entry) {
		bench_free(b);
		print_message("/etc/services does not list UDP port 5555\n");
		skip();
	}
	snprintf(expected, sizeof expected, " > 10.0.0.1:%s ", entry->s_name);
	b->options.numeric = false;
	bench_start(b);
	bench_udp(b, 5555, "\0", 1);
	bench_show(b);
	assert_shows(b, expected);
	assert_shows(b, " 10.0.0.2:40000 ");
	bench_free(b);
}

static void interfaces_have_a_column(void **unused)
{
	char name[] = "eth0", hostile[] = "a\033b";
	struct interface interface = { .name = name };
	struct bench *b = bench_new("line");

	(void)unused;
	b->options.interfaces = true;
	bench_start(b);
	bench_udp(b, PLAIN_PORT, "abc", 3);
	bench_show(b);
	assert_shows(b, "20.123456 - 10.0.0.2");
	b->frame.interface = &interface;
	bench_show(b);
	assert_shows(b, "20.123456 eth0 10.0.0.2");
	interface.name = hostile;
	bench_show(b);
	assert_shows(b, "20.123456 a\\x1bb 10.0.0.2");
	bench_free(b);
}

static void verdicts_follow(void **unused)
{
	struct bench *b = bench_new("line");

	(void)unused;
	bench_start(b);
	bench_udp(b, PLAIN_PORT, "abc", 3);
	b->data[44] ^= 1;
	bench_show(b);
	assert_output(b, UDP_LINE " [bad UDP checksum]\n");
	bench_udp(b, PLAIN_PORT, "abc", 3);
	b->frame.cap_length = 40;
	bench_show(b);
	assert_shows(b, " [cut]\n");
	assert_hides(b, "malformed");
	text_clear(&b->out);
	bench_udp(b, PLAIN_PORT, "abc", 3);
	b->data[39] = 5;
	bench_show(b);
	assert_shows(b, " [malformed UDP: a UDP length below 8]");
	bench_free(b);
}

static void colours_end_before_the_verdict_and_the_line(void **unused)
{
	struct bench *b = bench_new("line");

	(void)unused;
	b->options.color = true;
	bench_start(b);
	bench_udp(b, PLAIN_PORT, "abc", 3);
	b->data[44] ^= 1;
	bench_show(b);
	assert_shows(b, "4243         \033[36mUDP       45 Len=3\033[0m\033[1;31m [bad UDP checksum]\033[0m\n");
	bench_free(b);
}

static void nothing_from_the_wire_steers_the_terminal(void **unused)
{
	static const uint8_t hostile[] = "\x01\0\0\0\x11\033]0;x\007\xc2\x9b\xe2\x80\xae\xff\x80\r\n\t\\";
	struct bench *b = bench_new("line");
	uint32_t code;

	(void)unused;
	bench_start(b);
	bench_udp(b, TOY_PORT, hostile, sizeof hostile - 1);
	bench_show(b);
	assert_shows(b, " \\x1b]0;x\\x07\\x9b\\u202e\\xff\\x80\\r\\n\\t\\\\\n");
	for (size_t at = 0; at + 1 < b->out.length;) {
		unsigned n = utf8_next((uint8_t *)b->out.data + at, b->out.length - at, &code);

		assert_int_not_equal(n, 0);
		assert_false(utf8_unsafe(code));
		at += n;
	}
	bench_free(b);
}

static void octets_follow_when_asked(void **unused)
{
	struct bench *b = bench_new("line");

	(void)unused;
	b->options.hex = b->options.hex_ascii = true;
	bench_start(b);
	bench_udp(b, PLAIN_PORT, "abc", 3);
	bench_show(b);
	assert_shows(b, UDP_LINE "\n0000  02 00 00 00 00 02 02 00  00 00 00 01 08 00 45 00  ..............E.\n");
	assert_shows(b, "\n0020  00 01 9c 40 10 93 00 0b  ");
	bench_free(b);
}

static void whose_it_is_stands_at_the_end(void **unused)
{
	static const struct process python = { .pid = 4242, .name = "python3" }, nameless = { .pid = 9 },
				    red = { .pid = 3, .name = "\x1b[31m" };
	static const struct owner exact = { OWNER_EXACT, 1, false, { &python } },
				  nobody = { OWNER_UNKNOWN, 0, false, { 0 } },
				  port = { OWNER_PORT, 2, true, { &nameless, &red } },
				  past = { OWNER_REMEMBERED, 1, false, { &nameless } },
				  many = { OWNER_EXACT, 4, false, { &python, &nameless, &red, &nameless } };
	static const struct {
		const struct owner *source, *destination;
		const char *words;
	} rows[] = {
		{ &exact, NULL, " [python3 4242 >]" },
		{ NULL, &past, " [> pid 9?]" },
		{ &exact, &nobody, " [python3 4242 > ?]" },
		{ &nobody, &exact, " [? > python3 4242]" },
		{ &port, &exact, " [pid 9, \\x1b[31m 3, ...? > python3 4242]" },
		{ &many, NULL, " [python3 4242, pid 9, \\x1b[31m 3, ... >]" },
		{ &nobody, &nobody, "" },
		{ NULL, &nobody, "" },
		{ NULL, NULL, "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bench *b = bench_new("line");
		char line[256];

		bench_start(b);
		bench_udp(b, PLAIN_PORT, "abc", 3);
		b->frame.owners[OWNER_SOURCE] = rows[i].source;
		b->frame.owners[OWNER_DESTINATION] = rows[i].destination;
		bench_show(b);
		snprintf(line, sizeof line, UDP_LINE "%s\n", rows[i].words);
		assert_output(b, line);
		bench_free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_aligned),
		cmocka_unit_test(a_silent_layer_leaves_the_word_to_its_carrier),
		cmocka_unit_test(a_wide_address_widens_the_column_for_good),
		cmocka_unit_test(link_addresses_stand_in),
		cmocka_unit_test(an_unknown_link_type_is_named),
		cmocka_unit_test(services_have_names),
		cmocka_unit_test(interfaces_have_a_column),
		cmocka_unit_test(verdicts_follow),
		cmocka_unit_test(colours_end_before_the_verdict_and_the_line),
		cmocka_unit_test(nothing_from_the_wire_steers_the_terminal),
		cmocka_unit_test(octets_follow_when_asked),
		cmocka_unit_test(whose_it_is_stands_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
