/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts about packets that only later packets tell: collected in one reading of a file, told in the next. */
#pragma once

#include "packet/dissect.h"

struct foresight;

#define FORESIGHT_MAX (4u << 20)   /* facts about packets */
#define FORESIGHT_SERVERS_MAX 4096 /* facts about servers */
#define FORESIGHT_LINES_MAX 65536  /* facts about directions */

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

/* In this direction of a TCP connection messages end with LF: one that does not is not whole. */
void foresight_lines(struct foresight *foresight, uint32_t stream, unsigned side);

/* Between the readings: what nobody wants in the second one is dropped. */
void foresight_settle(struct foresight *foresight, const struct protocols *protocols);
/* In the second reading: adds what is known of the packet (packets come in order). */
void foresight_notes(struct foresight *foresight, struct packet *packet);
/* What was said about a direction, and about a server; NULL: nothing. */
bool foresight_has_lines(const struct foresight *foresight, uint32_t stream, unsigned side);
const struct dissector *foresight_protocol(const struct foresight *foresight, const struct dissector *transport,
					   const uint8_t address[16], uint16_t port);
