/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/talks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/mem.h"

#define SLOTS_FIRST 64u

static uint64_t multiply(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t hash_of(const struct talks *talks, const struct talk_key *key)
{
	uint64_t words[sizeof *key / 8], hash = talks->secret[0];

	memcpy(words, key, sizeof words);
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		hash = multiply(hash ^ words[i], talks->secret[1]);
	return (uint32_t)(hash ^ hash >> 32);
}

void talks_init(struct talks *talks, uint32_t max)
{
	_Static_assert(sizeof(struct talk_key) % 8 == 0, "a key is hashed in words of 8 octets");
	*talks = (struct talks){ .max = max, .slot_count = SLOTS_FIRST };
	talks->slots = mem_new(SLOTS_FIRST, sizeof *talks->slots);
	/* Without random numbers from the kernel, the clock and where the table lies must do. */
	if (getrandom(talks->secret, sizeof talks->secret, GRND_NONBLOCK) != (ssize_t)sizeof talks->secret) {
		talks->secret[0] = (uint64_t)clock_monotonic();
		talks->secret[1] = multiply(talks->secret[0], (uintptr_t)talks->slots) ^ UINT64_C(0x9e3779b97f4a7c15);
	}
	talks->secret[1] |= 1;
}

void talks_release(struct talks *talks)
{
	free(talks->list);
	free(talks->slots);
	*talks = (struct talks){ 0 };
}

static struct talk *find(const struct talks *talks, const struct talk_key *key, uint32_t hash)
{
	for (uint32_t i = talks->slots[hash & (talks->slot_count - 1)]; i; i = talks->list[i - 1].next) {
		struct talk *talk = &talks->list[i - 1];

		if (talk->hash == hash && !memcmp(&talk->key, key, sizeof *key))
			return talk;
	}
	return NULL;
}

struct talk *talks_find(const struct talks *talks, const struct talk_key *key)
{
	return find(talks, key, hash_of(talks, key));
}

static void link_talk(struct talks *talks, uint32_t index)
{
	uint32_t *slot = &talks->slots[talks->list[index].hash & (talks->slot_count - 1)];

	talks->list[index].next = *slot;
	*slot = index + 1;
}

static void grow(struct talks *talks)
{
	free(talks->slots);
	talks->slot_count *= 2;
	talks->slots = mem_new(talks->slot_count, sizeof *talks->slots);
	for (uint32_t i = 0; i < talks->count; i++)
		link_talk(talks, i);
}

struct talk *talks_take(struct talks *talks, const struct talk_key *key)
{
	uint32_t hash = hash_of(talks, key);
	struct talk *talk = find(talks, key, hash);

	if (talk || talks->count == talks->max)
		return talk;
	if (talks->count == talks->room) {
		talks->room = talks->room ? talks->room * 2 : SLOTS_FIRST;
		talks->list = mem_resize(talks->list, talks->room, sizeof *talks->list);
	}
	talk = &talks->list[talks->count];
	*talk = (struct talk){ .key = *key, .hash = hash };
	if (talks->count == talks->slot_count)
		grow(talks);
	link_talk(talks, talks->count++);
	return talk;
}
