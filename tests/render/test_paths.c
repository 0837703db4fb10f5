/* SPDX-License-Identifier: BSD-2-Clause */
/* Several paths: which flows take which, whose losses are whose, and how sure it is that these are all. */
#include "hopping.h"

#include "render/paths.h"

static const struct path numeric = { .numeric = true };

static void met(struct run *run, uint8_t ttl, uint16_t flow, const char *from, int64_t ms)
{
	answered(run, ttl, from, ms * MS)->flow = flow;
}

static void lost(struct run *run, uint8_t ttl, uint16_t flow)
{
	silent(run, ttl)->flow = flow;
}

typedef void printer(struct text *out, const struct paths *paths);

static unsigned tried(const struct trace *trace, unsigned ttl, unsigned *needed)
{
	(void)trace;
	*needed = ttl == 2 ? 11 : 6;
	return ttl == 3 ? 1 : *needed;
}

static void print_is(printer *print, const struct run *run, unsigned confidence, const char *expected)
{
	struct counted *counted = calloc(1, sizeof *counted);
	struct text out = { 0 };
	struct paths paths = { .path = &numeric,
			       .hops = &counted->hops,
			       .probes = run->list,
			       .probe_count = run->count,
			       .confidence = confidence,
			       .tried = tried };

	count_hops(counted, run);
	print(&out, &paths);
	is_text(&out, expected);
	free(counted);
}

/* A diamond: flows 0 and 2 above, 1 below. Each flow is asked twice. */
static void diamond(struct run *run)
{
	for (unsigned i = 0; i < 2; i++) {
		met(run, 1, 0, "10.0.0.1", 1);
		met(run, 1, 1, "10.0.0.1", 2);
		met(run, 1, 2, "10.0.0.1", 3);
	}
	for (unsigned i = 0; i < 2; i++) {
		met(run, 2, 0, "10.0.1.1", 2);
		met(run, 2, 2, "10.0.1.1", 4);
	}
	met(run, 2, 1, "10.0.2.1", 7);
	lost(run, 2, 1);
	met(run, 3, 0, "10.0.3.1", 9);
	lost(run, 3, 1);
	met(run, 3, 2, "10.0.3.1", 9);
}

static void a_table(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	diamond(&run);
	print_is(paths_table, &run, 0,
		 "hop  host      flows  sent  lost  loss %  best ms  mean ms  worst ms  which\n"
		 "  1  10.0.0.1      3     6     0    0.00    1.000    2.000     3.000  0-2\n"
		 "  2  10.0.1.1      2     4     0    0.00    2.000    3.000     4.000  0,2\n"
		 "  2  10.0.2.1      1     2     1   50.00    7.000    7.000     7.000  1\n"
		 "  3  10.0.3.1      2     2     0    0.00    9.000    9.000     9.000  0,2\n"
		 "  3  *             1     1     1  100.00                              1\n");
}

static void a_list(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	diamond(&run);
	print_is(paths_list, &run, 0,
		 "path 1: 10.0.0.1 10.0.1.1 10.0.3.1  (flows 0,2)\n"
		 "path 2: 10.0.0.1 10.0.2.1 10.0.3.1  (flows 1)\n");
	print_is(paths_sentences, &run, 0, "");
}

/* Flow 2 is not known at hop 2 and may have taken either way; flow 3 fits one of them only. */
static void what_is_not_known(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	met(&run, 1, 0, "10.0.0.1", 1);
	met(&run, 2, 0, "10.0.1.1", 1);
	met(&run, 2, 1, "10.0.2.1", 1);
	lost(&run, 2, 2);
	met(&run, 2, 4, "10.0.9.1", 1);
	met(&run, 3, 0, "10.0.3.1", 1);
	met(&run, 3, 1, "10.0.3.2", 1);
	met(&run, 3, 3, "10.0.3.2", 1);
	lost(&run, 3, 4);
	lost(&run, 4, 0);
	print_is(paths_list, &run, 0,
		 "path 1: 10.0.0.1 10.0.1.1 10.0.3.1 *  (flows 0)\n"
		 "path 2: 10.0.0.1 10.0.2.1 10.0.3.2 ?  (flows 1; likely 3)\n"
		 "path 3: 10.0.0.1 10.0.9.1 * ?  (flows likely 4)\n");
}

static void how_sure(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	diamond(&run);
	lost(&run, 4, 0);
	print_is(paths_sentences, &run, 95,
		 "hop 1: 1 responder; 6 flows tried; 95 % sure that there are no more\n"
		 "hop 2: 2 responders; 11 flows tried; 95 % sure that there are no more\n"
		 "hop 3: 1 responder; 1 flow tried, 6 would make 95 % sure: there may be more\n"
		 "hop 4: 6 flows tried, no answer\n");
}

/* Nobody's losses are given to anybody. */
static void packets_of_a_flow_are_spread(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	met(&run, 1, 0, "10.0.0.1", 1);
	met(&run, 1, 0, "10.0.0.2", 1);
	lost(&run, 1, 0);
	silent(&run, 1)->state = PROBE_FLYING;
	print_is(paths_print, &run, 0,
		 "hop  host      flows  sent  lost  loss %  best ms  mean ms  worst ms  which\n"
		 "  1  10.0.0.1      1     1     0    0.00    1.000    1.000     1.000  0\n"
		 "  1  10.0.0.2      1     1     0    0.00    1.000    1.000     1.000  0\n"
		 "  1  *             1     1     1  100.00                              0\n"
		 "\n"
		 "path 1: 10.0.0.1  (flows 0)\n"
		 "\n"
		 "hop 1: 1 flow met several responders: packets of one flow go several ways, or the path changed\n");
}

static void many_flows(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	for (uint16_t flow = 0; flow < 60; flow += 2)
		met(&run, 1, flow, "10.0.0.1", 1);
	print_is(paths_table, &run, 0,
		 "hop  host      flows  sent  lost  loss %  best ms  mean ms  worst ms  which\n"
		 "  1  10.0.0.1     30    30     0    0.00    1.000    1.000     1.000  "
		 "0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,...\n");
}

static void nothing(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	print_is(paths_print, &run, 95, "hop  host  flows  sent  lost  loss %  best ms  mean ms  worst ms  which\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table),
		cmocka_unit_test(a_list),
		cmocka_unit_test(what_is_not_known),
		cmocka_unit_test(how_sure),
		cmocka_unit_test(packets_of_a_flow_are_spread),
		cmocka_unit_test(many_flows),
		cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests_name("paths", tests, NULL, NULL);
}
