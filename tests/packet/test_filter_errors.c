/* SPDX-License-Identifier: BSD-2-Clause */
/* What filters are refused, with which words and a mark at which place; and the limits. */
#include "filtering.h"

#include "base/text.h"

static void refused(const char *expression, struct error *err)
{
	struct filter *filter;

	memset(err, 0, sizeof *err);
	filter = filter_compile(expression, err);
	if (filter)
		fail_msg("%s: taken for a filter", expression);
	assert_true(strlen(err->text) > 0);
}

/* ------------------------------------------------------------------------------------------------ the whole text */

static const struct {
	const char *expression, *text;
} texts[] = {
	{ "udp.port = 5555", "'=' is no sign of a display filter; did you mean '=='?\n"
			     "  udp.port = 5555\n"
			     "           ^\n"
			     "  udp.port == 5555" },
	{ "port 5555", "this is a capture filter, and here a display filter is meant; give it with -f, or write it as "
		       "below\n"
		       "  port 5555\n"
		       "  ^~~~\n"
		       "  udp.port == 5555 or tcp.port == 5555" },
	{ "udp.prt == 53 and ip", "no field or protocol 'udp.prt'; did you mean 'udp.port'?\n"
				  "  udp.prt == 53 and ip\n"
				  "  ^~~~~~~\n"
				  "  udp.port == 53 and ip" },
	{ "ip and chat.text == hello", "chat.text is text, which stands in double quotes\n"
				       "  ip and chat.text == hello\n"
				       "                      ^~~~~\n"
				       "  ip and chat.text == \"hello\"" },
	{ "icmp.type == \"Ecko request\"", "no value of icmp.type has this name; did you mean \"echo request\"?\n"
					   "  icmp.type == \"Ecko request\"\n"
					   "               ^~~~~~~~~~~~~~\n"
					   "  icmp.type == \"echo request\"" },
	{ "ip.src == 10.0.0", "ip.src is an IPv4 address; one is written 10.0.0.1 or 10.0.0.0/8\n"
			      "  ip.src == 10.0.0\n"
			      "            ^~~~~~" },
	{ "chat.text == \"\xc3\xa9\xc3\xa9\x1b[31m\" and ip = 5",
	  "'=' is no sign of a display filter; did you mean '=='?\n"
	  "  chat.text == \"\xc3\xa9\xc3\xa9\\x1b[31m\" and ip = 5\n"
	  "                                   ^\n"
	  "  chat.text == \"\xc3\xa9\xc3\xa9\\x1b[31m\" and ip == 5" },
};

static void test_texts(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		refused(texts[i].expression, &err);
		assert_string_equal(err.text, texts[i].text);
	}
}

/* ------------------------------------------------------------------------------------------------ sentence, place,
 * form */

static const struct {
	const char *expression, *part; /* in the sentence or in the form */
	unsigned column, width;        /* of the mark, from 1 */
} places[] = {
	{ "ip &", "too early", 5, 1 },
	{ "(ip", ") is missing", 4, 1 },
	{ "ip)", "does not fit here", 3, 1 },
	{ "()", "a field, a protocol or a value", 2, 1 },
	{ "not", "too early", 4, 1 },
	{ "ip and and tcp", "does not fit here", 8, 3 },
	{ "ip AND tcp", "ip and tcp", 4, 3 },
	{ "a | b", "a || b", 3, 1 },
	{ "ip.ttl => 5", "ip.ttl >= 5", 8, 2 },
	{ "ip.ttl <> 5", "ip.ttl != 5", 8, 2 },
	{ "chat.text =~ \"x\"", "chat.text ~ \"x\"", 11, 2 },
	{ "ip ; tcp", "no meaning", 4, 1 },
	{ "tcp port 80", "tcp.port == 80", 5, 4 },
	{ "udp port 53", "udp.port == 53", 5, 4 },
	{ "host 1.2.3.4", "ip.addr == 1.2.3.4", 1, 4 },
	{ "host fe80::1", "ipv6.addr == fe80::1", 1, 4 },
	{ "udp and port 53", "-f", 9, 4 },
	{ "src host 1.2.3.4 and not arp", "-f", 1, 3 },
	{ "tcp[tcpflags] & tcp-syn != 0", "-f", 5, 8 },
	{ "chat.text == port", "double quotes", 14, 4 },
	{ "udp.port == \"5555\"", "udp.port == 5555", 13, 6 },
	{ "ip.src == \"10.0.0.1\"", "ip.src == 10.0.0.1", 11, 10 },
	{ "ip.src == localhost", "IPv4 address", 11, 9 },
	{ "ip.src == 10.0.0.0/33", "IPv4 address", 11, 11 },
	{ "ip.src == 10.0.0.0/08", "IPv4 address", 11, 11 },
	{ "ipv6.src == fe80::1::2", "IPv6 address", 13, 10 },
	{ "eth.src == 00:00", "MAC address", 12, 5 },
	{ "udp.srcport == udp.dstprt", "udp.srcport == udp.dstport", 16, 10 },
	{ "udp.port == 70000", "never above 65535", 13, 5 },
	{ "ip.flags == 8 or tcp.flags.res == 9", "never above 7", 35, 1 },
	{ "udp.port == -1", "never negative", 13, 2 },
	{ "udp.port == 0x", "a number", 13, 2 },
	{ "udp.port == 99999999999999999999", "a number", 13, 20 },
	{ "udp.port == 80.5", "a number", 13, 4 },
	{ "ip.flags.df == maybe", "true or false", 16, 5 },
	{ "frame.time > yesterday", "date and time", 14, 9 },
	{ "frame.time > \"2026-04-31\"", "date and time", 14, 12 },
	{ "frame.time > \"2026-01-31 24:00\"", "date and time", 14, 18 },
	{ "frame.time_delta > 1ms", "seconds", 20, 3 },
	{ "frame contains hello", "frame contains \"hello\"", 16, 5 },
	{ "frame contains 0x1234", "only one octet", 16, 6 },
	{ "frame contains abc", "row of octets", 16, 3 },
	{ "udp.port contains \"5\"", "string(udp.port)", 1, 8 },
	{ "udp.port matches \"5\"", "string(udp.port)", 1, 8 },
	{ "frame matches hello", "frame matches \"hello\"", 15, 5 },
	{ "frame matches \"(a\"", "regular expression", 17, 1 },
	{ "frame matches \"*\"", "regular expression", 16, 1 },
	{ "frame matches \"(*UTF)a\"", "regular expression", 21, 1 },
	{ "1 == 1", "alone", 1, 1 },
	{ "5", "alone", 1, 1 },
	{ "\"x\"", "alone", 1, 3 },
	{ "{1 + 2} == 3", "alone", 1, 7 },
	{ "1 + 2", "alone", 1, 5 },
	{ "max(1, 2) == 2", "alone decides", 5, 1 },
	{ "ip.len > 100 > 5", "alone", 10, 3 },
	{ "ip.len-1 > 5", "ip.len - 1 > 5", 1, 8 },
	{ "(ip.len) > 5", "does not fit here", 10, 1 },
	{ "2 * (ip.len + 1) > 5", "braces", 5, 1 },
	{ "ip.ttl + ip.src > 5", "cannot be done", 8, 1 },
	{ "ip.src + 1 > 5", "cannot be done", 8, 1 },
	{ "chat.text + \"x\" == \"y\"", "cannot be done", 11, 1 },
	{ "-ip.src == 5", "no sign", 1, 1 },
	{ "frame.time + frame.time > 5", "cannot be done", 12, 1 },
	{ "ip.src == udp.port", "cannot be compared", 8, 2 },
	{ "frame.protocols == tcp", "cannot be compared", 17, 2 },
	{ "ipv6.hopopts == 1", "its name alone", 1, 12 },
	{ "udp.port[0] == 1", "slices", 1, 8 },
	{ "ip.src[0:0] == 1", "no place", 11, 1 },
	{ "ip.src[] == 1", "no place", 8, 1 },
	{ "ip.src[1 == 1", "] is missing", 10, 1 },
	{ "ip.src#0", "from 1", 1, 8 },
	{ "ip.src#x", "number of a layer", 7, 1 },
	{ "5#1", "no field or protocol", 1, 3 },
	{ "tcp.port in {80 443}", "a comma or }", 17, 3 },
	{ "tcp.port in {}", "a field, a protocol or a value", 14, 1 },
	{ "tcp.port in {80,}", "a field, a protocol or a value", 17, 1 },
	{ "tcp.port in 80", "a set", 13, 2 },
	{ "tcp.port in {udp.port}", "not fields", 14, 8 },
	{ "tcp.port in {100..50}", "the lower end", 14, 7 },
	{ "tcp.port not 80", "'not in'", 14, 2 },
	{ "any ip", "before a comparison", 1, 3 },
	{ "foo(ip)", "no such function", 1, 3 },
	{ "len(5) == 1", "alone decides", 5, 1 },
	{ "len(udp, ip) == 1", "one argument", 10, 2 },
	{ "upper(ip.src) == \"X\"", "upper() takes", 7, 6 },
	{ "vals(udp.port) == \"X\"", "vals() takes", 6, 8 },
	{ "max(ip.ttl, frame.time) > 3", "one type", 13, 10 },
	{ "len(udp", "a comma or )", 8, 1 },
	{ "chat.text == \"abc", "no end", 14, 4 },
	{ "chat.text == \"\\q\"", "no such escape", 15, 2 },
	{ "chat.text == \"\\ud800\"", "no such escape", 15, 7 },
	{ "chat.text == \"\\400\"", "no such escape", 15, 5 },
	{ "ip.ttl == 'ab'", "one character", 11, 4 },
	{ "ip.ttl == 'a", "no end", 11, 2 },
};

static const char *line_of(const char *text, unsigned number)
{
	while (number-- && text)
		text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL;
	return text;
}

static void test_places(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const char *mark;

		refused(places[i].expression, &err);
		mark = line_of(err.text, 2);
		if (!mark || !strstr(err.text, places[i].part))
			fail_msg("%s: '%s' is not in: %s", places[i].expression, places[i].part, err.text);
		assert_non_null(mark);
		if (strcspn(mark, "^") != places[i].column + 1 ||
		    strspn(mark + strcspn(mark, "^"), "^~") != places[i].width)
			fail_msg("%s: the mark is not at %u, %u wide: %s", places[i].expression, places[i].column,
				 places[i].width, err.text);
	}
}

/* ------------------------------------------------------------------------------------------------ long expressions */

static void repeat(struct text *out, const char *part, size_t count)
{
	while (count--)
		text_string(out, part);
}

static void refused_text(struct text *expression, struct error *err)
{
	text_char(expression, '\0');
	refused(expression->data, err);
	text_release(expression);
}

/* The mark stands below the wrong word wherever that is, and all of it fits. */
static void test_excerpt(void **state)
{
	static const size_t sizes[] = { 0, 1, 5, 6, 7, 8, 9, 10, 100, 1000 };
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
			struct text expression = { 0 };
			const char *shown, *mark;

			repeat(&expression, "udp and ", sizes[i]);
			text_string(&expression, "ip.ttl = 5");
			repeat(&expression, " and \xc3\xa9", sizes[k]);
			refused_text(&expression, &err);
			shown = line_of(err.text, 1);
			mark = line_of(err.text, 2);
			assert_non_null(mark);
			assert_true(shown[strcspn(mark, "^")] == '=');
			assert_true(mark - shown < 200);
		}
}

static void test_escaped(void **state)
{
	struct text expression = { 0 };
	struct error err;

	(void)state;
	text_string(&expression, "ip.src == \"");
	for (unsigned i = 0; i < 300; i++)
		text_char(&expression, (char)(i % 31 + 1));
	text_string(&expression, "\"");
	refused_text(&expression, &err);
	for (const char *c = err.text; *c; c++)
		assert_true((unsigned char)*c >= ' ' || *c == '\n');
}

/* ------------------------------------------------------------------------------------------------ limits */

static void limit(const char *head, const char *part, size_t count, const char *middle, const char *part2,
		  const char *said)
{
	struct text expression = { 0 };
	struct error err;

	text_string(&expression, head);
	repeat(&expression, part, count);
	text_string(&expression, middle);
	repeat(&expression, part2, count);
	refused_text(&expression, &err);
	if (!strstr(err.text, said))
		fail_msg("%s... x %zu: %s", part, count, err.text);
}

static void test_limits(void **state)
{
	(void)state;
	limit("", "(", 101, "ip", ")", "nested too deeply");
	limit("", "(", 30000, "ip", ")", "nested too deeply");
	limit("", "not ", 10000, "ip", "", "nested too deeply");
	limit("", "!", 60000, "ip", "", "nested too deeply");
	limit("ip.ttl == ", "-", 50000, "1", "", "nested too deeply");
	limit("ip.ttl == ", "{", 20000, "1", "}", "nested too deeply");
	limit("", "len(", 10000, "ip", ")", "nested too deeply");
	limit("ip", " or ip", 5000, "", "", "too large");
	limit("ip.ttl > 1", " + ip.ttl", 5000, "", "", "too large");
	limit("ip", "[0:1]", 5000, " == 1", "", "too large");
	limit("ip.ttl in {1", ",1", 1000, "}", "", "more than 1000");
	limit("ip[0", ",0", 16, "] == 1", "", "more than 16");
	limit("ip", " or ip", 11000, "", "", "65535 are the most");
	limit("frame matches \"", "(a{1000}){1000}", 10, "\"", "", "regular expression");
}

static void test_below_limits(void **state)
{
	struct filtering *f = *state;
	struct text expression = { 0 };

	repeat(&expression, "(", 100);
	text_string(&expression, "ip");
	repeat(&expression, ")", 100);
	repeat(&expression, " and udp", 1000);
	text_char(&expression, '\0');
	assert_true(filtering_passes(f, expression.data, CHAT));
	assert_false(filtering_passes(f, expression.data, SYN));
	text_release(&expression);
	text_string(&expression, "ip xor arp");
	repeat(&expression, " xor udp", 200);
	text_char(&expression, '\0');
	assert_true(filtering_passes(f, expression.data, CHAT));
	text_release(&expression);
}

/* Patterns that a backtracking matcher would work at for ages end, and match nothing. */
static void test_hostile_patterns(void **state)
{
	struct filtering *f = *state;

	assert_false(filtering_passes(f, "chat.text matches \"((([a-z]|.)*)*)*#\"", CHAT));
	assert_false(filtering_passes(f, "frame matches \"(.*)*(.*)*(.*)*(.*)*(.*)*#\"", CHAT));
	assert_false(filtering_passes(f, "frame matches \"^(([^#])+)+$(?<!.)#\"", CHAT));
}

/* Lists of values multiply in arithmetic, and stop at a limit. */
static void test_many_values(void **state)
{
	struct text expression = { 0 };

	text_string(&expression, "ip.addr and ip.ttl");
	repeat(&expression, " + ip.ttl", 40);
	text_string(&expression, " == 1");
	text_char(&expression, '\0');
	assert_false(filtering_passes(*state, expression.data, GONE));
	text_release(&expression);
}

/* ------------------------------------------------------------------------------------------------ what it reads */

static void test_wants(void **state)
{
	struct protocols *protocols = protocols_new();
	const struct dissector *dissector;
	struct error err;
	struct filter *filter = filter_compile("udp.port == 53 and len(ip.src#1) > 2 or tcp in {00}", &err);

	(void)state;
	assert_non_null(filter);
	filter_want(filter, protocols);
	assert_true(protocols_wants(protocols, protocols_field("udp.srcport", &dissector)));
	assert_true(protocols_wants(protocols, protocols_field("udp.dstport", &dissector)));
	assert_true(protocols_wants(protocols, protocols_field("ip.src", &dissector)));
	assert_false(protocols_wants(protocols, protocols_field("ip.dst", &dissector)));
	assert_true(filter_reads(filter, FIELD_EITHER));
	assert_false(filter_reads(filter, FIELD_AHEAD));
	filter_free(filter);
	protocols_free(protocols);
}

static void test_explain(void **state)
{
	struct error err;
	struct filter *filter = filter_compile("not (udp xor arp) or ip.ttl in {\"a\", 5}", &err);
	struct text out = { 0 };

	(void)state;
	assert_null(filter);
	filter = filter_compile("udp.port == 5555 && (icmp.type == \"Echo request\" || 60 < frame.len)", &err);
	assert_non_null(filter);
	filter_explain(filter, &out);
	text_char(&out, '\0');
	assert_string_equal(out.data,
			    "A packet passes when\n"
			    "  all of these hold:\n"
			    "    at least one udp.port (Source or Destination Port) is 5555\n"
			    "    at least one of these holds:\n"
			    "      icmp.type (Type) is 8 (echo request)\n"
			    "      frame.len (Length) is above 60\n"
			    "\n"
			    "Its steps, from 0 on:\n"
			    "   0  within    udp.srcport|udp.dstport 5555                  yes: 1  no: drop\n"
			    "   1  within    icmp.type 8                                   yes: pass  no: 2\n"
			    "   2  within    frame.len 61..                                yes: pass  no: drop\n");
	text_release(&out);
	filter_free(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_excerpt),
		cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_below_limits),
		cmocka_unit_test(test_hostile_patterns),
		cmocka_unit_test(test_many_values),
		cmocka_unit_test(test_wants),
		cmocka_unit_test(test_explain),
	};

	return cmocka_run_group_tests(tests, filtering_start, filtering_end);
}
