/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/duplicates.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/mem.h"

struct known {
	uint8_t *octets;  /* NULL: none, or they were let go for want of room */
	uint32_t length;
	uint16_t link;
};

struct duplicates {
	uint64_t secret;
	unsigned window;  /* packets before the one at hand */
	unsigned next;    /* whose place is taken next: the oldest */
	size_t kept;      /* octets */
	uint64_t *sums;   /* beside the packets: they are looked through for each packet */
	struct known *packets;
};

struct duplicates *duplicates_new(unsigned window)
{
	struct duplicates *d = mem_new(1, sizeof *d);

	d->window = window - 1;
	d->sums = mem_new(window, sizeof *d->sums);
	d->packets = mem_new(window, sizeof *d->packets);
	if (getrandom(&d->secret, sizeof d->secret, GRND_NONBLOCK) != sizeof d->secret)
		d->secret = (uint64_t)clock_monotonic();
	return d;
}

void duplicates_free(struct duplicates *duplicates)
{
	if (!duplicates)
		return;
	for (unsigned i = 0; i < duplicates->window; i++)
		free(duplicates->packets[i].octets);
	free(duplicates->packets);
	free(duplicates->sums);
	free(duplicates);
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)(a ^ UINT64_C(0x9e3779b97f4a7c15)) * (b ^ a);

	return (uint64_t)product ^ (uint64_t)(product >> 64) ^ b;
}

static uint64_t sum_of(uint64_t secret, const struct frame *frame)
{
	uint64_t sum = mix(secret, (uint64_t)frame->link << 32 | frame->cap_length), word;
	uint32_t at = 0;

	for (; frame->cap_length - at >= sizeof word; at += sizeof word) {
		memcpy(&word, frame->data + at, sizeof word);
		sum = mix(sum, word);
	}
	word = 0;
	memcpy(&word, frame->data + at, frame->cap_length - at);
	return mix(sum, word);
}

static bool equal(const struct known *known, const struct frame *frame)
{
	return known->octets && known->length == frame->cap_length && known->link == frame->link &&
	       !memcmp(known->octets, frame->data, frame->cap_length);
}

static void let_go(struct duplicates *d, unsigned i)
{
	if (!d->packets[i].octets)
		return;
	free(d->packets[i].octets);
	d->packets[i].octets = NULL;
	d->kept -= d->packets[i].length;
}

static void remember(struct duplicates *d, const struct frame *frame, uint64_t sum)
{
	struct known *known = &d->packets[d->next];

	let_go(d, d->next);
	for (unsigned i = 0; i < d->window && d->kept + frame->cap_length > DUPLICATES_OCTETS; i++)
		let_go(d, (d->next + i) % d->window);
	d->sums[d->next] = sum;
	known->octets = mem_new((size_t)frame->cap_length + 1, 1);
	known->length = frame->cap_length;
	known->link = frame->link;
	memcpy(known->octets, frame->data, frame->cap_length);
	d->kept += frame->cap_length;
	d->next = (d->next + 1) % d->window;
}

bool duplicates_seen(struct duplicates *d, const struct frame *frame)
{
	uint64_t sum;
	bool seen = false;

	if (!d->window)
		return false;
	sum = sum_of(d->secret, frame);
	for (unsigned i = 0; i < d->window && !seen; i++)
		seen = d->sums[i] == sum && equal(&d->packets[i], frame);
	remember(d, frame, sum);
	return seen;
}
