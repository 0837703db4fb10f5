/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of hosts and services: what is understood, what is refused and in which words. */
#include "own.h"

#include "net/endpoint.h"

static void write_addresses(const struct addresses *at, char *out, size_t size)
{
	char one[ADDRESS_TEXT];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < at->count; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " " : "",
					 address_text(&at->list[i], one));
}

static void what_is_understood(void **state)
{
	static const struct {
		const char *host, *service;
		int family, type;
		const char *found;
	} rows[] = {
		{ "127.0.0.1", "5555", AF_UNSPEC, SOCK_DGRAM, "127.0.0.1:5555" },
		{ "127.0.0.1", "rplay", AF_UNSPEC, SOCK_DGRAM, "127.0.0.1:5555" },
		{ "127.0.0.1", "rplay", AF_UNSPEC, SOCK_STREAM, "127.0.0.1:5555" }, /* registered for UDP only */
		{ "127.0.0.1", "0", AF_INET, SOCK_STREAM, "127.0.0.1:0" },
		{ "127.0.0.1", "65535", AF_INET, SOCK_STREAM, "127.0.0.1:65535" },
		{ "255.255.255.255", "6666", AF_UNSPEC, SOCK_DGRAM, "255.255.255.255:6666" },
		{ "::1", "5555", AF_UNSPEC, SOCK_STREAM, "[::1]:5555" },
		{ "fe80::1%lo", "5555", AF_INET6, SOCK_DGRAM, "[fe80::1%lo]:5555" },
		{ "localhost", "80", AF_INET, SOCK_STREAM, "127.0.0.1:80" },
		{ NULL, "3500", AF_INET, SOCK_DGRAM, "0.0.0.0:3500" },
	};
	char found[512];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { "" };
		struct addresses at;

		if (endpoint_resolve(NULL, rows[i].host, rows[i].service, rows[i].family, rows[i].type, &at, &err))
			fail_msg("%s %s: %s", rows[i].host, rows[i].service, err.text);
		write_addresses(&at, found, sizeof found);
		assert_string_equal(found, rows[i].found);
		addresses_release(&at);
		assert_int_equal(at.count, 0);
	}
}

static void what_is_not(void **state)
{
	static const struct {
		const char *host, *service;
		int family;
		const char *says;
	} rows[] = {
		{ NULL, "65536", AF_UNSPEC, "port '65536': not from 0 to 65535; choose another" },
		{ "127.0.0.1", "99999999999999999999999", AF_UNSPEC,
		  "port '99999999999999999999999': not from 0 to 65535; choose another" },
		{ "127.0.0.1", "-1", AF_UNSPEC, "port '-1': not from 0 to 65535; choose another" },
		{ "127.0.0.1", "abc", AF_UNSPEC,
		  "port 'abc': neither a number nor a name in /etc/services; give the number" },
		{ "127.0.0.1", "55x", AF_UNSPEC,
		  "port '55x': neither a number nor a name in /etc/services; give the number" },
		{ "127.0.0.1", "", AF_UNSPEC,
		  "port '': neither a number nor a name in /etc/services; give the number" },
		{ "127.0.0.1", "5555", AF_INET6,
		  "127.0.0.1: has no address of IPv6, which -6 or --bind asks for; use another" },
		{ "::1", "5555", AF_INET, "::1: has no address of IPv4, which -4 or --bind asks for; use another" },
		{ "fe80::1%nowhere", "5555", AF_UNSPEC,
		  "fe80::1%nowhere: name does not resolve: Name or service not known; check the spelling or "
		  "use an address" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { "" };
		struct addresses at;

		assert_int_equal(endpoint_resolve(NULL, rows[i].host, rows[i].service, rows[i].family, SOCK_DGRAM, &at,
						  &err), -1);
		assert_string_equal(err.text, rows[i].says);
		assert_int_equal(at.count, 0);
	}
}

static void a_name_that_nobody_knows(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, false);
	struct error err = { "" };
	struct addresses at;
	char *story;

	(void)state;
	own_need(); /* so that no name server is asked */
	assert_int_equal(endpoint_resolve(&n, "nohost.invalid", "5555", AF_UNSPEC, SOCK_DGRAM, &at, &err), -1);
	assert_non_null(strstr(err.text, "nohost.invalid: name does not resolve: "));
	assert_non_null(strstr(err.text, "; check the spelling or use an address"));
	story = told_take(&told);
	assert_non_null(strstr(story, "getaddrinfo(\"nohost.invalid\", \"5555\", {AF_UNSPEC, SOCK_DGRAM}) ...\n"
				      "... getaddrinfo(\"nohost.invalid\", \"5555\", {AF_UNSPEC, SOCK_DGRAM}) = EAI_"));
	free(story);
}

static void resolving_is_told(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct error err = { "" };
	struct addresses at;

	(void)state;
	assert_int_equal(endpoint_resolve(&n, "127.0.0.1", "rplay", AF_INET, SOCK_STREAM, &at, &err), 0);
	told_is(&told, 2,
		"getservbyname(\"rplay\") = 5555\n"
		"    A name from /etc/services, for people: in the packets there is only the number.\n"
		"getaddrinfo(\"127.0.0.1\", \"5555\", {AF_INET, SOCK_STREAM}) = 0: 127.0.0.1:5555\n"
		"    Turns the written address and the port into the structure that socket calls take.\n");
	addresses_release(&at);
}

static void any_address_is_both(void **state)
{
	struct error err = { "" };
	struct addresses at;
	char found[256];

	(void)state;
	ipv6_need();
	assert_int_equal(endpoint_resolve(NULL, NULL, "5555", AF_UNSPEC, SOCK_DGRAM, &at, &err), 0);
	write_addresses(&at, found, sizeof found);
	assert_string_equal(found, "0.0.0.0:5555 [::]:5555");
	addresses_release(&at);
	assert_int_equal(endpoint_resolve(NULL, NULL, "5555", AF_INET6, SOCK_DGRAM, &at, &err), 0);
	write_addresses(&at, found, sizeof found);
	assert_string_equal(found, "[::]:5555");
	addresses_release(&at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_understood),
		cmocka_unit_test(what_is_not),
		cmocka_unit_test(a_name_that_nobody_knows),
		cmocka_unit_test(resolving_is_told),
		cmocka_unit_test(any_address_is_both),
	};

	return cmocka_run_group_tests_name("net/resolve", tests, own_network, NULL);
}
