/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading whose packets are. What a packet says is looked up as octets; only what is new is read, so that many packets
 * cost a comparison each.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/octets.h"
#include "io/pcapng_owners.h"
#include "io/pcapng_owners_lines.h"

#define CHUNK (64u << 10)
#define TRIES 64     /* slots that are looked at: somebody may have chosen words that meet */
#define NAME_MOST 15 /* octets of /proc/PID/comm */

/* Equal things once, by their octets or whatever `same` compares. */
struct slot {
	uint64_t hash;
	const void *item; /* NULL: free */
};

struct set {
	struct slot *slots;
	size_t size, count;
	bool (*same)(const void *item, const void *other);
};

struct words {
	size_t length;
	const char *at;
};

/* What a packet says, and what that is. First in it, so that a set of these is one of words. */
struct told {
	struct words words;
	const struct owner *owners[OWNER_ENDS];
};

struct chunk {
	struct chunk *next;
	size_t used, size;
	char octets[];
};

struct owner_reader {
	struct set told, owners, processes;
	struct chunk *chunks;
	size_t kept;
	uint64_t secret;
	struct text words; /* of the packet at hand */
	char *room;
	size_t room_size;
	struct owner_lines lines;
};

/* Who has no room any more: not that nobody was found. */
static const struct owner beyond = { .certainty = OWNER_UNKNOWN, .more = true };

/* ------------------------------------------------------------------------------------------------ keeping */

static void *keep(struct owner_reader *reader, const void *from, size_t length)
{
	size_t rounded = (length + 7) & ~(size_t)7;
	struct chunk *chunk = reader->chunks;
	char *at;

	if (!chunk || chunk->size - chunk->used < rounded) {
		size_t size = rounded > CHUNK ? rounded : CHUNK;

		chunk = mem_new(1, sizeof *chunk + size);
		chunk->size = size;
		chunk->next = reader->chunks;
		reader->chunks = chunk;
		reader->kept += size;
	}
	at = chunk->octets + chunk->used;
	chunk->used += rounded;
	return memcpy(at, from, length);
}

static uint64_t hash_of(uint64_t hash, const void *octets, size_t length)
{
	const char *at = octets;
	uint64_t word;

	for (; length >= 8; at += 8, length -= 8) {
		memcpy(&word, at, 8);
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	word = length;
	memcpy((char *)&word + 1, at, length);
	hash = (hash ^ word) * UINT64_C(0xbf58476d1ce4e5b9);
	return hash ^ hash >> 32;
}

/* The slot that has the item, or a free one where it belongs; NULL: there is none within TRIES. */
static struct slot *find(const struct set *set, uint64_t hash, const void *item)
{
	for (size_t i = 0; i < TRIES && i < set->size; i++) {
		struct slot *slot = &set->slots[(hash + i) & (set->size - 1)];

		if (!slot->item || (slot->hash == hash && set->same(slot->item, item)))
			return slot;
	}
	return NULL;
}

static void grow(struct set *set)
{
	struct set larger = { .size = set->size ? 2 * set->size : 256, .same = set->same, .count = set->count };

	larger.slots = mem_new(larger.size, sizeof *larger.slots);
	for (size_t i = 0; i < set->size; i++) {
		struct slot *place = set->slots[i].item ? find(&larger, set->slots[i].hash, set->slots[i].item) : NULL;

		if (place)
			*place = set->slots[i];
	}
	free(set->slots);
	*set = larger;
}

static struct slot *place_for(struct set *set, uint64_t hash, const void *item)
{
	if (2 * set->count >= set->size)
		grow(set);
	return find(set, hash, item);
}

static bool is_full(const struct owner_reader *reader)
{
	return reader->kept >= OWNERS_KEPT_MOST;
}

static void fill(struct set *set, struct slot *slot, uint64_t hash, const void *item)
{
	slot->hash = hash;
	slot->item = item;
	set->count++;
}

/* ------------------------------------------------------------------------------------------------ processes */

static bool same_string(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_process(const void *item, const void *other)
{
	const struct process *a = item, *b = other;

	return a->pid == b->pid && a->thread == b->thread && a->parent == b->parent && a->uid == b->uid &&
	       a->has_uid == b->has_uid && same_string(a->name, b->name) && same_string(a->user, b->user) &&
	       same_string(a->path, b->path) && same_string(a->arguments, b->arguments);
}

static const char *keep_string(struct owner_reader *reader, const char *string)
{
	return string ? keep(reader, string, strlen(string) + 1) : NULL;
}

/* NULL: there is no room for it. */
static const struct process *process_of(struct owner_reader *reader, const struct process *process)
{
	uint64_t hash = hash_of(reader->secret, &process->pid, sizeof process->pid);
	struct process own = *process;
	struct slot *slot;

	if (process->arguments)
		hash = hash_of(hash, process->arguments, strlen(process->arguments));
	slot = place_for(&reader->processes, hash, process);
	if (!slot)
		return NULL;
	if (slot->item)
		return slot->item;
	own.name = keep_string(reader, process->name);
	own.user = keep_string(reader, process->user);
	own.path = keep_string(reader, process->path);
	own.arguments = keep_string(reader, process->arguments);
	fill(&reader->processes, slot, hash, keep(reader, &own, sizeof own));
	return slot->item;
}

static bool same_owner(const void *item, const void *other)
{
	return !memcmp(item, other, sizeof(struct owner));
}

static const struct owner *owner_of(struct owner_reader *reader, const struct owner *owner)
{
	uint64_t hash = hash_of(reader->secret, owner, sizeof *owner);
	struct slot *slot = place_for(&reader->owners, hash, owner);

	if (!slot)
		return &beyond;
	if (!slot->item)
		fill(&reader->owners, slot, hash, keep(reader, owner, sizeof *owner));
	return slot->item;
}

/* ------------------------------------------------------------------------------------------------ owners */

/* The least certain of its processes is what an end can be. */
static void add_to(struct owner_reader *reader, struct owner *owner, const struct owner_found *found)
{
	uint8_t certainty = found->certainty == OWNER_UNKNOWN ? OWNER_PORT : found->certainty;
	const struct process *process = owner->count < OWNERS_MOST ? process_of(reader, &found->process) : NULL;

	owner->more |= found->more || !process;
	if (!process)
		return;
	if (!owner->count || certainty < owner->certainty)
		owner->certainty = certainty;
	owner->processes[owner->count++] = process;
}

static void gather(struct owner_reader *reader, enum owner_end otherwise, const struct owner *out[OWNER_ENDS])
{
	struct owner ends[OWNER_ENDS];
	bool told[OWNER_ENDS] = { false };

	/* Padding too: they are compared as octets. */
	memset(ends, 0, sizeof ends);
	for (unsigned i = 0; i < reader->lines.count; i++) {
		const struct owner_found *found = &reader->lines.found[i];
		unsigned end = found->end == OWNER_ENDS ? otherwise : found->end;

		told[end] = true;
		add_to(reader, &ends[end], found);
	}
	for (unsigned end = 0; end < OWNER_ENDS; end++)
		out[end] = told[end] ? owner_of(reader, &ends[end]) : NULL;
}

/* ptcpdump tells the executable alone, by which the kernel calls a process at first. */
static void name_by_path(struct owner_lines *lines)
{
	for (unsigned i = 0; i < lines->count; i++) {
		struct process *process = &lines->found[i].process;
		const char *slash = process->path ? strrchr(process->path, '/') : NULL;
		const char *last = slash ? slash + 1 : process->path;
		size_t length = last ? strnlen(last, NAME_MOST) : 0;

		if (process->name || !length || lines->found[i].end != OWNER_ENDS)
			continue;
		process->name = memcpy(lines->room, last, length);
		lines->room[length] = '\0';
		lines->room += length + 1;
	}
}

/* Of a process that comments tell too, or of one more. */
static void add_numbers(struct owner_lines *lines, uint32_t pid, uint32_t thread)
{
	struct owner_found only = { .process = { .pid = pid, .thread = thread }, .end = OWNER_ENDS };

	if (lines->count && lines->found[0].process.pid == pid && !lines->found[0].process.thread)
		lines->found[0].process.thread = thread;
	if (!lines->count && pid)
		lines->found[lines->count++] = only;
}

/* ------------------------------------------------------------------------------------------------ words */

/* Before each comment its length; first of all the end that is meant where none is told, and option 8. */
struct head {
	uint32_t end, pid, thread, numbers;
};

static void take_words(struct owner_reader *reader, const struct frame *frame)
{
	struct head head = { .end = FRAME_DIRECTION(frame->flags) == FRAME_IN ? OWNER_DESTINATION : OWNER_SOURCE };
	struct frame_option option;
	uint32_t at = 0;

	text_clear(&reader->words);
	text_add(&reader->words, &head, sizeof head);
	while (frame_option_next(frame->options, frame->options_length, frame->options_swapped, &at, &option) > 0) {
		if (option.code == PACKET_PROCESS && option.length == 8) {
			head.pid = load32(option.value, frame->options_swapped);
			head.thread = load32(option.value + 4, frame->options_swapped);
			head.numbers = 1;
		} else if (option.code == OPTION_COMMENT &&
			   owner_lines_are((const char *)option.value, option.length)) {
			text_add(&reader->words, &option.length, sizeof option.length);
			text_add(&reader->words, option.value, option.length);
		}
	}
	memcpy(reader->words.data, &head, sizeof head);
}

static void read_words(struct owner_reader *reader, const struct owner *out[OWNER_ENDS])
{
	const char *at = reader->words.data, *end = at + reader->words.length;
	struct owner_lines *lines = &reader->lines;
	struct head head;
	uint16_t length;

	/* Names that are made of paths need room as well. */
	if (reader->room_size < 2 * reader->words.length) {
		reader->room_size = 2 * reader->words.length;
		reader->room = mem_resize(reader->room, reader->room_size, 1);
	}
	lines->count = 0;
	lines->room = reader->room;
	memcpy(&head, at, sizeof head);
	for (at += sizeof head; at < end; at += length) {
		memcpy(&length, at, sizeof length);
		at += sizeof length;
		owner_lines_read(lines, at, length);
	}
	if (head.numbers)
		add_numbers(lines, head.pid, head.thread);
	name_by_path(lines);
	gather(reader, head.end, out);
}

static bool same_words(const void *item, const void *other)
{
	const struct words *a = item, *b = other;

	return a->length == b->length && !memcmp(a->at, b->at, a->length);
}

/* ------------------------------------------------------------------------------------------------ the reader */

struct owner_reader *owner_reader_new(void)
{
	struct owner_reader *reader = mem_new(1, sizeof *reader);

	reader->told.same = same_words;
	reader->owners.same = same_owner;
	reader->processes.same = same_process;
	reader->secret = hash_of((uint64_t)clock_monotonic(), &reader, sizeof reader);
	return reader;
}

void owner_reader_free(struct owner_reader *reader)
{
	if (!reader)
		return;
	while (reader->chunks) {
		struct chunk *chunk = reader->chunks;

		reader->chunks = chunk->next;
		free(chunk);
	}
	free(reader->told.slots);
	free(reader->owners.slots);
	free(reader->processes.slots);
	free(reader->room);
	text_release(&reader->words);
	free(reader);
}

void owner_reader_read(struct owner_reader *reader, struct frame *frame)
{
	struct told told = { 0 };
	struct slot *slot;
	uint64_t hash;

	take_words(reader, frame);
	told.words = (struct words){ reader->words.length, reader->words.data };
	hash = hash_of(reader->secret, told.words.at, told.words.length);
	slot = place_for(&reader->told, hash, &told);
	if (slot && slot->item) {
		memcpy(frame->owners, ((const struct told *)slot->item)->owners, sizeof frame->owners);
		return;
	}
	if (!slot || is_full(reader)) {
		frame->owners[OWNER_SOURCE] = frame->owners[OWNER_DESTINATION] = &beyond;
		return;
	}
	read_words(reader, told.owners);
	told.words.at = keep(reader, told.words.at, told.words.length);
	fill(&reader->told, slot, hash, keep(reader, &told, sizeof told));
	memcpy(frame->owners, told.owners, sizeof frame->owners);
}
