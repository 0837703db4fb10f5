/* SPDX-License-Identifier: BSD-2-Clause */
/* Every path, as surely as was asked for: thousands of networks that differ in nothing but whom a flow meets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/mda.h"
#include "tests/probe/simulated.h"

static void balanced(struct simulated *sim, unsigned count, uint64_t seed)
{
	sim_init(sim, count);
	sim->options.mode = TRACE_MDA;
	sim->seed = seed;
}

static unsigned nodes(const struct simulated *sim, unsigned ttl)
{
	struct address seen[256];
	unsigned count = 0;

	for (size_t i = 0; i < sim->sent_count; i++) {
		const struct probe *probe = sim->sent[i];
		unsigned known = 0;

		if (probe->packet.ttl != ttl || !probe->answer)
			continue;
		while (known < count && !address_equal(&seen[known], &probe->answer->from))
			known++;
		if (known == count)
			seen[count++] = probe->answer->from;
	}
	return count;
}

/* No load balancer: six flows a hop and not one more. */
static void test_line(void **state)
{
	struct simulated sim;
	unsigned needed;

	(void)state;
	balanced(&sim, 5, 1);
	sim_run(&sim);
	assert_int_equal(trace_hops(sim.trace), 5);
	assert_true(trace_reached(sim.trace));
	for (unsigned ttl = 1; ttl <= 5; ttl++) {
		assert_int_equal(sim_asked(&sim, ttl), 6);
		assert_int_equal(trace_flows_tried(sim.trace, ttl, &needed), 6);
		assert_int_equal(needed, 6);
		assert_true(trace_hop_done(sim.trace, ttl));
		assert_false(trace_per_packet(sim.trace, ttl));
	}
	sim_release(&sim);
}

/* The simplest diamond: all six flows by the same one of two routers, with 2 / 2^6. */
static void test_two(void **state)
{
	enum { RUNS = 10000 };
	unsigned missed = 0;

	(void)state;
	for (unsigned run = 0; run < RUNS; run++) {
		struct simulated sim;

		balanced(&sim, 3, run);
		sim.hops[2].fan = sim.hops[2].width = 2;
		sim_run(&sim);
		missed += nodes(&sim, 2) < 2;
		assert_int_equal(trace_hops(sim.trace), 3);
		sim_release(&sim);
	}
	/* 312.5 expected; the standard deviation is 17.4. */
	assert_in_range(missed, 313 - 70, 313 + 70);
}

static unsigned missed_of(unsigned width, unsigned confidence, unsigned runs)
{
	unsigned missed = 0;

	for (unsigned run = 0; run < runs; run++) {
		struct simulated sim;

		balanced(&sim, 3, run + 1000000 * width);
		sim.options.confidence = confidence;
		sim.hops[2].fan = sim.hops[2].width = width;
		sim_run(&sim);
		missed += nodes(&sim, 2) < width;
		sim_release(&sim);
	}
	return missed;
}

/* At most as often as the confidence allows, and four standard deviations more. */
static void test_wider(void **state)
{
	(void)state;
	assert_true(missed_of(4, 95, 1000) <= 50 + 28);
	assert_true(missed_of(8, 95, 1000) <= 50 + 28);
	assert_true(missed_of(4, 99, 1000) <= 10 + 13);
}

/* Two, then two behind each of them, which come together again: node control finds flows for each of the four. */
static void test_nested(void **state)
{
	enum { RUNS = 300 };
	unsigned whole = 0, needed;

	(void)state;
	for (unsigned run = 0; run < RUNS; run++) {
		struct simulated sim;

		balanced(&sim, 5, run);
		sim.hops[2].fan = sim.hops[2].width = 2;
		sim.hops[3].fan = 2;
		sim.hops[3].width = 4;
		sim_run(&sim);
		whole += nodes(&sim, 2) == 2 && nodes(&sim, 3) == 4;
		assert_int_equal(nodes(&sim, 4), 1);
		assert_true(trace_flows_tried(sim.trace, 3, &needed) >= needed);
		/* Hop 4: six flows through each of the four; hop 3: eleven through each of the two. */
		if (nodes(&sim, 3) == 4)
			assert_true(sim_asked(&sim, 4) >= 24 && sim_asked(&sim, 3) >= 22);
		assert_int_equal(trace_hops(sim.trace), 5);
		sim_release(&sim);
	}
	/* Three diamonds, each found with 96.9 %. */
	assert_in_range(whole, RUNS * 909 / 1000 - 20, RUNS);
}

/* More next hops than flows may be spent for: the trace ends, and says that it is not certain. */
static void test_limit(void **state)
{
	struct simulated sim;
	unsigned needed;

	(void)state;
	balanced(&sim, 3, 5);
	sim.options.flows_most = 20;
	sim.hops[2].fan = sim.hops[2].width = 16;
	sim_run(&sim);
	assert_int_equal(trace_flows_tried(sim.trace, 2, &needed), 20);
	assert_true(needed > 20);
	assert_true(trace_reached(sim.trace));
	sim_release(&sim);
}

static void test_per_packet(void **state)
{
	struct simulated sim;

	(void)state;
	balanced(&sim, 4, 7);
	sim.hops[2].fan = sim.hops[2].width = 2;
	sim.hops[2].per_packet = true;
	sim_run(&sim);
	assert_true(trace_per_packet(sim.trace, 2));
	assert_false(trace_per_packet(sim.trace, 1) || trace_per_packet(sim.trace, 3));
	assert_int_equal(trace_hops(sim.trace), 4);
	sim_release(&sim);

	balanced(&sim, 4, 7);
	sim.hops[2].fan = sim.hops[2].width = 2;
	sim_run(&sim);
	assert_int_equal(nodes(&sim, 2), 2);
	assert_false(trace_per_packet(sim.trace, 2));
	sim_release(&sim);
}

/* A silent hop in front of a diamond is one node; that costs its flows three tries each, 50 ms long. */
static void test_silent(void **state)
{
	struct simulated sim;

	(void)state;
	balanced(&sim, 6, 11);
	sim.hops[2].silent = true;
	sim.hops[3].fan = sim.hops[3].width = 2;
	sim_run(&sim);
	assert_int_equal(nodes(&sim, 3), 2);
	assert_int_equal(sim_asked(&sim, 2), 18);
	assert_int_equal(trace_hops(sim.trace), 6);
	assert_true(sim.now - sim.began < SECOND);
	sim_release(&sim);
}

/* Nothing behind hop 3 answers: after one hop more it is over. */
static void test_silent_end(void **state)
{
	struct simulated sim;

	(void)state;
	balanced(&sim, 4, 13);
	sim.target_silent = true;
	sim_run(&sim);
	assert_false(trace_reached(sim.trace));
	assert_int_equal(sim_asked(&sim, 4), 6);
	assert_int_equal(sim_asked(&sim, 5), 1);
	assert_true(sim.now - sim.began < 3 * SECOND);
	sim_release(&sim);
}

/* A lost answer is no node: the flow is tried again. */
static void test_loss(void **state)
{
	struct simulated sim;

	(void)state;
	balanced(&sim, 5, 17);
	sim.hops[2].fan = sim.hops[2].width = 2;
	sim.hops[2].lose_every = 5;
	sim.hops[3].lose_every = 4;
	sim_run(&sim);
	assert_int_equal(nodes(&sim, 2), 2);
	assert_int_equal(nodes(&sim, 3), 1);
	assert_int_equal(trace_hops(sim.trace), 5);
	sim_release(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_two),
		cmocka_unit_test(test_wider),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_per_packet),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_silent_end),
		cmocka_unit_test(test_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
