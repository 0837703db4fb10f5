/* SPDX-License-Identifier: BSD-2-Clause */
/* The two ends of a packet as endpoints and conversations count them: --by eth, ip, udp or tcp. */
#pragma once

#include "analyse/analyser.h"
#include "analyse/talks.h"

/* Which pair of roles is counted, and of which protocols. */
struct ends {
	enum analysis_by by;
	const struct dissector *udp, *tcp;
};

void ends_init(struct ends *ends, enum analysis_by by);
/* The key of a packet, address[0] and port[0] being the sender's; false: it has no such ends. */
bool ends_of(const struct ends *ends, const struct packet *packet, const struct tracked *tracked,
	     struct talk_key *key);
/* The address `side` of the key, without its port. */
void ends_address(const struct talk_key *key, unsigned side, struct text *out);
/* Adds the text as a cell, and clears it. */
void ends_cell(struct table *table, struct text *text);
