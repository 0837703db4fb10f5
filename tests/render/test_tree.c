/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree: headings, places, bits, generated fields, verdicts. */
#include "packets.h"

static void every_field_has_its_line(void **unused)
{
	struct bench *b = bench_new("tree");

	(void)unused;
	setenv("TZ", "UTC", 1);
	tzset();
	bench_start(b);
	bench_udp(b, TOY_PORT, "\x02\xff\xfe\x32\x02hi", 7);
	bench_show(b);
	assert_shows(b, "\nEthernet (eth), 14 octets at 0: Ethernet type 0x0800\n"
			"  0-5       Destination: 02:00:00:00:00:02\n");
	assert_shows(b, "\n  12-13     Type: 0x0800 (IPv4)\n");
	assert_shows(b, "\n  20          .1. = Don't fragment: true\n");
	assert_shows(b, "\n  40-41       [Checksum Status: 1 (good)]\n");
	assert_shows(b, "\nA toy (toy), 7 octets at 42: hi\n"
			"  42        Kind: 2 (two)\n"
			"  43-44     Level: -2\n"
			"  45        Flags: 0x32\n"
			"  45          .... ..1. = Loud: true\n"
			"  45          0011 .... = Size: 3\n"
			"            [Mark]\n"
			"            [Time: 2001-09-09 01:46:40.000000001 UTC]\n"
			"            [Wait: -1.500000000 seconds]\n"
			"  47-48     Text: hi\n");
	assert_true(b->out.data[0] != '\n');
	bench_show(b);
	assert_shows(b, "\n  47-48     Text: hi\n\nFrame (frame)");
	bench_free(b);
}

static void verdicts_have_lines(void **unused)
{
	struct bench *b = bench_new("tree");

	(void)unused;
	bench_start(b);
	bench_udp(b, TOY_PORT, "\x01\0\0\0\x09" "a", 6);
	bench_show(b);
	assert_shows(b, "\n            [malformed: the packet ends before the field does, at octet 47]\n");
	bench_free(b);
}

static void long_octets_are_shortened(void **unused)
{
	struct bench *b = bench_new("tree");
	uint8_t zeros[100] = { 0 };

	(void)unused;
	bench_start(b);
	bench_udp(b, PLAIN_PORT, zeros, sizeof zeros);
	bench_show(b);
	assert_shows(b, "0000000000... (100 octets)\n");
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_has_its_line),
		cmocka_unit_test(verdicts_have_lines),
		cmocka_unit_test(long_octets_are_shortened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
