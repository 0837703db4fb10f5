/* SPDX-License-Identifier: BSD-2-Clause */
/* The MTU of the path, hop by hop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>

#include <cmocka.h>

#include "tests/probe/simulated.h"

static void sized(struct simulated *sim, unsigned count)
{
	sim_init(sim, count);
	sim->options.mtu = true;
	sim->options.size = 1500;
	sim->base.dont_fragment = true;
}

/* 1500 to hop 1, 1400 from the link to hop 2 on, 1300 from the link to hop 5 on. */
static void test_narrower(void **state)
{
	static const uint32_t expected[] = { 1500, 1400, 1400, 1400, 1300, 1300 };
	struct simulated sim;

	(void)state;
	sized(&sim, 6);
	sim.hops[2].mtu = 1400;
	sim.hops[5].mtu = 1300;
	sim_run(&sim);
	assert_int_equal(trace_hops(sim.trace), 6);
	assert_true(trace_reached(sim.trace));
	for (unsigned ttl = 1; ttl <= 6; ttl++) {
		assert_int_equal(trace_path_mtu(sim.trace, ttl), expected[ttl - 1]);
		assert_true(trace_hop_done(sim.trace, ttl));
		assert_int_equal(sim_asked(&sim, ttl), ttl == 2 || ttl == 5 ? 4 : 3);
	}
	assert_int_equal(sim.sent[3]->packet.ttl, 2);
	assert_int_equal(sim.sent[3]->packet.size, 1500);
	assert_int_equal(sim.sent[4]->packet.ttl, 2);
	assert_int_equal(sim.sent[4]->packet.size, 1400);
	sim_release(&sim);
}

/* An old router does not say what fits: RFC 1191 section 7 has what is usual. */
static void test_untold(void **state)
{
	struct simulated sim;

	(void)state;
	sized(&sim, 3);
	sim.hops[3].mtu = 1100;
	sim.hops[3].mtu_untold = true;
	sim_run(&sim);
	assert_int_equal(trace_path_mtu(sim.trace, 2), 1500);
	assert_int_equal(trace_path_mtu(sim.trace, 3), 1006);
	assert_int_equal(sim_asked(&sim, 3), 5); /* 1500, 1492, and 1006 three times */
	sim_release(&sim);
}

/* The own link: the kernel refuses what is larger. */
static void test_own_link(void **state)
{
	struct simulated sim;

	(void)state;
	sized(&sim, 3);
	sim.link_mtu = 1480;
	sim_run(&sim);
	assert_int_equal(trace_path_mtu(sim.trace, 1), 1006);
	assert_int_equal(trace_path_mtu(sim.trace, 3), 1006);
	assert_int_equal(sim.sent_count, 9);
	sim_release(&sim);
}

/* Large ones vanish behind hop 3, and nobody says so. */
static void test_black_hole(void **state)
{
	struct simulated sim;

	(void)state;
	sized(&sim, 6);
	sim.hops[4].mtu = 1372;
	sim.hops[4].hole = true;
	sim_run(&sim);
	assert_true(trace_reached(sim.trace));
	assert_int_equal(trace_path_mtu(sim.trace, 3), 1500);
	assert_int_equal(trace_path_mtu(sim.trace, 4), 1372);
	assert_int_equal(trace_path_mtu(sim.trace, 6), 1372);
	assert_true(sim_asked(&sim, 4) <= 3 + 1 + 2 * 10);
	assert_int_equal(sim_asked(&sim, 5), 3);
	assert_true(sim.now - sim.began < 5 * SECOND);
	sim_release(&sim);
}

/* A silent hop is no black hole: it is asked once more and left. */
static void test_silent(void **state)
{
	struct simulated sim;

	(void)state;
	sized(&sim, 4);
	sim.hops[2].silent = true;
	sim_run(&sim);
	assert_int_equal(sim_asked(&sim, 2), 4);
	assert_int_equal(trace_path_mtu(sim.trace, 2), 0);
	assert_int_equal(trace_path_mtu(sim.trace, 4), 1500);
	assert_true(trace_hop_done(sim.trace, 2));
	sim_release(&sim);
}

/* One lost packet is not taken for a limit. */
static void test_loss(void **state)
{
	struct simulated sim;

	(void)state;
	sized(&sim, 4);
	sim.hops[3].lose_every = 4;
	sim.hops[3].mtu = 1400;
	sim_run(&sim);
	assert_int_equal(trace_path_mtu(sim.trace, 4), 1400);
	sim_release(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_narrower),
		cmocka_unit_test(test_untold),
		cmocka_unit_test(test_own_link),
		cmocka_unit_test(test_black_hole),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
