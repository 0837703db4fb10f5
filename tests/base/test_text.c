/* SPDX-License-Identifier: BSD-2-Clause */
/* The growing string, numbers, addresses, escapes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/utf8.h"

static void is(struct text *t, const char *expected)
{
	text_char(t, '\0');
	assert_string_equal(t->data, expected);
	text_clear(t);
}

static void numbers_are_as_printf_says(void **unused)
{
	struct text t = { 0 };
	char expected[32];
	uint64_t power = 1;

	(void)unused;
	for (unsigned i = 0; i < 20; i++, power *= 10) {
		for (int around = -1; around <= 1; around++) {
			uint64_t value = power + (uint64_t)around;

			snprintf(expected, sizeof expected, "%" PRIu64, value);
			assert_int_equal(uint_digits(value), strlen(expected));
			text_uint(&t, value);
			is(&t, expected);
			snprintf(expected, sizeof expected, "%" PRId64, (int64_t)value);
			text_int(&t, (int64_t)value);
			is(&t, expected);
			snprintf(expected, sizeof expected, "%020" PRIu64, value);
			text_wrote(&t, put_uint_padded(text_room(&t, 20), value, 20));
			is(&t, expected);
		}
	}
	text_uint(&t, UINT64_MAX);
	is(&t, "18446744073709551615");
	text_int(&t, INT64_MIN);
	is(&t, "-9223372036854775808");
	text_wrote(&t, put_uint_padded(text_room(&t, 20), 12345, 3));
	is(&t, "345");
	text_wrote(&t, put_uint_padded(text_room(&t, 20), 12345678901234567, 5));
	is(&t, "34567");
	text_wrote(&t, put_uint_padded(text_room(&t, 20), UINT64_C(1) << 32, 1));
	is(&t, "6");
	text_release(&t);
}

static void seconds_are_cut(void **unused)
{
	struct text t = { 0 };

	(void)unused;
	text_seconds(&t, 1999999999, 3);
	is(&t, "1.999");
	text_seconds(&t, -1, 9);
	is(&t, "-0.000000001");
	text_seconds(&t, 1999999999, 0);
	is(&t, "1");
	text_seconds(&t, INT64_MIN, 9);
	is(&t, "-9223372036.854775808");
	text_release(&t);
}

static void addresses(void **unused)
{
	static const struct {
		uint8_t octets[16];
		const char *expected;
	} rows[] = {
		{ { 0 }, "::" },
		{ { [15] = 1 }, "::1" },
		{ { 0xfe, 0x80 }, "fe80::" },
		{ { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 }, "2001:db8:0:1:1:1:1:1" },
		{ { 0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1 }, "2001:0:0:1::1" },
		{ { 0x20, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1 }, "2001::1:1:0:0:1" },
		{ { [10] = 0xff, [11] = 0xff, [12] = 10, [15] = 1 }, "::ffff:10.0.0.1" },
	};
	struct text t = { 0 };

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		text_wrote(&t, put_ipv6(text_room(&t, 45), rows[i].octets));
		is(&t, rows[i].expected);
	}
	text_wrote(&t, put_ipv4(text_room(&t, 15), 0xff0a6300));
	is(&t, "255.10.99.0");
	text_wrote(&t, put_mac(text_room(&t, 17), rows[3].octets, 6, '-'));
	is(&t, "20-01-0d-b8-00-00");
	text_release(&t);
}

static void hexadecimal(void **unused)
{
	struct text t = { 0 };
	uint8_t all[256];
	char expected[3];

	(void)unused;
	for (unsigned i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	text_hex_bytes(&t, all, 0);
	assert_int_equal(t.length, 0);
	text_hex_bytes(&t, all, 255);
	assert_int_equal(t.length, 510);
	for (unsigned i = 0; i < 255; i++) {
		snprintf(expected, sizeof expected, "%02x", i);
		assert_memory_equal(t.data + 2 * i, expected, 2);
	}
	text_release(&t);
}

static void padding_counts_code_points(void **unused)
{
	struct text t = { 0 };

	(void)unused;
	text_string(&t, "x\xc3\xa9");
	text_pad(&t, 1, 3);
	text_char(&t, '|');
	text_pad(&t, 0, 2);
	is(&t, "x\xc3\xa9  |");
	text_release(&t);
}

static const struct {
	const char *in;
	size_t length;
	const char *escaped, *json;
} escapes[] = {
	{ "", 0, "", "" },
	{ "plain \"text\"", 12, "plain \"text\"", "plain \\\"text\\\"" },
	{ "a\\b", 3, "a\\\\b", "a\\\\b" },
	{ "\r\n\t", 3, "\\r\\n\\t", "\\r\\n\\t" },
	{ "\0\033\177", 3, "\\x00\\x1b\\x7f", "\\u0000\\u001b\\u007f" },
	{ "\xc2\x85\xc2\x9b", 4, "\\x85\\x9b", "\\u0085\\u009b" },
	{ "\xe2\x80\xae\xe2\x80\xa8\xef\xbb\xbf", 9, "\\u202e\\u2028\\ufeff", "\\u202e\\u2028\\ufeff" },
	{ "\xff\xc0\xaf\xed\xa0\x80", 6, "\\xff\\xc0\\xaf\\xed\\xa0\\x80",
	  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "\xe2\x80", 2, "\\xe2\\x80", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "\xc3\xa9\xf0\x9f\x98\x80", 6, "\xc3\xa9\xf0\x9f\x98\x80", "\xc3\xa9\xf0\x9f\x98\x80" },
};

/* Each at every place within and behind a run of plain text, which is handled eight octets at a time. */
static void escapes_at_every_place(void **unused)
{
	static const char plain[] = "0123456789abcdefghij";
	struct text in = { 0 }, out = { 0 }, expected = { 0 };

	(void)unused;
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		for (size_t before = 0; before < sizeof plain; before++) {
			text_add(&in, plain, before);
			text_add(&in, escapes[i].in, escapes[i].length);
			text_string(&in, plain);
			text_escaped(&out, in.data, in.length);
			text_format(&expected, "%.*s%s%s%c", (int)before, plain, escapes[i].escaped, plain, 0);
			is(&out, expected.data);
			text_clear(&expected);
			text_json(&out, in.data, in.length);
			text_format(&expected, "%.*s%s%s%c", (int)before, plain, escapes[i].json, plain, 0);
			is(&out, expected.data);
			text_clear(&expected);
			text_clear(&in);
		}
	}
	text_release(&in);
	text_release(&out);
	text_release(&expected);
}

/* Whatever pair of octets comes, what goes out is UTF-8 that cannot steer a terminal. */
static void nothing_unsafe_passes(void **unused)
{
	struct text out = { 0 };
	uint32_t code;

	(void)unused;
	for (unsigned pair = 0; pair < 65536; pair++) {
		const uint8_t in[10] = { 'a', 'b', 'c', (uint8_t)(pair >> 8), (uint8_t)pair, 'd', 'e', 'f', 'g', 'h' };

		text_clear(&out);
		text_escaped(&out, in, sizeof in);
		text_json(&out, in, sizeof in);
		for (size_t at = 0; at < out.length;) {
			unsigned n = utf8_next((const uint8_t *)out.data + at, out.length - at, &code);

			assert_int_not_equal(n, 0);
			assert_false(utf8_unsafe(code));
			at += n;
		}
	}
	text_release(&out);
}

static void it_grows(void **unused)
{
	struct text t = { 0 };

	(void)unused;
	for (unsigned i = 0; i < 5000; i++)
		text_format(&t, "%u,", i % 10);
	assert_int_equal(t.length, 10000);
	assert_memory_equal(t.data + 9990, "5,6,7,8,9,", 10);
	text_fill(&t, '-', 3);
	assert_memory_equal(t.data + 10000, "---", 3);
	text_release(&t);
	assert_null(t.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_as_printf_says), cmocka_unit_test(seconds_are_cut),
		cmocka_unit_test(addresses),                  cmocka_unit_test(hexadecimal),
		cmocka_unit_test(padding_counts_code_points), cmocka_unit_test(escapes_at_every_place),
		cmocka_unit_test(nothing_unsafe_passes),      cmocka_unit_test(it_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
