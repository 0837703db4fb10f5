/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes and owners as the other process told them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sockets/registrar_own.h"

const struct owner owner_unasked = { .certainty = OWNER_UNKNOWN, .more = true };

static bool lengths_fit(const struct registrar_process *head, uint32_t length)
{
	const char *at = (const char *)(head + 1);
	size_t sum = sizeof *head;

	for (unsigned i = 0; i < 4; i++) {
		sum += head->lengths[i];
		if (sum > length || (head->lengths[i] && at[head->lengths[i] - 1]))
			return false;
		at += head->lengths[i];
	}
	return sum == length;
}

static struct seen_process *process_from(const struct registrar_process *head)
{
	size_t octets = 0;
	struct seen_process *seen;
	const char **strings[4];
	char *at;

	for (unsigned i = 0; i < 4; i++)
		octets += head->lengths[i];
	seen = mem_new(1, sizeof *seen + octets);
	seen->process = (struct process){ .pid = head->pid,
					  .thread = head->thread,
					  .parent = head->parent,
					  .uid = head->uid,
					  .has_uid = head->has_uid };
	seen->ours = head->ours;
	strings[0] = &seen->process.name;
	strings[1] = &seen->process.user;
	strings[2] = &seen->process.path;
	strings[3] = &seen->process.arguments;
	at = memcpy(seen + 1, head + 1, octets);
	for (unsigned i = 0; i < 4; i++) {
		*strings[i] = head->lengths[i] ? at : NULL;
		at += head->lengths[i];
	}
	return seen;
}

int known_process_add(struct registrar_known *known, const void *message)
{
	const struct registrar_process *head = registrar_body(message, WORD_PROCESS, sizeof *head);

	if (!head || !lengths_fit(head, ((const struct registrar_head *)message)->length) ||
	    head->number != known->count || known->count == OWNERS_PROCESSES)
		return -1;
	if (known->count == known->room) {
		known->room = known->room ? known->room * 2 : 64;
		known->processes = mem_resize(known->processes, known->room, sizeof *known->processes);
	}
	known->processes[known->count++] = process_from(head);
	return 0;
}

static bool same_owner(const struct owner *a, const struct owner *b)
{
	return a->certainty == b->certainty && a->count == b->count && a->more == b->more &&
	       !memcmp(a->processes, b->processes, a->count * sizeof *a->processes);
}

static unsigned slot_of(const struct registrar_owner *owner)
{
	uint32_t hash = owner->certainty * 2u + owner->more;

	for (unsigned i = 0; i < owner->count; i++)
		hash = (hash ^ owner->processes[i]) * 0x9e3779b1u;
	return (hash ^ hash >> 16) % KEPT_SLOTS;
}

static void add_to_list(struct registrar_known *known, const struct owner *owner)
{
	if (known->owner_count == known->owner_room) {
		known->owner_room = known->owner_room ? known->owner_room * 2 : 64;
		known->list = mem_resize(known->list, known->owner_room, sizeof *known->list);
	}
	known->list[known->owner_count++] = owner;
}

void known_make(struct registrar_known *known)
{
	add_to_list(known, NULL);
	add_to_list(known, &owner_unasked);
}

uint32_t known_number(const struct owner *owner)
{
	if (!owner || owner == &owner_unasked)
		return owner ? OWNER_NUMBER_UNASKED : OWNER_NUMBER_NONE;
	return ((const struct kept_owner *)owner)->number;
}

const struct owner *known_owner(struct registrar_known *known, const struct registrar_owner *told)
{
	struct owner owner = { .certainty = told->certainty, .count = told->count, .more = told->more };
	struct kept_owner **slot, *kept;

	if (told->count > OWNERS_MOST || told->certainty > OWNER_EXACT)
		return NULL;
	for (unsigned i = 0; i < told->count; i++) {
		if (told->processes[i] >= known->count)
			return NULL;
		owner.processes[i] = &known->processes[told->processes[i]]->process;
	}
	slot = &known->owners[slot_of(told)];
	for (kept = *slot; kept; kept = kept->next)
		if (same_owner(&kept->owner, &owner))
			return &kept->owner;
	if (known->owner_count >= REGISTRAR_OWNERS)
		return &owner_unasked;
	kept = mem_new(1, sizeof *kept);
	*kept = (struct kept_owner){ owner, known->owner_count, *slot };
	*slot = kept;
	add_to_list(known, &kept->owner);
	return &kept->owner;
}

void known_release(struct registrar_known *known)
{
	for (uint32_t i = 0; i < known->count; i++)
		free(known->processes[i]);
	free(known->processes);
	free(known->list);
	for (unsigned i = 0; i < KEPT_SLOTS; i++)
		while (known->owners[i]) {
			struct kept_owner *kept = known->owners[i];

			known->owners[i] = kept->next;
			free(kept);
		}
}
