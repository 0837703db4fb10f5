/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe/hops.h"

#include <stdlib.h>

#include "base/mem.h"
#include "probe/hops_parts.h"

void hops_init(struct hops *hops, unsigned first)
{
	*hops = (struct hops){ .first = first };
}

static void release_hop(struct hop *hop)
{
	for (size_t i = 0; i < hop->responder_count; i++) {
		hop_times_release(&hop->responders[i].times);
		free(hop->responders[i].answer);
		free(hop->responders[i].flow_bits);
	}
	free(hop->responders);
	hop_times_release(&hop->times);
}

void hops_release(struct hops *hops)
{
	for (size_t i = 0; i < hops->room; i++)
		release_hop(&hops->list[i]);
	free(hops->list);
	*hops = (struct hops){ .first = hops->first };
}

static void make_room(struct hops *hops, size_t wanted)
{
	if (wanted <= hops->room)
		return;
	hops->list = mem_resize(hops->list, wanted, sizeof *hops->list);
	for (; hops->room < wanted; hops->room++)
		hops->list[hops->room] = (struct hop){ .ttl = hops->first + (unsigned)hops->room };
}

/* NULL: a TTL that the run does not ask. */
static struct hop *hop_of(struct hops *hops, const struct probe *probe)
{
	if (probe->packet.ttl < hops->first)
		return NULL;
	make_room(hops, probe->packet.ttl - hops->first + 1u);
	return &hops->list[probe->packet.ttl - hops->first];
}

/* ------------------------------------------------------------------------------------------------ who answered */

static struct hop_responder *responder(struct hop *hop, const struct answer *answer)
{
	struct hop_responder *added;

	for (size_t i = 0; i < hop->responder_count; i++)
		if (address_same_host(&hop->responders[i].address, &answer->from))
			return &hop->responders[i];
	hop->responders = mem_resize(hop->responders, hop->responder_count + 1, sizeof *hop->responders);
	added = &hop->responders[hop->responder_count++];
	*added = (struct hop_responder){ .address = answer->from, .answer = mem_new(1, sizeof *answer) };
	*added->answer = *answer;
	return added;
}

static void add_flow(struct hop_responder *responder, uint16_t flow)
{
	size_t word = flow / 64;
	uint64_t bit = (uint64_t)1 << flow % 64;

	if (word >= responder->flow_words) {
		responder->flow_bits = mem_resize(responder->flow_bits, word + 1, sizeof *responder->flow_bits);
		while (responder->flow_words <= word)
			responder->flow_bits[responder->flow_words++] = 0;
	}
	responder->flows += !(responder->flow_bits[word] & bit);
	responder->flow_bits[word] |= bit;
}

/* Most systems begin with one of these. As traceroute --back counts. */
static int way_back(uint8_t ttl)
{
	static const int begins[] = { 64, 128, 255 };
	size_t i = 0;

	if (!ttl)
		return 0;
	while (ttl > begins[i])
		i++;
	return begins[i] - ttl + 1;
}

static void add_header(struct hop *hop, const struct answer *answer, const struct probe_base *base)
{
	if (!hop->back)
		hop->back = way_back(answer->ttl);
	if (hop->tos_changed || !answer->quote.seen || answer->quote.tos == base->tos)
		return;
	hop->tos_changed = true;
	hop->tos = answer->quote.tos;
}

/* ------------------------------------------------------------------------------------------------ counting */

static void add_sent(struct hop *hop, const struct probe *probe)
{
	if (probe->state != PROBE_FAILED) {
		hop->sent++;
		return;
	}
	if (!hop->failed++)
		hop->error = probe->error;
}

static void add_answer(struct hop *hop, const struct probe *probe, const struct probe_base *base)
{
	struct hop_responder *from = responder(hop, probe->answer);
	int64_t time = probe_round_trip(probe);

	hop->answered++;
	hop->late += probe->state == PROBE_EXPIRED;
	hop->rewritten |= probe->rewritten;
	add_flow(from, probe->flow);
	add_header(hop, probe->answer, base);
	if (time == PROBE_NO_TIME)
		return;
	hop_times_add(&hop->times, time);
	hop_times_add(&from->times, time);
}

void hops_add(struct hops *hops, const struct probe *probe, const struct probe_base *base)
{
	struct hop *hop = hop_of(hops, probe);

	if (!hop)
		return;
	/* An answer to an expired one is late, and the probe was added when it expired. */
	if (probe->state != PROBE_EXPIRED || !probe->answer)
		add_sent(hop, probe);
	if (probe->answer)
		add_answer(hop, probe, base);
}

void hops_again(struct hops *hops, const struct probe *probe)
{
	struct hop *hop = hop_of(hops, probe);

	if (hop)
		hop->again++;
}

void hops_judge(struct hops *hops, const struct trace *trace)
{
	unsigned last = trace_hops(trace);

	hops->count = last < hops->first ? 0 : last - hops->first + 1;
	make_room(hops, hops->count);
	for (size_t i = 0; i < hops->count; i++) {
		struct hop *hop = &hops->list[i];
		uint64_t flying = trace_flying(trace, hop->ttl);

		hop->sent += flying - hop->flying;
		hop->flying = flying;
	}
	for (size_t i = 0; i < hops->count; i++)
		hops->list[i].silence = hop_judge(hops, i);
}

/* Answers come in another order than probes go. */
static void sort_responders(struct hop *hop)
{
	for (size_t i = 1; i < hop->responder_count; i++) {
		struct hop_responder moved = hop->responders[i];
		size_t at = i;

		for (; at && hop->responders[at - 1].answer->seen > moved.answer->seen; at--)
			hop->responders[at] = hop->responders[at - 1];
		hop->responders[at] = moved;
	}
}

/* Too large for the path to here, as smaller ones have shown: it tells of a black hole, not of loss. */
static bool has_vanished(struct hop *hop, const struct trace *trace, const struct probe *probe)
{
	const uint32_t mtu = trace_path_mtu(trace, hop->ttl);

	if (!mtu || probe->answer || probe->packet.size <= mtu)
		return false;
	hop->vanished = mtu;
	return true;
}

void hops_collect(struct hops *hops, const struct match *match, const struct trace *trace,
		  const struct probe_base *base)
{
	hops_release(hops);
	hops_init(hops, trace_first(trace));
	for (size_t i = 0; i < match_count(match); i++) {
		const struct probe *probe = match_probe(match, i);
		struct hop *hop = hop_of(hops, probe);

		if (!hop || probe->state == PROBE_PLANNED || probe->state == PROBE_FLYING ||
		    has_vanished(hop, trace, probe))
			continue;
		add_sent(hop, probe);
		if (probe->answer)
			add_answer(hop, probe, base);
		hop->again += probe->again;
	}
	for (size_t i = 0; i < hops->room; i++)
		sort_responders(&hops->list[i]);
	hops_judge(hops, trace);
}
