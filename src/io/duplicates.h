/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets that were captured twice: equal to one of the last few, octet for octet. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "packet/frame.h"

#define DUPLICATES_WINDOW 5           /* packets, the one at hand among them: as editcap -d */
#define DUPLICATES_MOST 10000u
#define DUPLICATES_OCTETS (64u << 20) /* kept at most; with longer packets the window is shorter */

struct duplicates;

/* window: from 1 (nothing is a duplicate then) to DUPLICATES_MOST. */
struct duplicates *duplicates_new(unsigned window);
void duplicates_free(struct duplicates *duplicates);

/*
 * Whether one of the window-1 packets before, duplicates or not, had the same link type and the same captured octets.
 * A checksum parts what differs, and what has the same one is compared; it begins with a secret number, so that nobody
 * can make packets for which comparing takes long.
 */
bool duplicates_seen(struct duplicates *duplicates, const struct frame *frame);
