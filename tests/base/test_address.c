/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses as text, and when two are the same. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* "-" is no address. */
static struct address make(const char *host, uint16_t port, uint32_t scope)
{
	struct address address = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address.storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address.storage;

	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		address.length = sizeof *v4;
	} else if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_scope_id = scope;
		address.length = sizeof *v6;
	}
	address_set_port(&address, port);
	return address;
}

static void texts(void **state)
{
	static const struct {
		const char *host;
		uint16_t port;
		uint32_t scope;
		const char *text, *host_text;
	} rows[] = {
		{ "192.0.2.1", 5555, 0, "192.0.2.1:5555", "192.0.2.1" },
		{ "0.0.0.0", 0, 0, "0.0.0.0:0", "0.0.0.0" },
		{ "255.255.255.255", 65535, 0, "255.255.255.255:65535", "255.255.255.255" },
		{ "2001:db8::1", 5555, 0, "[2001:db8::1]:5555", "2001:db8::1" },
		{ "::", 1, 0, "[::]:1", "::" },
		{ "::ffff:192.0.2.1", 7, 0, "192.0.2.1:7", "192.0.2.1" },
		{ "fe80::1", 5555, 1, "[fe80::1%lo]:5555", "fe80::1%lo" },
		{ "fe80::1", 5555, 4000000000, "[fe80::1%4000000000]:5555", "fe80::1%4000000000" },
		{ "-", 5555, 0, "-", "-" },
	};
	char out[ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address address = make(rows[i].host, rows[i].port, rows[i].scope);

		assert_string_equal(address_text(&address, out), rows[i].text);
		assert_string_equal(address_host_text(&address, out), rows[i].host_text);
		assert_int_equal(address_port(&address), rows[i].host[0] == '-' ? 0 : rows[i].port);
	}
	assert_string_equal(address_text(NULL, out), "-");
}

static void other_families_have_no_text(void **state)
{
	struct address address = { .storage.ss_family = AF_UNIX, .length = sizeof(sa_family_t) };
	char out[ADDRESS_TEXT];

	(void)state;
	address_set_port(&address, 80);
	assert_string_equal(address_text(&address, out), "-");
	assert_int_equal(address_port(&address), 0);
	assert_false(address_is_any(&address));
}

static void the_same_or_not(void **state)
{
	static const struct {
		const char *a, *b;
		uint16_t port_b;
		uint32_t scope_b;
		bool same;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", 5555, 0, true },
		{ "192.0.2.1", "192.0.2.1", 5556, 0, false },
		{ "192.0.2.1", "192.0.2.2", 5555, 0, false },
		{ "192.0.2.1", "::ffff:192.0.2.1", 5555, 0, true },
		{ "::1", "::1", 5555, 0, true },
		{ "::1", "::2", 5555, 0, false },
		{ "::1", "0.0.0.1", 5555, 0, false },
		{ "fe80::1", "fe80::1", 5555, 2, false },
		{ "-", "-", 5555, 0, true },
		{ "-", "0.0.0.0", 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address a = make(rows[i].a, 5555, 0), b = make(rows[i].b, rows[i].port_b, rows[i].scope_b);

		if (address_equal(&a, &b) != rows[i].same || address_equal(&b, &a) != rows[i].same)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
	}
}

static void the_same_host(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", true }, { "192.0.2.1", "192.0.2.2", false },
		{ "192.0.2.1", "::ffff:192.0.2.1", true }, { "fe80::1", "fe80::1", true },
		{ "fe80::1", "fe80::2", false }, { "192.0.2.1", "fe80::1", false }, { "-", "-", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address a = make(rows[i].a, 1, 0), b = make(rows[i].b, 2, 3);

		if (address_same_host(&a, &b) != rows[i].same || address_same_host(&b, &a) != rows[i].same)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
	}
}

static void any_or_not(void **state)
{
	static const struct {
		const char *host;
		bool any;
	} rows[] = {
		{ "0.0.0.0", true }, { "::", true }, { "::ffff:0.0.0.0", true },
		{ "127.0.0.1", false }, { "::1", false }, { "-", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address address = make(rows[i].host, 5555, 0);

		if (address_is_any(&address) != rows[i].any)
			fail_msg("%s", rows[i].host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(other_families_have_no_text),
		cmocka_unit_test(the_same_or_not),
		cmocka_unit_test(the_same_host),
		cmocka_unit_test(any_or_not),
	};

	return cmocka_run_group_tests_name("net/address", tests, NULL, NULL);
}
