/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which packets were asked for, when not all of them are: what a dialogue comes to is told long after its packets, and
 * counts when one of them was among those.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASSING_MAX (8u << 20) /* packets that are remembered; later ones count as not asked for */

struct passing {
	bool all;          /* every packet was asked for: nothing is remembered */
	uint64_t *frames;  /* their numbers, rising */
	size_t count, room;
	uint64_t lost;     /* those that there was no room for */
};

/* Numbers come in rising order. */
void passing_add(struct passing *passing, uint64_t frame);
bool passing_has(const struct passing *passing, uint64_t frame);
void passing_release(struct passing *passing);
