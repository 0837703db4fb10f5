/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "analyse/tcp_flow.h"
#include "base/mem.h"

#define SPARES_MAX 64

static struct unacked_list *resized(struct unacked_list *list, unsigned room)
{
	list = mem_resize(list, 1, sizeof *list + room * sizeof *list->entries);
	list->room = (uint16_t)room;
	return list;
}

/*
 * One segment is under way in most directions, again and again: the lists for one are kept for the next who needs one,
 * linked through their first octets.
 */
static struct unacked_list *list_new(struct flows_held *held)
{
	struct unacked_list *list = held->spare;

	if (!list)
		return resized(NULL, 1);
	memcpy(&held->spare, list, sizeof held->spare);
	held->spare_count--;
	list->room = 1;
	return list;
}

static void list_free(struct unacked_list *list, struct flows_held *held)
{
	if (list->room > 1 || held->spare_count == SPARES_MAX) {
		free(list);
		return;
	}
	memcpy(list, &held->spare, sizeof held->spare);
	held->spare = list;
	held->spare_count++;
}

/* Room for one more behind the last. */
static struct unacked_list *with_room(struct unacked_list *list)
{
	if (list->first + list->count < list->room)
		return list;
	if (list->first <= list->count)
		return resized(list, list->room * 2u);
	memmove(list->entries, list->entries + list->first, list->count * sizeof *list->entries);
	list->first = 0;
	return list;
}

/* The same octets again: whatever is acknowledged of them, the earlier entry says it. */
static bool is_last(const struct unacked_list *list, const struct unacked *segment)
{
	const struct unacked *last = &list->entries[list->first + list->count - 1];

	return last->seq == segment->seq && last->next == segment->next;
}

void unacked_add(struct unacked_list **at, struct flows_held *held, const struct unacked *segment)
{
	struct unacked_list *list = *at;

	if (held->count >= held->most || (list && (list->count >= TCP_UNACKED_MAX || is_last(list, segment))))
		return;
	if (!list) {
		list = list_new(held);
		list->first = list->count = 0;
		list->ordered = true;
		list->low = segment->seq;
		list->high = segment->next;
	} else {
		list = with_room(list);
		list->ordered = list->ordered && !seq_before(segment->seq, list->high);
		list->low = seq_before(segment->seq, list->low) ? segment->seq : list->low;
		list->high = seq_before(list->high, segment->next) ? segment->next : list->high;
	}
	list->entries[list->first + list->count++] = *segment;
	held->count++;
	*at = list;
}

void unacked_clear(struct unacked_list **list, struct flows_held *held)
{
	if (!*list)
		return;
	held->count -= (*list)->count;
	list_free(*list, held);
	*list = NULL;
}

/* Whether the segment still waits after the ACK; what the ACK has reached of it is cut off. */
static bool still_waits(struct unacked *segment, uint32_t ack)
{
	if (!seq_before(ack, segment->next))
		return false;
	if (seq_before(segment->seq, ack))
		segment->seq = ack;
	return true;
}

/* The first ones up to the ACK. */
static void drop_first(struct unacked_list *list, uint32_t ack)
{
	while (list->count && !still_waits(&list->entries[list->first], ack)) {
		list->first++;
		list->count--;
	}
	if (list->count)
		list->low = list->entries[list->first].seq;
}

/* Any of them: what stays moves together. */
static void drop_any(struct unacked_list *list, uint32_t ack)
{
	struct unacked *from = list->entries + list->first, *end = from + list->count, *to = list->entries;

	list->ordered = true;
	for (; from < end; from++) {
		if (!still_waits(from, ack))
			continue;
		if (to == list->entries) {
			list->low = from->seq;
			list->high = from->next;
		} else {
			list->ordered = list->ordered && !seq_before(from->seq, list->high);
			list->low = seq_before(from->seq, list->low) ? from->seq : list->low;
			list->high = seq_before(list->high, from->next) ? from->next : list->high;
		}
		*to++ = *from;
	}
	list->first = 0;
	list->count = (uint16_t)(to - list->entries);
}

static bool ends_at(const struct unacked_list *list, uint32_t ack, struct unacked *segment)
{
	for (unsigned i = 0; i < list->count; i++) {
		const struct unacked *entry = &list->entries[list->first + i];

		if (entry->next == ack) {
			*segment = *entry;
			return true;
		}
		if (list->ordered && seq_before(ack, entry->next))
			return false;
	}
	return false;
}

bool unacked_acked(struct unacked_list **at, struct flows_held *held, uint32_t ack, struct unacked *segment)
{
	struct unacked_list *list = *at;
	unsigned before;
	bool found;

	if (!list || !seq_before(list->low, ack))
		return false;
	before = list->count;
	found = ends_at(list, ack, segment);
	if (list->ordered)
		drop_first(list, ack);
	else
		drop_any(list, ack);
	held->count -= before - list->count;
	if (!list->count) {
		list_free(list, held);
		*at = NULL;
	}
	return found;
}
