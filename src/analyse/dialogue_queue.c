/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests: a ring of all, a queue of each side of each conversation; who is told of them. */
#include "analyse/dialogue_parts.h"

#include <stdlib.h>

#include "base/mem.h"

/* ------------------------------------------------------------------------------------------------ telling */

static struct dialogue told_of(const struct request *request)
{
	const struct flow *flow = request->owner->flow;

	return (struct dialogue){
		.protocol = request->pairing->dissector,
		.transport = flow->protocol,
		.stream = flow->number,
		.client = flow->ends[request->asker],
		.server = flow->ends[!request->asker],
		.address_length = flow->address_length,
		.request = request->frame,
		.response = request->response,
		.request_time = request->time,
		.response_time = request->response_time,
		.request_octets = request->octets,
		.response_octets = request->response_octets,
		.answers = request->answers,
		.broadcast = request->broadcast,
		.other_host = request->other_host,
		.late = request->late,
		.end = (enum dialogue_end)request->end,
		.compared = request->compared,
		.identical = request->identical,
		.transform = request->transform,
		.refused = request->was_refused ? request->refused : 0,
	};
}

void request_tell(const struct dialogues *d, const struct request *request, bool over)
{
	struct dialogue told;

	if (!d->listener_count)
		return;
	told = told_of(request);
	for (unsigned i = 0; i < d->listener_count; i++)
		if (d->listeners[i].dialogue)
			d->listeners[i].dialogue(d->listeners[i].context, &told, over);
}

void request_ahead(const struct dialogues *d, const struct request *request, enum dialogue_row row, uint64_t value)
{
	const struct field_def *def = request->pairing->rows[row].def;

	if (d->foresight && def && request->frame)
		foresight_add(d->foresight, request->frame, request->pairing->dissector, request->nth, def,
			      value);
}

/* ------------------------------------------------------------------------------------------------ contents */

static void content_free(struct dialogues *d, struct request *request)
{
	d->octets -= request->content ? request->content_length : 0;
	if (request->content != request->small)
		free(request->content);
	request->content = NULL;
}

bool octets_take(struct dialogues *d, size_t length)
{
	while (d->octets_max - d->octets < length && d->shed < d->asked) {
		struct request *oldest = &d->ring[++d->shed % d->max];

		if (oldest->owner && oldest->sequence == d->shed && oldest->content) {
			content_free(d, oldest);
			oldest->kept = false;
		}
	}
	if (d->octets_max - d->octets < length)
		return false;
	d->octets += length;
	return true;
}

void request_keep(struct dialogues *d, struct request *request, const uint8_t *data, uint32_t length)
{
	request->hash = octets_hash(data, length);
	if (length && !octets_take(d, length))
		return;
	request->kept = true;
	request->content_length = length;
	if (length > REQUEST_SMALL)
		request->content = (uint8_t *)mem_copy_bytes(data, length);
	else if (length)
		request->content = memcpy(request->small, data, length);
}

/* ------------------------------------------------------------------------------------------------ the queue */

static void append(struct queue *queue, struct request *request)
{
	request->previous = queue->last;
	*(queue->last ? &queue->last->next : &queue->first) = request;
	queue->last = request;
	if (!queue->open)
		queue->open = request;
	if (!queue->fresh)
		queue->fresh = request;
}

static void take_out(struct queue *queue, struct request *request)
{
	*(request->previous ? &request->previous->next : &queue->first) = request->next;
	*(request->next ? &request->next->previous : &queue->last) = request->previous;
	if (queue->open == request)
		queue->open = request->next;
	if (queue->fresh == request)
		queue->fresh = request->next;
	if (queue->answered == request)
		queue->answered = NULL;
}

void queue_advance(struct queue *queue, int64_t now)
{
	while (queue->open && !queue->open->open)
		queue->open = queue->open->next;
	while (queue->fresh && (!queue->fresh->open ||
				time_between(queue->fresh->time, now) > DIALOGUE_LATE))
		queue->fresh = queue->fresh->next;
}

struct request *queue_pick(struct queue *queue, int64_t now, bool in_order)
{
	queue_advance(queue, now);
	return queue->fresh && !in_order ? queue->fresh : queue->open;
}

/* ------------------------------------------------------------------------------------------------ a request's life */

/*
 * Slots are used in turn, so that it is known whose request goes next, and it was not looked at for long: it is fetched
 * while other packets are read, then what hangs on it.
 */
static void fetch_next(const struct dialogues *d, const struct request *request)
{
	const struct request *next = request + 2, *near = request + 4, *far = request + 6;

	/* At the end of the ring it is not worth the trouble. */
	if (far >= d->ring + d->max)
		return;
	mem_soon(far, offsetof(struct request, small));
	if (near->owner)
		mem_soon(near->owner, sizeof *near->owner);
	if (next->owner)
		mem_soon(&next->owner->flow->dialogue, 1);
}

struct request *request_new(struct flow_dialogue *own, const struct pairing *pairing, unsigned asker)
{
	struct dialogues *d = own->dialogues;
	struct request *request = &d->ring[++d->asked % d->max];

	if (request->owner) {
		struct flow_dialogue *loser = request->owner;

		request_forget(d, request, DIALOGUE_UNANSWERED, 0);
		if (loser != own)
			flow_dialogue_settle(loser);
	}
	memset(request, 0, offsetof(struct request, small));
	request->owner = own;
	request->pairing = pairing;
	request->sequence = d->asked;
	request->asker = (uint8_t)asker;
	request->open = true;
	own->requests++;
	append(&own->asked[asker], request);
	fetch_next(d, request);
	return request;
}

static uint8_t judged(const struct dialogues *d, const struct request *request, enum dialogue_end end)
{
	if (end == DIALOGUE_UNANSWERED && request->pairing->kind->empty_is_optional && !request->octets &&
	    request->owner->flow->protocol == d->udp)
		return DIALOGUE_NOT_EXPECTED;
	return (uint8_t)end;
}

void request_forget(struct dialogues *d, struct request *request, enum dialogue_end end, uint64_t refused)
{
	if (request->end == DIALOGUE_OPEN) {
		request->end = judged(d, request, end);
		request->refused = refused;
		request->was_refused = true;
		if (request->end == DIALOGUE_UNANSWERED)
			request_ahead(d, request, ROW_UNANSWERED, 1);
		if (refused)
			request_ahead(d, request, ROW_REFUSED, refused);
	}
	request_tell(d, request, true);
	take_out(&request->owner->asked[request->asker], request);
	content_free(d, request);
	request->owner->requests--;
	request->owner = NULL;
}

void request_answered(struct dialogues *d, struct request *request, uint64_t frame, int64_t time, uint32_t octets)
{
	request->open = false;
	request->owner->asked[request->asker].answered = request;
	if (request->answers++)
		return;
	request->end = DIALOGUE_ANSWERED;
	request->response = frame;
	request->response_time = time;
	request->response_octets = octets;
	request->late = request->time && time_between(request->time, time) > DIALOGUE_LATE;
	request_ahead(d, request, ROW_RESPONSE_IN, frame);
}
