/* SPDX-License-Identifier: BSD-2-Clause */
/* One probe a hop, again and again, along a path that changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/probe/simulated.h"

static void watched(struct simulated *sim, unsigned count, uint64_t rounds)
{
	sim_init(sim, count);
	sim->options.mode = TRACE_ROUNDS;
	sim->options.rounds = rounds;
}

static unsigned asked_in(const struct simulated *sim, unsigned ttl, unsigned round)
{
	unsigned count = 0;

	for (size_t i = 0; i < sim->sent_count; i++)
		count += sim->sent[i]->packet.ttl == ttl && sim->sent[i]->round == round;
	return count;
}

/* The first round at once; the others spread evenly, and only along the path. */
static void test_rounds(void **state)
{
	struct simulated sim;
	size_t first = 16;

	(void)state;
	watched(&sim, 4, 5);
	sim_run(&sim);
	while (sim.sent[first]->round == 0)
		first++;
	assert_true(first <= 19);
	assert_int_equal(sim.sent_count, first + 4 * 4);
	for (size_t i = first; i < sim.sent_count; i++) {
		unsigned at = (unsigned)(i - first);

		assert_int_equal(sim.sent[i]->packet.ttl, 1 + at % 4);
		assert_int_equal(sim.sent[i]->round, 1 + at / 4);
		assert_int_equal(sim.sent_at[i] - sim.began, SECOND + at * SECOND / 4);
	}
	assert_int_equal(sim.now - sim.began, 4750 * MS + 4 * MS);
	assert_int_equal(trace_hops(sim.trace), 4);
	assert_true(trace_hop_done(sim.trace, 4));
	sim_release(&sim);
}

/* Nobody is waited for before the next round begins; in the end, all are. */
static void test_slow(void **state)
{
	struct simulated sim;

	(void)state;
	watched(&sim, 2, 3);
	sim.options.interval = 100 * MS;
	sim.hops[1].delay = sim.hops[2].delay = 300 * MS;
	sim.options.parallel = 100;
	sim_run(&sim);
	assert_in_range(sim.sent_at[sim.sent_count - 1] - sim.began, 250 * MS, 300 * MS);
	/* Nothing is known when the second and the third round begin: five hops behind the first are asked. */
	assert_int_equal(asked_in(&sim, 6, 1), 1);
	assert_int_equal(asked_in(&sim, 7, 1), 0);
	assert_in_range(sim.now - sim.began, 516 * MS, 517 * MS); /* hop 2 of the third round */
	sim_release(&sim);
}

static void change_path(struct simulated *sim, size_t sent)
{
	int64_t time = sim->now - sim->began;

	(void)sent;
	sim->count = time < 2900 * MS ? 4 : time < 5900 * MS ? 6 : 3;
}

/* Six hops from the fourth round on, three from the seventh. */
static void test_change(void **state)
{
	struct simulated sim;

	(void)state;
	watched(&sim, 4, 9);
	sim.at_probe = change_path;
	sim_run(&sim);
	assert_int_equal(asked_in(&sim, 4, 2), 1);
	assert_int_equal(asked_in(&sim, 5, 2), 0);
	assert_int_equal(asked_in(&sim, 6, 4), 1);
	assert_int_equal(asked_in(&sim, 6, 5), 1);
	assert_int_equal(asked_in(&sim, 7, 5), 0);
	assert_int_equal(asked_in(&sim, 3, 8), 1);
	assert_int_equal(asked_in(&sim, 4, 8), 0);
	assert_int_equal(trace_hops(sim.trace), 3);
	assert_true(trace_reached(sim.trace));
	sim_release(&sim);
}

/* Who is silent behind the last that answers is asked five hops far. */
static void test_silent(void **state)
{
	struct simulated sim;

	(void)state;
	watched(&sim, 6, 3);
	sim.target_silent = true;
	sim_run(&sim);
	assert_int_equal(asked_in(&sim, 30, 0), 1);
	for (unsigned round = 1; round < 3; round++) {
		assert_int_equal(asked_in(&sim, 10, round), 1);
		assert_int_equal(asked_in(&sim, 11, round), 0);
	}
	assert_int_equal(trace_hops(sim.trace), 10);
	sim_release(&sim);
}

static struct hops hops;

static void count(void *context, const struct probe *probe)
{
	hops_add(&hops, probe, context);
}

/* More probes than there are keys: the old ones are forgotten, and nothing is miscounted. */
static void test_without_end(void **state)
{
	enum { ROUNDS = 14000 };
	struct simulated sim;

	(void)state;
	watched(&sim, 5, ROUNDS);
	sim.options.interval = 20 * MS;
	sim.options.last = 8;
	sim.hops[2].lose_every = 10;
	hops_init(&hops, 1);
	assert_false(sim_run_for(&sim, 1));
	trace_watch(sim.trace, count, &sim.base);
	sim_run(&sim);
	hops_judge(&hops, sim.trace);
	assert_true(sim.sent_count > PROBE_MOST);
	assert_true(match_count(sim.match) <= PROBE_MOST);
	assert_int_equal(hops.count, 5);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(hops.list[i].sent, ROUNDS);
		assert_int_equal(hops.list[i].answered, i == 1 ? ROUNDS - ROUNDS / 10 : ROUNDS);
		assert_int_equal(hops.list[i].silence, i == 1 ? HOP_LIMITED : HOP_COMPLETE);
		assert_int_equal(hop_percentile(&hops.list[i].times, 99), (i + 1) * MS);
	}
	hops_release(&hops);
	sim_release(&sim);
}

/* Until it is told to stop. */
static void test_stop(void **state)
{
	struct simulated sim;

	(void)state;
	watched(&sim, 3, 0);
	assert_false(sim_run_for(&sim, 20 * SECOND));
	assert_false(trace_hop_done(sim.trace, 1));
	trace_stop(sim.trace);
	sim_run(&sim);
	assert_true(trace_hop_done(sim.trace, 1));
	assert_in_range(sim_asked(&sim, 1), 20, 21);
	sim_release(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_without_end),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
