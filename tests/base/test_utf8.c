/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"

static unsigned encode(uint32_t code, uint8_t out[4])
{
	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (uint8_t)(0xc0 | code >> 6);
		out[1] = (uint8_t)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (uint8_t)(0xe0 | code >> 12);
		out[1] = (uint8_t)(0x80 | (code >> 6 & 63));
		out[2] = (uint8_t)(0x80 | (code & 63));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | code >> 18);
	out[1] = (uint8_t)(0x80 | (code >> 12 & 63));
	out[2] = (uint8_t)(0x80 | (code >> 6 & 63));
	out[3] = (uint8_t)(0x80 | (code & 63));
	return 4;
}

static void every_code_point_comes_back(void **unused)
{
	uint8_t octets[4];
	uint32_t back;

	(void)unused;
	for (uint32_t code = 0; code < 0x110000; code++) {
		unsigned length = encode(code, octets);
		bool surrogate = code >= 0xd800 && code < 0xe000;

		assert_int_equal(utf8_next(octets, 4, &back), surrogate ? 0 : length);
		if (surrogate)
			continue;
		assert_int_equal(back, code);
		assert_int_equal(length > 1 ? utf8_next(octets, length - 1, &back) : 0, 0);
	}
}

static void what_is_no_utf8(void **unused)
{
	static const char *const wrong[] = { "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
					     "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3(", "\xe2\x82(" };
	uint32_t code;

	(void)unused;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(utf8_next((const uint8_t *)wrong[i], __builtin_strlen(wrong[i]), &code), 0);
	assert_true(utf8_valid((const uint8_t *)"a\xc3\xa9", 3));
	assert_false(utf8_valid((const uint8_t *)"a\xc3", 2));
	assert_true(utf8_valid((const uint8_t *)"", 0));
}

static void unsafe_code_points(void **unused)
{
	static const uint32_t unsafe[] = { 0, 7, 0x1b, 0x1f, 0x7f, 0x80, 0x9b, 0x9f, 0x61c, 0x200e, 0x202a, 0x202e,
					   0x2028, 0x2066, 0x2069, 0xfeff };
	static const uint32_t safe[] = { ' ', '~', 0xa0, 0xe9, 0x20ac, 0x4e2d, 0x1f600 };

	(void)unused;
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
		assert_true(utf8_unsafe(unsafe[i]));
	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
		assert_false(utf8_unsafe(safe[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_comes_back),
		cmocka_unit_test(what_is_no_utf8),
		cmocka_unit_test(unsafe_code_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
