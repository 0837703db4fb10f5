/* SPDX-License-Identifier: BSD-2-Clause */
/* What the probes of a hop say together, and what silence means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/probe/simulated.h"

static void collected(struct simulated *sim, struct hops *hops)
{
	*hops = (struct hops){ 0 };
	sim_run(sim);
	hops_collect(hops, sim->match, sim->trace, &sim->base);
}

static void done(struct simulated *sim, struct hops *hops)
{
	hops_release(hops);
	sim_release(sim);
}

static void test_plain(void **state)
{
	struct simulated sim;
	struct hops hops;

	(void)state;
	sim_init(&sim, 4);
	collected(&sim, &hops);
	assert_int_equal(hops.count, 4);
	for (unsigned i = 0; i < 4; i++) {
		const struct hop *hop = &hops.list[i];

		assert_int_equal(hop->ttl, i + 1);
		assert_int_equal(hop->sent, 3);
		assert_int_equal(hop->answered, 3);
		assert_int_equal(hop->silence, HOP_COMPLETE);
		assert_null(hop_silence_words(hop->silence));
		assert_int_equal(hop->responder_count, 1);
		assert_int_equal(hop->responders[0].flows, 1);
		assert_int_equal(hop->times.best, (i + 1) * MS);
		assert_int_equal(hop->back, i + 1);
		assert_false(hop->rewritten || hop->tos_changed);
	}
	done(&sim, &hops);
}

static void test_silent(void **state)
{
	struct simulated sim;
	struct hops hops;

	(void)state;
	sim_init(&sim, 5);
	sim.hops[2].silent = true;
	sim.target_silent = true;
	collected(&sim, &hops);
	assert_int_equal(hops.list[1].silence, HOP_SILENT);
	assert_string_equal(hop_silence_name(hops.list[1].silence), "silent");
	assert_int_equal(hops.list[4].silence, HOP_END);
	assert_int_equal(hops.count, 30);
	done(&sim, &hops);
}

/* One of three is not answered here, all later ones are. */
static void test_limited(void **state)
{
	struct simulated sim;
	struct hops hops;

	(void)state;
	sim_init(&sim, 9);
	sim.hops[3].lose_every = 3;
	collected(&sim, &hops);
	assert_int_equal(hops.list[2].answered, 2);
	assert_int_equal(hops.list[2].silence, HOP_LIMITED);
	done(&sim, &hops);
	/* Behind the destination nobody can tell. */
	sim_init(&sim, 9);
	sim.hops[9].lose_every = 3;
	collected(&sim, &hops);
	assert_int_equal(hops.list[8].silence, HOP_SOME_LOSS);
	done(&sim, &hops);
}

static void test_rate_limit(void **state)
{
	struct simulated sim;
	struct hops hops;

	(void)state;
	sim_init(&sim, 6);
	sim.options.queries = 10;
	sim.hops[2].limit = 100 * MS;
	collected(&sim, &hops);
	assert_int_equal(hops.list[1].answered, 1);
	assert_int_equal(hops.list[1].silence, HOP_LIMITED);
	done(&sim, &hops);
}

/* The link to hop 4 loses every third packet: so do all hops behind it. */
static void test_loss(void **state)
{
	struct simulated sim;
	struct hops hops;

	(void)state;
	sim_init(&sim, 8);
	sim.options.queries = 30;
	sim.hops[4].drop_every = 3;
	collected(&sim, &hops);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(hops.list[i].silence, HOP_COMPLETE);
	for (unsigned i = 3; i < 7; i++)
		assert_int_equal(hops.list[i].silence, HOP_LOSS);
	assert_int_equal(hops.list[7].silence, HOP_SOME_LOSS);
	done(&sim, &hops);
}

/* One of three, and one hop behind: too few to say. */
static void test_too_few(void **state)
{
	struct simulated sim;
	struct hops hops;

	(void)state;
	sim_init(&sim, 2);
	sim.hops[1].lose_every = 3;
	collected(&sim, &hops);
	assert_int_equal(hops.list[0].silence, HOP_SOME_LOSS);
	done(&sim, &hops);
}

static void test_responders(void **state)
{
	struct simulated sim;
	struct hops hops;

	(void)state;
	sim_init(&sim, 3);
	sim.options.mode = TRACE_FLOWS;
	sim.options.flows = 16;
	sim.hops[2].fan = sim.hops[2].width = 2;
	collected(&sim, &hops);
	assert_int_equal(hops.list[0].responder_count, 1);
	assert_int_equal(hops.list[0].responders[0].flows, 16);
	assert_int_equal(hops.list[1].responder_count, 2);
	assert_int_equal(hops.list[1].responders[0].flows + hops.list[1].responders[1].flows, 16);
	assert_int_equal(hops.list[1].responders[0].times.count + hops.list[1].responders[1].times.count, 48);
	done(&sim, &hops);
}

/* ------------------------------------------------------------------------------------------------ one by one */

static void add(struct hops *hops, struct probe *probe, int64_t time)
{
	static const struct probe_base base;
	static struct answer answer;

	answer = (struct answer){ .seen = time, .ttl = 250, .quote = { .seen = true, .tos = 8 } };
	answer.from = (struct address){ .storage.ss_family = AF_INET, .length = sizeof(struct sockaddr_in) };
	probe->answer = time == PROBE_NO_TIME ? NULL : &answer;
	hops_add(hops, probe, &base);
}

static void test_times(void **state)
{
	static const int64_t times[] = { 30, 10, 20, 40 };
	struct probe probe = { .packet.ttl = 1, .state = PROBE_ANSWERED };
	struct hops hops;
	const struct hop_times *sum;

	(void)state;
	hops_init(&hops, 1);
	for (size_t i = 0; i < 4; i++)
		add(&hops, &probe, times[i]);
	sum = &hops.list[0].times;
	assert_int_equal(sum->count, 4);
	assert_int_equal(sum->best, 10);
	assert_int_equal(sum->worst, 40);
	assert_int_equal(sum->last, 40);
	assert_float_equal(sum->mean, 25, 1e-4);
	assert_float_equal(hop_deviation(sum), 12.909944, 1e-4);
	assert_float_equal(hop_geometric(sum), 22.133638, 1e-4);
	assert_int_equal(sum->jitter, 20);
	assert_int_equal(sum->jitter_worst, 20);
	assert_float_equal(sum->jitter_mean, 50.0 / 3, 1e-4);
	/* 20, 10, 20 by RFC 3550. */
	assert_float_equal(sum->interarrival, ((20.0 / 16) * 15 / 16 + 10.0 / 16) * 15 / 16 + 20.0 / 16, 1e-4);
	assert_int_equal(hop_percentile(sum, 0), 10);
	assert_int_equal(hop_percentile(sum, 50), 20);
	assert_int_equal(hop_percentile(sum, 75), 30);
	assert_int_equal(hop_percentile(sum, 76), 40);
	assert_int_equal(hop_percentile(sum, 100), 40);
	assert_int_equal(hops.list[0].back, 6);
	assert_true(hops.list[0].tos_changed);
	assert_int_equal(hops.list[0].tos, 8);
	hops_release(&hops);
}

/* Percentiles are of the last ones, all else of all. */
static void test_many_times(void **state)
{
	struct probe probe = { .packet.ttl = 1, .state = PROBE_ANSWERED };
	struct hops hops;
	const struct hop_times *sum;

	(void)state;
	hops_init(&hops, 1);
	for (int64_t i = 0; i < 3 * HOP_TIMES_KEPT; i++)
		add(&hops, &probe, 1 + (i * 7919) % (3 * HOP_TIMES_KEPT));
	sum = &hops.list[0].times;
	assert_int_equal(sum->count, 3 * HOP_TIMES_KEPT);
	assert_int_equal(sum->kept, HOP_TIMES_KEPT);
	assert_int_equal(hops.list[0].responder_count, 1);
	assert_int_equal(sum->best, 1);
	for (size_t i = 1; i < sum->kept; i++)
		assert_true(sum->sorted[i - 1] < sum->sorted[i]);
	for (int64_t i = 2 * HOP_TIMES_KEPT; i < 3 * HOP_TIMES_KEPT; i++) {
		int64_t time = 1 + (i * 7919) % (3 * HOP_TIMES_KEPT);

		assert_int_equal(sum->recent[i % HOP_TIMES_KEPT], time);
	}
	hops_release(&hops);
}

/* Added when it expires, and again when an answer comes late: one probe, one answer. */
static void test_late(void **state)
{
	struct probe probe = { .packet.ttl = 3, .state = PROBE_EXPIRED };
	struct hops hops;

	(void)state;
	hops_init(&hops, 2);
	add(&hops, &probe, PROBE_NO_TIME);
	assert_int_equal(hops.list[1].sent, 1);
	assert_int_equal(hops.list[1].answered, 0);
	add(&hops, &probe, 7);
	hops_again(&hops, &probe);
	assert_int_equal(hops.list[1].sent, 1);
	assert_int_equal(hops.list[1].answered, 1);
	assert_int_equal(hops.list[1].late, 1);
	assert_int_equal(hops.list[1].again, 1);
	hops_release(&hops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_limited),
		cmocka_unit_test(test_rate_limit),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_responders),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_many_times),
		cmocka_unit_test(test_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
