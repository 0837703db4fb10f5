/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports as mtr prints them, orders of their columns, and hops where several answer. */
#include "hopping.h"

#include "render/report.h"

static const struct path numeric = { .numeric = true };

static const char *name(void *context, const struct address *address)
{
	char number[ADDRESS_TEXT];

	(void)context;
	if (!strcmp(address_host_text(address, number), "10.0.0.1"))
		return "gate.example";
	return strcmp(number, "10.0.0.66") ? NULL : "a-very-long-name-\x1b-of-a-router.example";
}

static const struct path named = { .name = name };

static struct report_order order_of(const char *letters)
{
	struct report_order order;
	struct error err;

	assert_int_equal(report_order_parse(letters, &order, &err), 0);
	return order;
}

static void report_is(const struct path *path, const char *letters, struct hop *list, size_t count,
		      const char *expected)
{
	const struct report_order order = order_of(letters);
	const struct hops hops = { .list = list, .count = count };
	struct text out = { 0 };

	report_print(&out, path, &order, "lab", &hops);
	is_text(&out, expected);
}

static const int64_t three[] = { 3 * MS, 1 * MS, 2 * MS };

static void as_mtr(void **unused)
{
	int64_t sorted[3];
	struct hop_responder gate = { .address = numbered("10.0.0.1", 0), .times = times_of(three, 3, sorted) };
	struct hop hops[] = {
		{ .ttl = 1, .sent = 4, .answered = 3, .times = gate.times, .responders = &gate, .responder_count = 1 },
		{ .ttl = 2, .sent = 10 },
		{ .ttl = 103 },
	};

	(void)unused;
	report_is(&numeric, REPORT_ORDER, hops, 3,
		  "HOST: lab                         Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
		  "  1.|-- 10.0.0.1                  25.0%     4    2.0   2.0   1.0   3.0   1.0\n"
		  "  2.|-- ???                       100.0    10    0.0   0.0   0.0   0.0   0.0\n"
		  "103.|-- ???                        0.0%     0    0.0   0.0   0.0   0.0   0.0\n");
}

static void every_column(void **unused)
{
	int64_t sorted[3];
	struct hop hop = { .ttl = 1, .sent = 5, .answered = 3, .flying = 1, .times = times_of(three, 3, sorted) };

	(void)unused;
	hop.times.jitter = 1 * MS;
	hop.times.jitter_mean = 1.5 * MS;
	hop.times.jitter_worst = 2 * MS;
	hop.times.interarrival = 0.25 * MS;
	report_is(&numeric, "LDRSNBAWVGJMXI59 L", &hop, 1,
		  "HOST: lab                         Loss% Drop   Rcv   Snt  Last  Best   Avg  Wrst StDev Gmean Jttr "
		  "Javg "
		  "Jmax Jint   p50   p99  Loss%\n"
		  "  1.|-- ???                       25.0%    1     3     5   2.0   1.0   2.0   3.0   1.0   1.8  1.0  "
		  "1.5  "
		  "2.0  0.3   2.0   3.0  25.0%\n");
}

/* What was lost at a hop was lost to nobody in particular. */
static void several_responders(void **unused)
{
	static const int64_t slow[] = { 20 * MS }, both[] = { 3 * MS, 20 * MS, 1 * MS, 2 * MS };
	int64_t sorted[3][4];
	struct hop_responder responders[] = {
		{ .address = numbered("10.0.0.1", 0), .times = times_of(three, 3, sorted[0]) },
		{ .address = numbered("10.0.0.66", 0), .times = times_of(slow, 1, sorted[1]) },
		{ .address = numbered("2001:db8::1", 0), .times = times_of(slow, 1, sorted[1]) },
	};
	struct hop hop = { .ttl = 2,
			   .sent = 6,
			   .answered = 5,
			   .times = times_of(both, 4, sorted[2]),
			   .responders = responders,
			   .responder_count = 3 };

	(void)unused;
	report_is(&numeric, "LDSR AW59", &hop, 1,
		  "HOST: lab                         Loss% Drop   Snt   Rcv    Avg  Wrst   p50   p99\n"
		  "  2.|-- (several)                 16.7%    1     6     5    6.5  20.0   2.0  20.0\n"
		  "    |  `+-- 10.0.0.1                  -    -     -     3    2.0   3.0   2.0   3.0\n"
		  "    |   +-- 10.0.0.66                 -    -     -     1   20.0  20.0  20.0  20.0\n"
		  "    |   +-- 2001:db8::1               -    -     -     1   20.0  20.0  20.0  20.0\n");
	report_is(&named, "R", &hop, 1,
		  "HOST: lab                                               Rcv\n"
		  "  2.|-- (several)                                         5\n"
		  "    |  `+-- gate.example                                  3\n"
		  "    |   +-- a-very-long-name-\\x1b-of-a-router.example     1\n"
		  "    |   +-- 2001:db8::1                                   1\n");
}

static void wide_values_stay_apart(void **unused)
{
	const int64_t slow[] = { 123456 * MS };
	int64_t sorted[1];
	struct hop hop = { .ttl = 1, .sent = 12345678, .answered = 12345678, .times = times_of(slow, 1, sorted) };

	(void)unused;
	report_is(&numeric, "SNJB", &hop, 1,
		  "HOST: lab                           Snt  Last Jttr  Best\n"
		  "  1.|-- ???                       12345678 123456.0  0.0 123456.0\n");
}

static void orders_that_are_none(void **unused)
{
	static const struct {
		const char *letters, *says;
	} rows[] = {
		{ "", "-o: no columns; give letters, as in -o 'LS NABWV'" },
		{ "LSQ",
		  "-o Q: no column is called that; L loss, D dropped, R received, S sent, N last, B best, A average, "
		  "W worst, V deviation, G geometric mean, J M X I jitter, 5 and 9 percentiles" },
		{ "L\x1b", "-o \\x1b: no column is called that; L loss, D dropped, R received, S sent, N last, B best, "
			   "A average, "
			   "W worst, V deviation, G geometric mean, J M X I jitter, 5 and 9 percentiles" },
		{ "LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL", "-o: at most 40 columns" },
	};
	struct report_order order;
	struct error err;

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(report_order_parse(rows[i].letters, &order, &err), -1);
		assert_string_equal(err.text, rows[i].says);
	}
	assert_int_equal(order_of(REPORT_ORDER_LIVE).count, 10);
}

static void start(void **unused)
{
	struct text out = { 0 };

	(void)unused;
	setenv("TZ", "ABC-1", 1);
	tzset();
	report_start(&out, 1700000000);
	is_text(&out, "Start: 2023-11-14T23:13:20+0100\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_mtr),
		cmocka_unit_test(every_column),
		cmocka_unit_test(several_responders),
		cmocka_unit_test(wide_values_stay_apart),
		cmocka_unit_test(orders_that_are_none),
		cmocka_unit_test(start),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
