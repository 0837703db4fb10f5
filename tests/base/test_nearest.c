/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/nearest.h"

static const char *const words[] = { "read", "capture", "list", "udp.srcport", "udp.dstport", NULL };

static void near_words_are_found(void **unused)
{
	(void)unused;
	assert_string_equal(nearest("raed", words), "read");
	assert_string_equal(nearest("captur", words), "capture");
	assert_string_equal(nearest("CAPTURE", words), "capture");
	assert_string_equal(nearest("udp.scrport", words), "udp.srcport");
	assert_string_equal(nearest("udp.dsport", words), "udp.dstport");
}

static void far_words_are_not(void **unused)
{
	char longest[200];

	(void)unused;
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_null(nearest("", words));
	assert_null(nearest("zzzz", words));
	assert_null(nearest("help", words));
	assert_null(nearest(longest, words));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(near_words_are_found),
		cmocka_unit_test(far_words_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
