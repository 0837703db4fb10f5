/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts about packets that only later packets tell: collected in one reading of a file, told in the next. */
#pragma once

#include "packet/dissect.h"

struct foresight;

struct foresight *foresight_new(void);
void foresight_free(struct foresight *foresight);

/*
 * In the first reading: of the nth message layer (from 0) of `dissector` in the frame the number `value` will be known.
 * A later fact about the same row of the same layer takes the place of an earlier one.
 */
void foresight_add(struct foresight *foresight, uint64_t frame, const struct dissector *dissector, unsigned nth,
		   const struct field_def *def, uint64_t value);
/* On stranger ports: all of this server's packets are of that protocol. */
void foresight_learned(struct foresight *foresight, const struct dissector *transport, const uint8_t address[16],
		       uint16_t port, const struct dissector *protocol);
/* Facts that there was no room for. */
uint64_t foresight_lost(const struct foresight *foresight);

/* Between the readings. */
void foresight_sort(struct foresight *foresight);
/* In the second reading: adds what is known of the packet (packets come in order). wanted rows only. */
void foresight_notes(struct foresight *foresight, struct packet *packet);
