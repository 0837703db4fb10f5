/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests: a ring of all, a queue of each side of each conversation; who is told of them. */
#include "analyse/dialogue_parts.h"

#include <stdlib.h>

#include "base/mem.h"

/* ------------------------------------------------------------------------------------------------ telling */

void request_tell(const struct dialogues *d, const struct request *request, bool over)
{
	for (unsigned i = 0; i < d->listener_count; i++)
		if (d->listeners[i].dialogue)
			d->listeners[i].dialogue(d->listeners[i].context, &request->told, over);
}

void request_ahead(const struct dialogues *d, const struct request *request, enum dialogue_row row, uint64_t value)
{
	const struct field_def *def = request->pairing->rows[row].def;

	if (d->foresight && def && request->told.request)
		foresight_add(d->foresight, request->told.request, request->pairing->dissector, request->nth, def,
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
				time_between(queue->fresh->told.request_time, now) > DIALOGUE_LATE))
		queue->fresh = queue->fresh->next;
}

struct request *queue_pick(struct queue *queue, int64_t now, bool in_order)
{
	queue_advance(queue, now);
	return queue->fresh && !in_order ? queue->fresh : queue->open;
}

/* ------------------------------------------------------------------------------------------------ a request's life */

struct request *request_new(struct flow_dialogue *own, const struct pairing *pairing, unsigned asker)
{
	struct dialogues *d = own->dialogues;
	struct request *request = &d->ring[++d->asked % d->max];
	const struct flow *flow = own->flow;

	if (request->owner) {
		struct flow_dialogue *loser = request->owner;

		request_forget(d, request, DIALOGUE_UNANSWERED, 0);
		if (loser != own)
			flow_dialogue_settle(loser);
	}
	*request = (struct request){
		.told = {
			.protocol = pairing->dissector,
			.transport = flow->protocol,
			.stream = flow->number,
			.client = flow->ends[asker],
			.server = flow->ends[!asker],
			.address_length = flow->address_length,
		},
		.pairing = pairing,
		.owner = own,
		.sequence = d->asked,
		.asker = (uint8_t)asker,
		.open = true,
	};
	append(&own->asked[asker], request);
	return request;
}

static enum dialogue_end judged(const struct dialogues *d, const struct request *request, enum dialogue_end end)
{
	if (end == DIALOGUE_UNANSWERED && request->pairing->kind->empty_is_optional && !request->told.request_octets &&
	    request->told.transport == d->udp)
		return DIALOGUE_NOT_EXPECTED;
	return end;
}

void request_forget(struct dialogues *d, struct request *request, enum dialogue_end end, uint64_t refused)
{
	struct dialogue *told = &request->told;

	if (told->end == DIALOGUE_OPEN) {
		told->end = judged(d, request, end);
		told->refused = refused;
		if (told->end == DIALOGUE_UNANSWERED)
			request_ahead(d, request, ROW_UNANSWERED, 1);
		if (refused)
			request_ahead(d, request, ROW_REFUSED, refused);
	}
	request_tell(d, request, true);
	take_out(&request->owner->asked[request->asker], request);
	content_free(d, request);
	request->owner = NULL;
}

void request_answered(struct dialogues *d, struct request *request, uint64_t frame, int64_t time, uint32_t octets)
{
	struct dialogue *told = &request->told;

	request->open = false;
	request->owner->asked[request->asker].answered = request;
	if (told->answers++)
		return;
	told->end = DIALOGUE_ANSWERED;
	told->response = frame;
	told->response_time = time;
	told->response_octets = octets;
	told->late = told->request_time && time_between(told->request_time, time) > DIALOGUE_LATE;
	request_ahead(d, request, ROW_RESPONSE_IN, frame);
}
