/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <errno.h>
#include <string.h>
#include <netinet/in.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/probe/simulated.h"

static struct address host(uint32_t number)
{
	struct address address = { .length = sizeof(struct sockaddr_in) };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(number) };

	memcpy(&address.storage, &in, sizeof in);
	return address;
}

void sim_init(struct simulated *sim, unsigned count)
{
	*sim = (struct simulated){ .count = count, .now = SECOND, .began = SECOND };
	for (unsigned ttl = 1; ttl <= PROBE_TTLS; ttl++)
		sim->hops[ttl] = (struct sim_hop){ .delay = ttl * MS, .last_answer = INT64_MIN / 2 };
	sim->base = (struct probe_base){ .family = AF_INET, .method = PROBE_UDP, .source = host(0x0a000001),
					 .target = host(0xc0000201) };
	sim->options = (struct trace_options){ .first = 1, .last = 30, .queries = 3, .flows = 1, .confidence = 95,
					       .wait_most = 5 * SECOND, .wait_here = 3, .wait_near = 10, .size = 60,
					       .source_port = 40000, .target_port = 33434, .interval = SECOND };
}

void sim_release(struct simulated *sim)
{
	trace_free(sim->trace);
	match_free(sim->match);
	free(sim->sent);
	free(sim->sent_at);
	free(sim->flights);
}

/* ------------------------------------------------------------------------------------------------ the way */

static uint64_t mixed(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static uint64_t flow_of(const struct simulated *sim, const struct probe_packet *packet, unsigned ttl, unsigned router)
{
	uint64_t ports = (uint64_t)packet->source_port << 32 | (uint64_t)packet->target_port << 16 | packet->checksum;

	return mixed(mixed(mixed(sim->seed ^ ports) + ttl) + router);
}

static unsigned next_router(struct simulated *sim, const struct probe_packet *packet, unsigned ttl, unsigned router)
{
	struct sim_hop *hop = &sim->hops[ttl];
	unsigned fan = hop->fan ? hop->fan : 1, width = hop->width ? hop->width : 1;
	uint64_t chosen = flow_of(sim, packet, ttl, router);

	if (hop->per_packet)
		chosen = mixed(chosen + sim->sent_count);
	return (unsigned)((router * fan + chosen % fan) % width);
}

static bool every(unsigned *counter, unsigned so_many)
{
	++*counter;
	return so_many && *counter % so_many == 0;
}

static bool answers(struct simulated *sim, struct sim_hop *hop)
{
	bool lost = every(&hop->came, hop->lose_every);

	if (hop->silent || lost || sim->now - hop->last_answer < hop->limit)
		return false;
	hop->last_answer = sim->now;
	return true;
}

static void fly(struct simulated *sim, struct probe *probe, unsigned ttl, const struct answer *answer)
{
	if (!(sim->flight_count & (sim->flight_count - 1)))
		sim->flights = mem_resize(sim->flights, 2 * sim->flight_count + 1, sizeof *sim->flights);
	sim->flights[sim->flight_count++] =
		(struct sim_flight){ .time = sim->now + sim->hops[ttl].delay, .probe = probe, .answer = *answer };
}

static struct answer answer_of(const struct simulated *sim, const struct probe *probe, unsigned ttl, unsigned router)
{
	struct answer answer = { .kind = ANSWER_EXCEEDED, .family = AF_INET, .type = 11, .ttl = (uint8_t)(65 - ttl) };

	answer.from = ttl == sim->count ? sim->base.target : host(0x0a000000 + (ttl << 16) + router + 1);
	answer.quote = (struct answer_quote){ .there = true, .seen = true, .id = probe->packet.key,
					      .protocol = sim->base.method == PROBE_TCP ? IPPROTO_TCP : IPPROTO_UDP,
					      .sequence = sim->base.sequence + probe->packet.key,
					      .source = sim->base.source, .target = sim->base.target, .ttl = 1,
					      .has_transport = true, .checksum = probe->packet.key,
					      .length = probe->packet.size };
	address_set_port(&answer.quote.source, probe->packet.source_port);
	address_set_port(&answer.quote.target, probe->packet.target_port);
	return answer;
}

static void unreachable(struct simulated *sim, struct probe *probe, unsigned ttl, unsigned router, uint8_t code)
{
	struct answer answer = answer_of(sim, probe, ttl, router);

	answer.kind = ANSWER_UNREACHABLE;
	answer.type = 3;
	answer.code = code;
	if (code == 4 && !sim->hops[ttl + 1].mtu_untold)
		answer.mtu = sim->hops[ttl + 1].mtu;
	fly(sim, probe, ttl, &answer);
}

/* Whether it gets over the link to that hop; if not, the router before has a say. */
static bool passes(struct simulated *sim, struct probe *probe, unsigned ttl, unsigned before)
{
	struct sim_hop *hop = &sim->hops[ttl];

	if (every(&hop->passed, hop->drop_every))
		return false;
	if (!hop->mtu || probe->packet.size <= hop->mtu)
		return true;
	if (!hop->hole && answers(sim, &sim->hops[ttl - 1]))
		unreachable(sim, probe, ttl - 1, before, 4);
	return false;
}

static void travel(struct simulated *sim, struct probe *probe)
{
	unsigned router = 0;

	for (unsigned ttl = 1; ttl <= probe->packet.ttl; ttl++) {
		struct sim_hop *hop = &sim->hops[ttl];

		if (!passes(sim, probe, ttl, router))
			return;
		router = next_router(sim, &probe->packet, ttl, router);
		if (ttl < sim->count && ttl < probe->packet.ttl && !hop->forbids)
			continue;
		if (ttl == sim->count ? sim->target_silent || !answers(sim, hop) : !answers(sim, hop))
			return;
		if (ttl == sim->count || (hop->forbids && ttl < probe->packet.ttl)) {
			unreachable(sim, probe, ttl, router, ttl == sim->count ? 3 : 13);
			return;
		}
		fly(sim, probe, ttl, &(struct answer){ 0 });
		sim->flights[sim->flight_count - 1].answer = answer_of(sim, probe, ttl, router);
	}
}

/* ------------------------------------------------------------------------------------------------ running */

static void send_probe(struct simulated *sim, struct probe *probe)
{
	int error = sim->refused;

	if (sim->link_mtu && probe->packet.size > sim->link_mtu)
		error = EMSGSIZE;
	if (error) {
		trace_failed(sim->trace, probe, error, sim->now);
		return;
	}
	if (sim->at_probe)
		sim->at_probe(sim, sim->sent_count);
	if (!(sim->sent_count & (sim->sent_count - 1))) {
		sim->sent = mem_resize(sim->sent, 2 * sim->sent_count + 1, sizeof(struct probe *));
		sim->sent_at = mem_resize(sim->sent_at, 2 * sim->sent_count + 1, sizeof *sim->sent_at);
	}
	sim->sent[sim->sent_count] = probe;
	sim->sent_at[sim->sent_count++] = sim->now;
	probe->sent = sim->now;
	travel(sim, probe);
	trace_sent(sim->trace, probe, sim->now);
}

static size_t first_flight(const struct simulated *sim)
{
	size_t first = 0;

	for (size_t i = 1; i < sim->flight_count; i++)
		if (sim->flights[i].time < sim->flights[first].time)
			first = i;
	return first;
}

static void arrive(struct simulated *sim, size_t at)
{
	struct sim_flight flight = sim->flights[at];
	struct probe *probe = NULL;
	enum match_answer what;

	memmove(sim->flights + at, sim->flights + at + 1, (--sim->flight_count - at) * sizeof *sim->flights);
	flight.answer.seen = sim->now;
	what = match_take(sim->match, &flight.answer, &probe);
	assert_ptr_equal(probe, flight.probe);
	trace_answered(sim->trace, probe, what, sim->now);
}

static bool step(struct simulated *sim)
{
	int64_t until;
	struct probe *probe;
	size_t first = first_flight(sim);
	enum trace_step what;

	if (sim->flight_count && sim->flights[first].time <= sim->now) {
		arrive(sim, first);
		return true;
	}
	what = trace_next(sim->trace, sim->now, &probe, &until);
	if (what == TRACE_SEND)
		send_probe(sim, probe);
	if (what != TRACE_WAIT)
		return what == TRACE_SEND;
	if (sim->flight_count && sim->flights[first].time < until)
		until = sim->flights[first].time;
	assert_true(until > sim->now && until < INT64_MAX);
	sim->now = until;
	return true;
}

static void start(struct simulated *sim)
{
	if (sim->trace)
		return;
	sim->match = match_new(&sim->base);
	sim->trace = trace_new(&sim->options, &sim->base, sim->match);
}

void sim_run(struct simulated *sim)
{
	start(sim);
	while (step(sim))
		;
}

bool sim_run_for(struct simulated *sim, int64_t time)
{
	int64_t end = sim->now + time;

	start(sim);
	while (sim->now < end)
		if (!step(sim))
			return true;
	return false;
}

unsigned sim_asked(const struct simulated *sim, unsigned ttl)
{
	unsigned count = 0;

	for (size_t i = 0; i < sim->sent_count; i++)
		count += sim->sent[i]->packet.ttl == ttl;
	return count;
}
