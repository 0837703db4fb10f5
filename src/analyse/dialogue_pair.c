/* SPDX-License-Identifier: BSD-2-Clause */
/* Which request a message answers, and what is told of the two. */
#include "analyse/dialogue_parts.h"
#include "analyse/messages.h"

/* ------------------------------------------------------------------------------------------------ requests */

/*
 * Multicast can be seen from the address, a directed broadcast from the link layer alone; where there is none
 * (loopback, raw IP) an IPv4 address that ends in 255 is taken for one.
 */
static bool is_broadcast(const struct packet *packet, const struct flow *flow, unsigned asker)
{
	static const uint8_t limited[4] = { 255, 255, 255, 255 };
	const uint8_t *address = flow->ends[!asker].address;
	const struct field *link = packet_role(packet, ROLE_LINK_DST);

	if (flow_end_is_multicast(flow, !asker))
		return true;
	if (flow->address_length != 4 || !memcmp(address, limited, 4))
		return flow->address_length == 4;
	if (link && link->length == 6 && load_be(link->value.bytes, 6))
		return link->value.bytes[0] & 1;
	return address[3] == 255;
}

void message_asked(struct dialogues *d, const struct message *message)
{
	const struct frame *frame = message->packet->frame;
	struct flow_dialogue *own = flow_dialogue_of(d, message->flow);
	struct request *request = request_new(own, message->pairing, message->side);

	if (d->foresight)
		request->nth = (uint8_t)layer_nth(message->packet, message->layer);
	request->frame = frame->number;
	request->time = frame->has_time ? frame->time : 0;
	request->octets = message->octets;
	if (message->flow->protocol == d->udp && is_broadcast(message->packet, message->flow, message->side)) {
		request->broadcast = true;
		broadcast_index(own, message->side);
	}
	if (message->pairing->kind->compared && message->whole)
		request_keep(d, request, message->data, message->length);
	request_tell(d, request, false);
}

/* ------------------------------------------------------------------------------------------------ answers */

/* What nobody knew when it came was a request after all. */
static struct request *of_stranger(struct flow_dialogue *own, const struct message *message)
{
	struct stranger stranger;
	struct request *request;

	if (!own->strangers || own->stranger_side == message->side || !message->pairing->kind->by_content)
		return NULL;
	stranger = stranger_take(own);
	request = request_new(own, message->pairing, !message->side);
	request->frame = stranger.frame;
	request->time = stranger.time;
	request->octets = stranger.octets;
	return request;
}

/* Over TCP the connection itself was the request. */
static struct request *of_connection(struct dialogues *d, struct flow_dialogue *own, const struct message *message)
{
	const struct opened *opened = &d->opened[message->flow->number % DIALOGUE_OPENED_MAX];
	struct request *request;

	if (!message->pairing->kind->unasked || message->flow->protocol != d->tcp)
		return NULL;
	request = request_new(own, message->pairing, !message->side);
	if (opened->number == (uint64_t)message->flow->number + 1)
		request->time = opened->time;
	return request;
}

static struct request *in_conversation(struct dialogues *d, const struct message *message)
{
	struct flow_dialogue *own = flow_dialogue_of(d, message->flow);
	struct queue *queue = &own->asked[!message->side];
	int64_t now = message->packet->frame->time;
	struct request *found = NULL;

	queue_advance(queue, now);
	if (message->pairing->kind->compared)
		found = echo_pick(queue, message);
	if (!found)
		found = queue_pick(queue, now, message->flow->protocol == d->tcp);
	if (!found)
		found = of_stranger(own, message);
	if (!found)
		found = queue->answered ? queue->answered : queue->last;
	if (!found)
		found = of_connection(d, own, message);
	if (!found)
		flow_dialogue_settle(own);
	return found && found->pairing == message->pairing ? found : NULL;
}

/*
 * Of the requests that this host has not answered the oldest that would not be late, else the newest; when it has
 * answered all, the last one again.
 */
static struct request *unheard(struct queue *queue, uint64_t heard, int64_t now)
{
	struct request *found = NULL, *at = queue->last;

	for (unsigned i = 0; at && at->sequence > heard && i < CHAT_SCAN_MAX; i++, at = at->previous)
		if (!found || time_between(at->time, now) <= DIALOGUE_LATE)
			found = at;
	return found ? found : queue->last;
}

static struct request *by_broadcast(struct dialogues *d, const struct message *message)
{
	const struct flow_end *asker = &message->flow->ends[!message->side];
	struct flow_dialogue *there = broadcast_find(d, asker, message->flow->ends[message->side].port), *own;
	struct request *found;

	if (!there)
		return NULL;
	/* It is in use: the new one must not take its place. */
	flow_dialogue_of(d, there->flow);
	own = flow_dialogue_of(d, message->flow);
	found = there->asked[0].last ? there->asked[0].last : there->asked[1].last;
	found = unheard(&there->asked[found->asker], own->heard, message->packet->frame->time);
	if (found->pairing != message->pairing)
		return NULL;
	own->heard = found->sequence > own->heard ? found->sequence : own->heard;
	found->other_host = true;
	return found;
}

/* Then the answer belongs here, whoever else was asked. */
static bool asked_here(const struct message *message)
{
	return message->flow->dialogue && message->flow->dialogue->asked[!message->side].first;
}

void answer_notes(struct notes *notes, const struct request *request, const struct frame *frame)
{
	const struct row *rows = request->pairing->rows;
	int64_t took = time_between(request->time, frame->time);

	if (request->frame)
		note_number(notes, &rows[ROW_REQUEST_IN], request->frame);
	if (request->time && frame->has_time)
		note_number(notes, &rows[ROW_RESPONSE_TIME], (uint64_t)took);
	if (request->time && frame->has_time && took > DIALOGUE_LATE)
		note_number(notes, &rows[ROW_LATE], 1);
}

static bool is_complete(const struct message *message)
{
	return message->pairing->content && field_of(message->packet, message->layer, message->pairing->content);
}

/*
 * Over TCP an answer may come in several segments. What comes behind it, when no other request waits, goes on with it:
 * words before a date, the rest of one. Two dates are two answers. NULL: it is no such piece.
 */
static struct request *in_pieces(struct dialogues *d, const struct message *message)
{
	struct flow_dialogue *own = message->flow->dialogue;
	struct queue *queue = own ? &own->asked[!message->side] : NULL;
	struct request *before = queue ? queue->answered : NULL;
	bool again = messages_again(message->flow) && !layer_nth(message->packet, message->layer);

	if (!before || !message->pairing->content || message->flow->protocol != d->tcp ||
	    before->pairing != message->pairing)
		return NULL;
	if (again)
		return before;
	return queue_pick(queue, 0, true) || (before->complete && is_complete(message)) ? NULL : before;
}

void message_answered(struct dialogues *d, const struct message *message)
{
	const struct frame *frame = message->packet->frame;
	struct notes notes;
	struct request *request = in_pieces(d, message);
	bool goes_on = request;

	notes_begin(&notes);
	if (!request && message->flow->protocol == d->udp && !asked_here(message))
		request = by_broadcast(d, message);
	if (!request)
		request = in_conversation(d, message);
	if (!request)
		return;
	if (!goes_on)
		request_answered(d, request, frame->number, frame->has_time ? frame->time : 0, message->octets);
	request->complete = request->complete || (message->flow->protocol == d->tcp && is_complete(message));
	answer_notes(&notes, request, frame);
	note_number(&notes, &message->pairing->rows[ROW_ANSWER], request->answers);
	if (request->broadcast && memcmp(request->owner->flow->ends[!request->asker].address,
					 message->flow->ends[message->side].address, 16) != 0)
		note_number(&notes, &message->pairing->rows[ROW_OTHER_HOST], 1);
	if (message->pairing->kind->compared)
		echo_notes(d, &notes, request, message);
	notes_give(&notes, message->packet, message->layer);
	if (!goes_on)
		request_tell(d, request, false);
}
