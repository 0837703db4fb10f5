/* SPDX-License-Identifier: BSD-2-Clause */
/* How the octets that came back over TCP are the ones that were sent: as they are, in another case, behind prefixes. */
#include "analyse/dialogue_stream.h"
#include "analyse/echo_transform.h"

#define SEARCHES 32  /* for a prefix, in one piece */
#define SEARCHED 256 /* octets that are compared behind it */

/* How many octets from there are the queue's next ones, letters in any case. */
static size_t run_at(const struct echo_reading *r, size_t at, size_t most)
{
	const struct echo_stream *echo = r->echo;
	size_t length = echo_smaller(echo_smaller(r->length - at, echo->length - r->taken), most);
	bool raised, lowered;

	return transform_run(echo->queue + echo->first + r->taken, r->data + at, length, &raised, &lowered);
}

/* They are the answer. */
static void accept(struct echo_reading *r, size_t run)
{
	struct echo_stream *echo = r->echo;

	transform_run(echo->queue + echo->first + r->taken, r->data + r->at, run, &echo->raised, &echo->lowered);
	r->at += run;
	r->taken += (uint32_t)run;
	while (r->request && r->request->stream_end <= echo->settled + r->taken)
		r->request = r->request->next;
}

/* What is accepted ends with a request, so that the next one's answer is looked at from its start. */
static bool accept_whole(struct echo_reading *r, size_t run)
{
	uint64_t from = r->echo->settled + r->taken, end = from;

	for (const struct request *at = r->request; at && at->stream_end <= from + run; at = at->next)
		end = at->stream_end;
	accept(r, (size_t)(end - from));
	return end > from;
}

static bool at_start(const struct echo_reading *r)
{
	return r->request && r->request->stream_end - r->request->octets == r->echo->settled + r->taken;
}

static bool skip_known(struct echo_reading *r)
{
	const struct echo_stream *echo = r->echo;

	if (!echo->prefix_length || r->length - r->at <= echo->prefix_length || !at_start(r) ||
	    memcmp(echo->prefix, r->data + r->at, echo->prefix_length) != 0)
		return false;
	r->at += echo->prefix_length;
	return true;
}

static void learn_prefix(struct echo_reading *r, size_t prefix)
{
	memcpy(r->echo->prefix, r->data + r->at, prefix);
	r->echo->prefix_length = (uint8_t)prefix;
	r->at += prefix;
}

/* Behind a prefix of that length stands the request, or what is there of it. */
static bool fits_behind(const struct echo_reading *r, size_t prefix)
{
	size_t left = echo_smaller(r->length - r->at - prefix, r->echo->length - r->taken);
	size_t whole = r->request ? (size_t)(r->request->stream_end - r->echo->settled) - r->taken : left;

	left = echo_smaller(echo_smaller(left, whole), SEARCHED);
	return left && run_at(r, r->at + prefix, left) == left;
}

static bool find_prefix(struct echo_reading *r)
{
	size_t left = r->length - r->at;

	if (!at_start(r) || r->searches++ >= SEARCHES)
		return false;
	for (size_t prefix = 1; prefix <= ECHO_EXTRA_MAX && prefix < left; prefix++)
		if (fits_behind(r, prefix)) {
			learn_prefix(r, prefix);
			return true;
		}
	return false;
}

/* The queue ends where the octets do, and they are equal: what is before is a prefix, though it begins alike. */
static bool ends_alike(struct echo_reading *r)
{
	const struct echo_stream *echo = r->echo;
	size_t left = r->length - r->at, waits = echo->length - r->taken;

	if (left <= waits || left - waits > ECHO_EXTRA_MAX || !at_start(r) ||
	    memcmp(echo->queue + echo->first + r->taken, r->data + r->length - waits, waits) != 0)
		return false;
	learn_prefix(r, left - waits);
	return true;
}

/* What is left may be the beginning of a prefix; later octets tell. */
static bool hold(struct echo_reading *r)
{
	size_t left = r->length - r->at;

	if (left > ECHO_EXTRA_MAX)
		return false;
	memcpy(r->echo->held, r->data + r->at, left);
	r->echo->held_length = (uint8_t)left;
	r->at = r->length;
	return true;
}

bool echo_explain(struct echo_reading *r)
{
	const struct echo_stream *echo = r->echo;

	while (r->at < r->length) {
		size_t left = r->length - r->at, waits = echo->length - r->taken, run;

		if (!waits)
			return hold(r);
		if (skip_known(r))
			continue;
		run = run_at(r, r->at, SIZE_MAX);
		if (run == left || (run == waits && !ends_alike(r)))
			accept(r, run);
		else if (run != waits && !accept_whole(r, run) && !find_prefix(r))
			return hold(r);
	}
	return true;
}
