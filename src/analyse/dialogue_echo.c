/* SPDX-License-Identifier: BSD-2-Clause */
/* Echo by datagrams: which request an answer can be of, and what it made of it. */
#include "analyse/dialogue_parts.h"
#include "analyse/echo_transform.h"

#define LOOKED_AT 256  /* requests that an equal one is looked for in, by hash */
#define COMPARED 16    /* and those that are compared octet by octet */

static bool is_equal(const struct request *request, const struct message *answer, uint64_t hash)
{
	return request->kept && request->hash == hash && request->content_length == answer->length &&
	       (!answer->length || !memcmp(request->content, answer->data, answer->length));
}

static struct request *equal_from(struct request *at, const struct message *answer, uint64_t hash)
{
	for (unsigned i = 0; at && i < LOOKED_AT; i++, at = at->next)
		if (at->open && is_equal(at, answer, hash))
			return at;
	return NULL;
}

/* Of the last ones. */
static struct request *equal_before(struct request *at, const struct message *answer, uint64_t hash)
{
	for (unsigned i = 0; at && i < LOOKED_AT; i++, at = at->previous)
		if (at->open && is_equal(at, answer, hash))
			return at;
	return NULL;
}

static struct request *changed_from(struct request *at, const struct message *answer)
{
	struct transform t;

	for (unsigned i = 0; at && i < COMPARED; i++, at = at->next) {
		if (!at->open || !at->kept)
			continue;
		t = transform_of(at->content, at->content_length, answer->data, answer->length);
		/* That one is the beginning of the other says little. */
		if (t.known && !t.cut && at->content_length)
			return at;
	}
	return NULL;
}

/* The last requests that were answered: a second answer comes soon. */
static struct request *answered_before(const struct queue *queue, const struct message *answer, uint64_t hash)
{
	struct request *at = queue->answered;

	for (unsigned i = 0; at && i < COMPARED; i++, at = at->previous)
		if (!at->open && is_equal(at, answer, hash))
			return at;
	return NULL;
}

struct request *echo_pick(const struct queue *queue, const struct message *answer)
{
	uint64_t hash = answer->whole ? octets_hash(answer->data, answer->length) : 0;
	struct request *found = NULL;

	if (!answer->whole)
		return NULL;
	found = equal_from(queue->fresh, answer, hash);
	if (!found)
		found = equal_from(queue->open, answer, hash);
	if (!found)
		found = equal_before(queue->last, answer, hash);
	if (!found)
		found = changed_from(queue->fresh, answer);
	if (!found)
		found = answered_before(queue, answer, hash);
	return found;
}

void echo_notes(struct dialogues *d, struct notes *notes, struct request *request, const struct message *answer)
{
	const struct row *rows = request->pairing->rows;
	struct transform t;
	struct text words = { 0 };

	if (!request->kept || !answer->whole)
		return;
	t = transform_of(request->content, request->content_length, answer->data, answer->length);
	request->compared = true;
	request->identical = t.identical;
	request->transform = transform_name(&t);
	note_number(notes, &rows[ROW_IDENTICAL], t.identical);
	if (t.identical || !rows[ROW_TRANSFORM].wanted)
		return;
	transform_text(&t, &words);
	note_string(d, answer->packet, notes, &rows[ROW_TRANSFORM], words.data, words.length);
	text_release(&words);
}
