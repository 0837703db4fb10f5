/* SPDX-License-Identifier: BSD-2-Clause */
/* Values as text, octets as lines, services. */
#include "packets.h"
#include "render/names.h"

#include <netdb.h>
#include <netinet/in.h>

static const struct value_name answers[] = { { 1, "yes" }, { 0, NULL } };

static void check(struct field_def def, uint64_t value, uint32_t length, const char *expected, const char *named)
{
	struct field field = { .def = &def, .length = length, .value.uint = value };
	struct text out = { 0 };

	render_value(&out, &field);
	text_char(&out, '\0');
	assert_string_equal(out.data, expected);
	text_clear(&out);
	render_value_named(&out, &field);
	text_char(&out, '\0');
	assert_string_equal(out.data, named);
	text_release(&out);
}

static void numbers(void **unused)
{
	(void)unused;
	check((struct field_def){ .type = FIELD_UINT, .names = answers }, 1, 0, "1", "1 (yes)");
	check((struct field_def){ .type = FIELD_UINT, .names = answers }, 2, 0, "2", "2");
	check((struct field_def){ .type = FIELD_UINT }, UINT64_MAX, 0, "18446744073709551615", "18446744073709551615");
	check((struct field_def){ .type = FIELD_INT }, (uint64_t)INT64_MIN, 0,
	      "-9223372036854775808", "-9223372036854775808");
	check((struct field_def){ .type = FIELD_BOOL }, 1, 0, "true", "true");
	check((struct field_def){ .type = FIELD_BOOL }, 0, 0, "false", "false");
	check((struct field_def){ .type = FIELD_NONE }, 0, 0, "present", "present");
	check((struct field_def){ .type = FIELD_IPV4 }, 0x0a000001, 4, "10.0.0.1", "10.0.0.1");
	check((struct field_def){ .type = FIELD_DURATION }, (uint64_t)-1, 0, "-0.000000001", "-0.000000001 seconds");
}

static void hexadecimal_has_two_digits_an_octet(void **unused)
{
	(void)unused;
	check((struct field_def){ .type = FIELD_HEX, .width = 2, .names = answers }, 1, 2, "0x0001", "0x0001 (yes)");
	check((struct field_def){ .type = FIELD_HEX, .width = 8 }, 0xab, 8, "0x00000000000000ab", "0x00000000000000ab");
	check((struct field_def){ .type = FIELD_HEX }, 2, 1, "0x02", "0x02");
	check((struct field_def){ .type = FIELD_HEX }, 0, 0, "0x00", "0x00");
	check((struct field_def){ .type = FIELD_HEX }, 0x123, 0, "0x0123", "0x0123");
	check((struct field_def){ .type = FIELD_HEX, .width = 1 }, UINT64_MAX, 1,
	      "0xffffffffffffffff", "0xffffffffffffffff");
}

static void octets(void **unused)
{
	static const uint8_t bytes[] = { 0xde, 0xff, 0xbe, 0xef, 0x00, '\\' }, address[16] = { [0] = 0x20, [15] = 1 };

	(void)unused;
	check((struct field_def){ .type = FIELD_BYTES }, (uintptr_t)bytes, 6, "deffbeef005c", "deffbeef005c");
	check((struct field_def){ .type = FIELD_MAC }, (uintptr_t)bytes, 6, "de:ff:be:ef:00:5c", "de:ff:be:ef:00:5c");
	check((struct field_def){ .type = FIELD_STRING }, (uintptr_t)bytes, 6, "\\xde\\xff\\xbe\\xef\\x00\\\\",
	      "\\xde\\xff\\xbe\\xef\\x00\\\\");
	check((struct field_def){ .type = FIELD_IPV6 }, (uintptr_t)address, 16, "2000::1", "2000::1");
}

static void times(void **unused)
{
	(void)unused;
	setenv("TZ", "QQQ-2", 1);
	tzset();
	check((struct field_def){ .name = "a.time", .type = FIELD_TIME }, 1700000000000000001, 0,
	      "2023-11-15 00:13:20.000000001 QQQ", "2023-11-15 00:13:20.000000001 QQQ");
	check((struct field_def){ .name = "a.time_epoch", .type = FIELD_TIME }, 1700000000000000001, 0,
	      "1700000000.000000001", "1700000000.000000001");
}

static void check_hex(size_t length, bool ascii, const char *expected)
{
	uint8_t data[20];
	struct text out = { 0 };

	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i + 0x6f);
	render_hex(&out, data, length, ascii);
	text_char(&out, '\0');
	assert_string_equal(out.data, expected);
	text_release(&out);
}

static void lines_of_octets(void **unused)
{
	(void)unused;
	check_hex(0, true, "");
	check_hex(1, false, "0000  6f\n");
	check_hex(9, false, "0000  6f 70 71 72 73 74 75 76  77\n");
	check_hex(18, true, "0000  6f 70 71 72 73 74 75 76  77 78 79 7a 7b 7c 7d 7e  opqrstuvwxyz{|}~\n"
			    "0010  7f 80                                             ..\n");
}

static void services(void **unused)
{
	struct servent *entry = getservbyport(htons(53), "tcp");
	struct names *names;

	(void)unused;
	if (!entry) {
		print_message("/etc/services does not list TCP port 53\n");
		skip();
	}
	names = names_new();
	assert_null(names_service(names, 0, false));
	assert_string_equal(names_service(names, 53, true)->name, entry->s_name);
	names_free(names);
}

static void renderers_are_found(void **unused)
{
	(void)unused;
	assert_null(renderer_find("pdml"));
	for (size_t i = 0; renderer_list[i]; i++)
		assert_ptr_equal(renderer_find(renderer_list[i]->name), renderer_list[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),         cmocka_unit_test(hexadecimal_has_two_digits_an_octet),
		cmocka_unit_test(octets),          cmocka_unit_test(times),
		cmocka_unit_test(lines_of_octets), cmocka_unit_test(services),
		cmocka_unit_test(renderers_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
