/* SPDX-License-Identifier: BSD-2-Clause */
/* The sockets that are and were there. */
#include <stdlib.h>

#include "base/mem.h"
#include "sockets/owners_parts.h"

static unsigned slot_of_id(uint64_t id)
{
	return (unsigned)(id * UINT64_C(0x9e3779b97f4a7c15) >> 50) % TENURE_SLOTS;
}

static unsigned slot_of_port(uint8_t kind, uint16_t port)
{
	return (port + kind * 8192u) % TENURE_SLOTS;
}

struct tenure *tenure_find(const struct tenures *tenures, uint64_t id)
{
	struct tenure *tenure = id ? tenures->ids[slot_of_id(id)] : NULL;

	while (tenure && tenure->id != id)
		tenure = tenure->next_id;
	return tenure;
}

void tenure_disown(struct tenures *tenures, struct tenure *tenure)
{
	struct tenure **id = &tenures->ids[slot_of_id(tenure->id)];

	while (*id != tenure)
		id = &(*id)->next_id;
	*id = tenure->next_id;
	tenure->id = 0;
	tenure->next_id = tenures->ids[slot_of_id(0)];
	tenures->ids[slot_of_id(0)] = tenure;
}

static void forget_oldest(struct tenures *tenures)
{
	struct tenure *old = tenures->oldest;
	struct tenure **id = &tenures->ids[slot_of_id(old->id)];
	struct tenure **port = &tenures->ports[slot_of_port(old->key.kind, old->key.local.port)];

	while (*id != old)
		id = &(*id)->next_id;
	while (*port != old)
		port = &(*port)->next_port;
	*id = old->next_id;
	*port = old->next_port;
	tenures->oldest = old->newer;
	if (old->newer)
		old->newer->older = NULL;
	else
		tenures->newest = NULL;
	tenures->count--;
	free(old);
}

struct tenure *tenure_add(struct tenures *tenures, const struct tenure *content)
{
	struct tenure *tenure = mem_new(1, sizeof *tenure);
	struct tenure **id = &tenures->ids[slot_of_id(content->id)];
	struct tenure **port = &tenures->ports[slot_of_port(content->key.kind, content->key.local.port)];

	if (tenures->count == OWNERS_PAST)
		forget_oldest(tenures);
	*tenure = *content;
	tenure->next_id = *id;
	tenure->next_port = *port;
	tenure->older = tenures->newest;
	tenure->newer = NULL;
	*id = *port = tenure;
	if (tenures->newest)
		tenures->newest->newer = tenure;
	else
		tenures->oldest = tenure;
	tenures->newest = tenure;
	tenure->number = ++tenures->added;
	tenures->count++;
	return tenure;
}

struct tenure *tenure_next(const struct tenure *tenure)
{
	struct tenure *next = tenure->next_port;

	while (next && (next->key.kind != tenure->key.kind || next->key.local.port != tenure->key.local.port))
		next = next->next_port;
	return next;
}

struct tenure *tenure_of_port(const struct tenures *tenures, uint8_t kind, uint16_t port)
{
	struct tenure *first = tenures->ports[slot_of_port(kind, port)];

	while (first && (first->key.kind != kind || first->key.local.port != port))
		first = first->next_port;
	return first;
}

void tenures_release(struct tenures *tenures)
{
	while (tenures->count)
		forget_oldest(tenures);
}
