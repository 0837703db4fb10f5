/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which protocol a server on a stranger port speaks, learned from what was said there: it decodes what content alone
 * would not betray (an empty request, a word).
 */
#pragma once

#include "analyse/flow.h"
#include "analyse/foresight.h"

#define LEARNED_MAX 4096 /* servers; what comes later is not learned */

struct learned;

/* foresight: what an earlier reading has learned, or NULL; ahead: who else is to be told, or NULL. Both borrowed. */
struct learned *learned_new(const struct protocols *protocols, const struct foresight *foresight);
void learned_look_ahead(struct learned *learned, struct foresight *ahead);
void learned_free(struct learned *learned);

/* Finds flow->bound. */
void learned_find_bound(const struct learned *learned, struct flow *flow);

/* Whether somebody, or the user, has said what is spoken on these ports: then nothing is learned. */
static inline bool learned_is_bound(const struct learned *learned, struct flow *flow)
{
	if (!flow->bound)
		learned_find_bound(learned, flow);
	return flow->bound == 1;
}

/*
 * Takes notice of an application message of the flow: layer `above` of the packet was recognised by its content. After
 * that flow->learned and flow->sure say what is known, and flow->server who serves.
 */
void learned_message(struct learned *learned, const struct packet *packet, unsigned above, struct flow *flow);

/* What the flow speaks, from its own packets or its server's; NULL: not known (surely enough). */
const struct dissector *learned_protocol(struct learned *learned, struct flow *flow);
