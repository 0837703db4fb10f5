/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters of ss(8): what they become, and what is refused at which place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sockets/columns.h"
#include "sockets/ss_filter.h"

static const struct {
	const char *ss, *ours;
} translations[] = {
	{ "state established", "state in {1}" },
	{ "state established and dport = 5555", "state in {1} and (dport == 5555)" },
	{ "state established dport = :5555", "state in {1} and (dport == 5555)" },
	{ "state established ( dport = :22 or sport = :22 )", "state in {1} and ((dport == 22 or sport == 22))" },
	{ "state established state listening sport 22", "state in {1, 10} and (sport == 22)" },
	{ "state established or state close-wait", "state in {1} or state in {8}" },
	{ "state established dport = 1 or sport = 2", "state in {1} and (dport == 1 or sport == 2)" },
	{ "exclude listening exclude closed", "state in {1, 2, 3, 4, 5, 6, 8, 9, 11}" },
	{ "state all", "state in {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}" },
	{ "state connected", "state in {1, 2, 3, 4, 5, 6, 8, 9, 11}" },
	{ "state synchronized", "state in {1, 3, 4, 5, 6, 8, 9, 11}" },
	{ "state bucket", "state in {3, 6}" },
	{ "state big", "state in {1, 2, 4, 5, 7, 8, 9, 10, 11}" },
	{ "state established exclude established", "(not socket)" },
	{ "not ( state listening )", "not ((state in {10}))" },
	{ "! sport = 22", "not (sport == 22)" },
	{ "sport != 22", "not sport == 22" },
	{ "sport ne :22 sport neq 23", "not sport == 22 and not sport == 23" },
	{ "sport>1024", "sport > 1024" },
	{ "sport gt 1 and sport ge 2 && sport lt 3 & sport le 4",
	  "sport > 1 and sport >= 2 and sport < 3 and sport <= 4" },
	{ "sport eq 1 || sport == 2 | sport <= 3", "sport == 1 or sport == 2 or sport <= 3" },
	{ "dst 10.0.0.0/8", "(ip.dst == 10.0.0.0/8)" },
	{ "src = 10.0.0.1:80", "(ip.src == 10.0.0.1 and sport == 80)" },
	{ "dst != 10.0.0.1", "not (ip.dst == 10.0.0.1)" },
	{ "src [::1]:80", "(ipv6.src == ::1 and sport == 80)" },
	{ "src [fe80::]/10", "(ipv6.src == fe80::/10)" },
	{ "src fe80::/10", "(ipv6.src == fe80::/10)" },
	{ "dst :5555", "(socket and dport == 5555)" },
	{ "dst *:5555", "(socket and dport == 5555)" },
	{ "src *", "(socket)" },
	{ "src /tmp/*.x", "(kind == \"unix\" and local matches \"(?-i)^/tmp/.*[\\\\.]x$\")" },
	{ "src unix:@a\"b]", "(kind == \"unix\" and local matches \"(?-i)^[\\\\@]a\\\"b[\\\\]]$\")" },
	{ "src */x", "(kind == \"unix\" and local matches \"(?-i)^.*/x$\")" },
	{ "src @a\\b?", "(kind == \"unix\" and local matches \"(?-i)^[\\\\@]a[\\\\\\\\]b.$\")" },
	{ "dev lo", "(dev == \"lo\")" },
	{ "dev != eth\"0", "not (dev == \"eth\\\"0\")" },
	{ "fwmark = 0x10", "(mark == 16)" },
	{ "fwmark = 0x11/0xf0", "(mark & 240 == 16)" },
};

static void test_translations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof translations / sizeof *translations; i++) {
		struct error err = { "" };
		struct text out = { 0 };
		struct filter *filter;

		if (ss_filter_translate(translations[i].ss, &out, &err) < 0)
			fail_msg("%s: %s", translations[i].ss, err.text);
		text_char(&out, '\0');
		assert_string_equal(out.data, translations[i].ours);
		filter = filter_compile_for(&socket_names, out.data, &err);
		if (!filter)
			fail_msg("%s: %s", translations[i].ss, err.text);
		filter_free(filter);
		text_release(&out);
	}
}

static void test_services_and_hosts(void **state)
{
	struct error err = { "" };
	struct text out = { 0 };

	(void)state;
	assert_int_equal(ss_filter_translate("dport = :ssh or dst localhost", &out, &err), 0);
	text_char(&out, '\0');
	assert_non_null(strstr(out.data, "dport == 22 or ("));
	assert_non_null(strstr(out.data, "ip.dst == 127.0.0.1"));
	text_release(&out);
}

static const struct {
	const char *ss, *text;
} refusals[] = {
	{ "state estblished",
	  "this is not a state; did you mean 'established'?\n  state estblished\n        ^~~~~~~~~~" },
	{ "state", "the filter ends too early: a state is missing\n  state\n       ^" },
	{ "dport = 70000",
	  "this is no port: use 0 to 65535, or the name of a service\n  dport = 70000\n          ^~~~~" },
	{ "dport = :nosuchservice", "no service has this name; use a port, 0 to 65535\n  dport = :nosuchservice\n"
				    "          ^~~~~~~~~~~~~~" },
	{ "dprt = 5",
	  "this is not a condition (state, src, dst, sport, dport, dev, fwmark, cgroup, autobound); did you "
	  "mean 'dport'?\n  dprt = 5\n  ^~~~" },
	{ "( dport = 5", "a ) is missing here\n  ( dport = 5\n             ^" },
	{ "dport = 5 )", "nothing is open that this could close\n  dport = 5 )\n            ^" },
	{ "dst > 10.0.0.1", "this can be equal (=) or not (!=), and not smaller or larger\n  dst > 10.0.0.1\n"
			    "        ^~~~~~~~" },
	{ "dst 10.0.0.0/33", "a prefix has 0 to 32 bits\n  dst 10.0.0.0/33\n      ^~~~~~~~~~~" },
	{ "fwmark = x", "this is no mark: use a number, perhaps with a mask, as in 0x10/0xf0\n  fwmark = x\n"
			"           ^" },
	{ "cgroup = /no/such", "there is no such control group below /sys/fs/cgroup\n  cgroup = /no/such\n"
			       "           ^~~~~~~~" },
	{ "dev", "the filter ends too early: the name of an interface is missing\n  dev\n     ^" },
};

static void test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		struct error err = { "" };
		struct text out = { 0 };

		if (ss_filter_translate(refusals[i].ss, &out, &err) == 0)
			fail_msg("%s: taken for a filter", refusals[i].ss);
		assert_string_equal(err.text, refusals[i].text);
		text_release(&out);
	}
}

static void test_depth(void **state)
{
	char deep[1024] = "";
	struct error err = { "" };
	struct text out = { 0 };

	(void)state;
	memset(deep, '(', sizeof deep - 1);
	assert_int_equal(ss_filter_translate(deep, &out, &err), -1);
	assert_non_null(strstr(err.text, "nested too deeply"));
	text_release(&out);
}

static void test_languages(void **state)
{
	(void)state;
	assert_true(ss_filter_is("state established"));
	assert_true(ss_filter_is("dport = 5555"));
	assert_true(ss_filter_is("sport :ssh"));
	assert_true(ss_filter_is("not dst 10.0.0.1"));
	assert_false(ss_filter_is("state == \"ESTAB\" && dport == 5555"));
	assert_false(ss_filter_is("ip.src == 10.0.0.1"));
	assert_false(ss_filter_is("prt > 5"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_translations), cmocka_unit_test(test_services_and_hosts),
		cmocka_unit_test(test_refusals),     cmocka_unit_test(test_depth),
		cmocka_unit_test(test_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
