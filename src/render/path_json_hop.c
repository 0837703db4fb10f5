/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/members.h"
#include "render/path_json.h"

static void add_times(struct text *out, const struct hop_times *times)
{
	if (!times->count)
		return;
	member_seconds(out, "rtt_min", times->best);
	member_seconds(out, "rtt_mean", (int64_t)times->mean);
	member_seconds(out, "rtt_max", times->worst);
	member_seconds(out, "rtt_last", times->last);
	member_seconds(out, "rtt_p50", hop_percentile(times, 50));
	member_seconds(out, "rtt_p99", hop_percentile(times, 99));
	member_seconds(out, "rtt_deviation", (int64_t)hop_deviation(times));
	member_seconds(out, "jitter", (int64_t)times->interarrival);
}

static void add_responder(struct text *out, const struct path_json *json, const struct hop_responder *responder)
{
	member_open(out, NULL, '{');
	path_json_answer_members(out, json, responder->answer);
	member_number(out, "answered", responder->times.count);
	if (json->flows)
		member_number(out, "flows", responder->flows);
	add_times(out, &responder->times);
	member_close(out, '{');
}

static void add_responders(struct text *out, const struct path_json *json, const struct hop *hop)
{
	member_open(out, "responders", '[');
	for (size_t i = 0; i < hop->responder_count; i++)
		add_responder(out, json, &hop->responders[i]);
	member_close(out, '[');
}

/* Why not all were answered: one word, and a sentence. */
static void add_silence(struct text *out, const struct hop *hop)
{
	member_string(out, "silence", hop_silence_name(hop->silence));
	if (hop->failed)
		member_string(out, "note", strerror(hop->error));
	else
		member_string(out, "note", hop_silence_words(hop->silence));
}

static void add_flows(struct text *out, const struct path_json *json, const struct hop *hop)
{
	unsigned needed = 0;

	if (!json->confidence)
		return;
	member_number(out, "flows_tried", json->tried(json->trace, hop->ttl, &needed));
	member_number(out, "flows_needed", needed);
}

static void add_mtu(struct text *out, const struct path_json *json, const struct hop *hop)
{
	uint32_t mtu = json->trace && json->path->mtu ? trace_path_mtu(json->trace, hop->ttl) : 0;

	if (mtu)
		member_number(out, "path_mtu", mtu);
}

void path_json_hop_members(struct text *out, const struct path_json *json, const struct hop *hop)
{
	member_number(out, "ttl", hop->ttl);
	member_number(out, "sent", hop->sent);
	member_number(out, "answered", hop->answered);
	member_number(out, "flying", hop->flying);
	member_number(out, "unsent", hop->failed);
	member_number(out, "late", hop->late);
	member_number(out, "again", hop->again);
	add_silence(out, hop);
	add_times(out, &hop->times);
	member_true(out, "rewritten", hop->rewritten);
	if (hop->tos_changed)
		member_number(out, "tos", hop->tos);
	if (hop->back)
		member_number(out, "back", (unsigned)hop->back);
	add_flows(out, json, hop);
	add_mtu(out, json, hop);
	add_responders(out, json, hop);
}
