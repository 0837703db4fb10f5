/* SPDX-License-Identifier: BSD-2-Clause */
/* A path hop by hop: what is sent, in which order, and how long it takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>

#include <cmocka.h>

#include "tests/probe/simulated.h"

static int64_t took(const struct simulated *sim)
{
	return sim->now - sim->began;
}

static void assert_in_order(const struct simulated *sim)
{
	for (size_t i = 0; i < sim->sent_count; i++)
		assert_int_equal(sim->sent[i]->packet.ttl, 1 + i / sim->options.queries);
}

/* As many as traceroute sends: 16 before the first answer. */
static void test_neighbour(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 1);
	sim_run(&sim);
	assert_in_order(&sim);
	assert_int_equal(sim.sent_count, 16);
	assert_int_equal(trace_hops(sim.trace), 1);
	assert_true(trace_reached(sim.trace) && trace_hop_done(sim.trace, 1));
	assert_int_equal(took(&sim), 1 * MS);
	sim_release(&sim);
}

static void test_four_hops(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 4);
	sim_run(&sim);
	assert_in_order(&sim);
	assert_int_equal(trace_hops(sim.trace), 4);
	for (unsigned ttl = 1; ttl <= 4; ttl++)
		assert_int_equal(sim_asked(&sim, ttl), 3);
	/* When the first of hop 4 is answered, the 9 of the hops before are, and so 9 more have left. */
	assert_int_equal(sim.sent_count, 16 + 9);
	assert_int_equal(took(&sim), 4 * MS);
	sim_release(&sim);
}

/* One at a time: nothing is sent that could have been saved. */
static void test_one_at_a_time(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 4);
	sim.options.parallel = 1;
	sim_run(&sim);
	assert_in_order(&sim);
	assert_int_equal(sim.sent_count, 12);
	assert_int_equal(took(&sim), 3 * (1 + 2 + 3 + 4) * MS);
	sim_release(&sim);
}

static void test_silence_is_quick(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 20);
	sim.hops[7].silent = true;
	sim.target_silent = true;
	sim_run(&sim);
	assert_in_order(&sim);
	assert_int_equal(sim.sent_count, 90);
	assert_int_equal(trace_hops(sim.trace), 30);
	assert_false(trace_reached(sim.trace));
	assert_true(trace_hop_done(sim.trace, 7) && trace_hop_done(sim.trace, 30));
	assert_in_range(took(&sim), 1000 * MS, 1300 * MS);
	sim_release(&sim);
}

/* A link that is longer than all before is no silence for long: not everything is sent meanwhile. */
static void test_long_link(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 10);
	for (unsigned ttl = 6; ttl <= 10; ttl++)
		sim.hops[ttl].delay = 300 * MS;
	sim_run(&sim);
	assert_int_equal(trace_hops(sim.trace), 10);
	assert_in_range(sim.sent_count, 30, 15 + 3 * 16);
	assert_in_range(took(&sim), 300 * MS, 600 * MS);
	sim_release(&sim);
}

/* Nobody answers at all: then the whole time is given. */
static void test_nobody(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 31);
	for (unsigned ttl = 1; ttl <= 31; ttl++)
		sim.hops[ttl].silent = true;
	sim_run(&sim);
	assert_int_equal(sim.sent_count, 90);
	assert_in_range(took(&sim), 5000 * MS, 8000 * MS);
	sim_release(&sim);
}

/* The silent one is given up after so many times what a later hop took; without factors, after wait_most. */
static void test_waits(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 8);
	sim.hops[3].silent = true;
	for (unsigned ttl = 1; ttl <= 8; ttl++)
		sim.hops[ttl].delay = 20 * MS;
	sim_run(&sim);
	assert_int_equal(took(&sim), 200 * MS);
	sim_release(&sim);

	sim_init(&sim, 8);
	sim.hops[3].silent = true;
	sim.options.wait_here = sim.options.wait_near = 0;
	sim.options.wait_most = 2 * SECOND;
	sim_run(&sim);
	assert_int_equal(took(&sim), 2 * SECOND);
	sim_release(&sim);
}

/* Two of three are answered: the third is waited for by what these took, and 50 ms at least. */
static void test_waits_here(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 3);
	sim.hops[3] = (struct sim_hop){ .delay = 30 * MS, .lose_every = 3, .last_answer = INT64_MIN / 2 };
	sim_run(&sim);
	assert_int_equal(took(&sim), 90 * MS);
	assert_int_equal(trace_hops(sim.trace), 3);
	sim_release(&sim);

	sim_init(&sim, 3);
	sim.hops[3].lose_every = 3;
	sim_run(&sim);
	assert_int_equal(took(&sim), 50 * MS);
	sim_release(&sim);
}

static void test_spacing(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 4);
	sim.options.spacing = 10 * MS;
	sim_run(&sim);
	assert_int_equal(sim.sent_count, 12);
	for (size_t i = 1; i < sim.sent_count; i++)
		assert_int_equal(sim.sent_at[i] - sim.sent_at[i - 1], 10 * MS);
	sim_release(&sim);
}

/* A router that lets nothing pass ends the path, though nobody has arrived. */
static void test_forbidden(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 12);
	sim.hops[5].forbids = true;
	sim_run(&sim);
	assert_int_equal(trace_hops(sim.trace), 6);
	assert_false(trace_reached(sim.trace));
	assert_int_equal(sim_asked(&sim, 6), 3);
	sim_release(&sim);
}

static void test_flows(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 2);
	sim.options.mode = TRACE_FLOWS;
	sim.options.flows = 4;
	sim.options.queries = 2;
	sim_run(&sim);
	for (size_t i = 0; i < 16; i++) {
		assert_int_equal(sim.sent[i]->packet.ttl, 1 + i / 8);
		assert_int_equal(sim.sent[i]->flow, i % 4);
		assert_int_equal(sim.sent[i]->round, i / 4 % 2);
		assert_int_equal(sim.sent[i]->packet.source_port, 40000 + i % 4);
		assert_int_equal(sim.sent[i]->packet.target_port, 33434);
		assert_int_equal(sim.sent[i]->packet.checksum, i % 4);
		assert_int_equal(sim.sent[i]->packet.flow_label, i % 4);
	}
	sim_release(&sim);
}

static void test_classic(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 3);
	sim.options.classic = true;
	sim_run(&sim);
	for (size_t i = 0; i < sim.sent_count; i++) {
		assert_int_equal(sim.sent[i]->packet.target_port, 33434 + i);
		assert_int_equal(sim.sent[i]->packet.source_port, 40000);
		assert_int_equal(sim.sent[i]->flow, i);
	}
	sim_release(&sim);
}

/* One port of a host is asked, whoever sends: many would be a scan. */
static void test_classic_of_tcp(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 3);
	sim.base.method = PROBE_TCP;
	sim.options.classic = true;
	sim_run(&sim);
	assert_true(sim.sent_count > 3);
	for (size_t i = 0; i < sim.sent_count; i++) {
		assert_int_equal(sim.sent[i]->packet.target_port, 33434);
		assert_int_equal(sim.sent[i]->packet.source_port, 40000 + i);
		assert_int_equal(sim.sent[i]->flow, i);
	}
	sim_release(&sim);
}

static void test_refused(void **state)
{
	struct simulated sim;
	struct hops hops = { 0 };

	(void)state;
	sim_init(&sim, 3);
	sim.refused = ENETUNREACH;
	sim_run(&sim);
	assert_int_equal(match_count(sim.match), 3);
	assert_true(trace_hop_done(sim.trace, 1));
	hops_collect(&hops, sim.match, sim.trace, &sim.base);
	assert_int_equal(hops.count, 1);
	assert_int_equal(hops.list[0].silence, HOP_UNSENT);
	assert_int_equal(hops.list[0].error, ENETUNREACH);
	hops_release(&hops);
	sim_release(&sim);
}

/* What flies may still be answered; more is not sent. */
static void test_stop(void **state)
{
	struct simulated sim;

	(void)state;
	sim_init(&sim, 20);
	assert_false(sim_run_for(&sim, 1));
	trace_stop(sim.trace);
	sim_run(&sim);
	assert_int_equal(sim.sent_count, 16);
	assert_int_equal(sim.sent[15]->state, PROBE_ANSWERED);
	assert_int_equal(trace_hops(sim.trace), 6);
	assert_true(trace_hop_done(sim.trace, 6));
	sim_release(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_four_hops),
		cmocka_unit_test(test_one_at_a_time),
		cmocka_unit_test(test_silence_is_quick),
		cmocka_unit_test(test_long_link),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_waits_here),
		cmocka_unit_test(test_spacing),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_flows),
		cmocka_unit_test(test_classic),
		cmocka_unit_test(test_classic_of_tcp),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
