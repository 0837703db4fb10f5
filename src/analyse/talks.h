/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters by key: a bounded table that is kept in the order in which its keys were first met. The hash is keyed with
 * random numbers, so that nobody who sends packets can choose which of them collide.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/flow.h"

#define TALKS_MAX (1u << 20) /* keys kept in one table: the rest is counted together */

/* Compared octet by octet: memset it to zero before it is filled. */
struct talk_key {
	uint8_t address[2][16];
	uint64_t number;
	uint16_t port[2];
	uint8_t length;              /* of an address; 0: none */
	uint8_t kind;                /* what the user of the table wants */
	uint8_t padding[2];
};

struct talk {
	struct talk_key key;
	struct flow_count sent[2];   /* by the first address, by the second; or as the user of the table means it */
	int64_t first_time, last_time;
	uint32_t hash, next;
	uint8_t first_side;          /* the user's */
};

struct talks {
	struct talk *list;           /* in the order in which they were met; moves when one is added */
	uint32_t count, room, max;
	uint32_t *slots;             /* index + 1 of the first one in each */
	uint32_t slot_count;
	uint64_t secret[2];
	struct flow_count others;    /* what there was no room for */
};

void talks_init(struct talks *talks, uint32_t max);
void talks_release(struct talks *talks);
/* The one with that key, made when it is new; NULL: it is new and there is no room. Valid until the next call. */
struct talk *talks_take(struct talks *talks, const struct talk_key *key);
/* The same, but none is made. */
struct talk *talks_find(const struct talks *talks, const struct talk_key *key);
