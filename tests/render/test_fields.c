/* SPDX-License-Identifier: BSD-2-Clause */
/* -T fields -e ... -E ...: tshark's meaning. */
#include "packets.h"

#include <time.h>

#define THREE "\x02\0\0\x50\x01" "a\x01" "b\x01" "c"

static struct bench *with(const char *const *names)
{
	struct bench *b = bench_new("fields");

	for (; *names; names++)
		bench_choose(b, *names);
	return b;
}

static void show(struct bench *b, const char *payload, size_t length)
{
	bench_start(b);
	bench_udp(b, TOY_PORT, payload, length);
	bench_show(b);
}

static void columns_stand_in_the_order_asked(void **unused)
{
	struct bench *b = with((const char *const[]){ "udp.dstport", "ip.src", "toy.host", "toy.kind", NULL });

	(void)unused;
	show(b, "\x02\0\0\0", 4);
	assert_output(b, "4242\t10.0.0.2\t\t2\n");
	bench_udp(b, PLAIN_PORT, "", 0);
	bench_show(b);
	assert_output(b, "4243\t10.0.0.2\t\t\n");
	bench_free(b);
}

static void values_have_tsharks_forms(void **unused)
{
	struct bench *b = with((const char *const[]){ "ip.flags", "ip.flags.df", "ip.flags.mf", "eth.type", "eth.dst",
						      "udp.payload", "toy.level", "toy.mark", NULL });

	(void)unused;
	show(b, "\x02\xff\xff\0", 4);
	assert_output(b, "0x02\t1\t0\t0x0800\t02:00:00:00:00:02\t02ffff00\t-1\t1\n");
	bench_free(b);
}

static void times_have_tsharks_forms(void **unused)
{
	struct bench *b = with((const char *const[]){ "frame.time", "frame.time_epoch", "frame.time_relative",
						      "toy.time", "toy.wait", NULL });

	(void)unused;
	setenv("TZ", "XYZ-5:30", 1);
	tzset();
	show(b, "\x02\0\0\0", 4);
	assert_output(b, "Nov 15, 2023 03:43:20.123456789 XYZ\t1700000000.123456789\t0.123456789\t"
			 "Sep  9, 2001 07:16:40.000000001 XYZ\t-1.500000000\n");
	bench_free(b);
}

static void occurrences(void **unused)
{
	static const struct {
		char occurrence;
		const char *expected;
	} rows[] = { { 'a', "a;b;c\n" }, { 'f', "a\n" }, { 'l', "c\n" } };

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bench *b = with((const char *const[]){ "toy.text", NULL });

		b->options.occurrence = rows[i].occurrence;
		b->options.aggregator = ';';
		show(b, THREE, sizeof THREE - 1);
		assert_output(b, rows[i].expected);
		bench_free(b);
	}
}

static void a_name_for_either_gives_both_in_packet_order(void **unused)
{
	struct bench *b = with((const char *const[]){ "ip.addr", "ip.dst", "toy.either", "ip.addr", NULL });

	(void)unused;
	show(b, "\x02\0\0\x50", 4);
	assert_output(b, "10.0.0.2,10.0.0.1\t10.0.0.1\t2,5\t10.0.0.2,10.0.0.1\n");
	bench_free(b);
}

static void header_separator_and_quotes(void **unused)
{
	struct bench *b = with((const char *const[]){ "ip.src", "toy.host", "toy.text", NULL });

	(void)unused;
	b->options.header = true;
	b->options.separator = ',';
	b->options.quote = '"';
	show(b, "\x01\0\0\0\x04" "a\"b\t\x03\"\"\"", 13);
	assert_output(b, "ip.src,toy.host,toy.text\n\"10.0.0.2\",,\"a\"\"b\\t,\"\"\"\"\"\"\"\n");
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_stand_in_the_order_asked),
		cmocka_unit_test(values_have_tsharks_forms),
		cmocka_unit_test(times_have_tsharks_forms),
		cmocka_unit_test(occurrences),
		cmocka_unit_test(a_name_for_either_gives_both_in_packet_order),
		cmocka_unit_test(header_separator_and_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
