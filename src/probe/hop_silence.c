/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe/hops_parts.h"

struct share {
	double lost, sent;
};

static struct share share_of(const struct hop *hop)
{
	uint64_t sent = hop->sent - hop->flying;

	return (struct share){ .lost = (double)(sent - hop->answered), .sent = (double)sent };
}

/* Two standard errors, as hops.h says; squared, so that no root is needed. */
static bool less(struct share later, struct share here)
{
	double p = (here.lost + later.lost) / (here.sent + later.sent);
	double difference = here.lost / here.sent - later.lost / later.sent;

	return difference > 0 && difference * difference > 4 * p * (1 - p) * (1 / here.sent + 1 / later.sent);
}

static enum hop_silence some_lost(const struct hops *hops, size_t at, struct share here)
{
	struct share all = { 0 };

	for (size_t i = at + 1; i < hops->count; i++) {
		struct share later = share_of(&hops->list[i]);

		if (!hops->list[i].answered)
			continue;
		if (less(later, here))
			return HOP_LIMITED;
		all.lost += later.lost;
		all.sent += later.sent;
	}
	if (all.sent <= 0)
		return HOP_SOME_LOSS;
	if (less(all, here))
		return HOP_LIMITED;
	return 2 * all.lost * here.sent >= here.lost * all.sent ? HOP_LOSS : HOP_SOME_LOSS;
}

static bool later_answers(const struct hops *hops, size_t at)
{
	for (size_t i = at + 1; i < hops->count; i++)
		if (hops->list[i].answered)
			return true;
	return false;
}

enum hop_silence hop_judge(const struct hops *hops, size_t at)
{
	const struct hop *hop = &hops->list[at];
	struct share here = share_of(hop);

	if (hop->flying)
		return HOP_PENDING;
	if (!hop->sent)
		return hop->failed ? HOP_UNSENT : HOP_PENDING;
	if (here.lost <= 0)
		return HOP_COMPLETE;
	if (!hop->answered)
		return later_answers(hops, at) ? HOP_SILENT : HOP_END;
	return some_lost(hops, at, here);
}

static const struct {
	const char *name, *words;
} silences[] = {
	[HOP_COMPLETE] = { "complete", NULL },
	[HOP_PENDING] = { "pending", NULL },
	[HOP_SILENT] = { "silent", "silent: passes packets on, does not answer itself" },
	[HOP_LIMITED] = { "limited", "rate limit: passes packets on, does not answer each" },
	[HOP_LOSS] = { "loss", "loss: later hops lose as much, here or before" },
	[HOP_SOME_LOSS] = { "some-loss", "some loss: no later hop tells where" },
	[HOP_END] = { "end", "no answer from here on: the path ends, or the rest is silent" },
	[HOP_UNSENT] = { "unsent", "not sent: refused on this machine" },
};

const char *hop_silence_words(enum hop_silence silence)
{
	return silences[silence].words;
}

const char *hop_silence_name(enum hop_silence silence)
{
	return silences[silence].name;
}
