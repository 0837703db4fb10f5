/* SPDX-License-Identifier: BSD-2-Clause */
/* The dissect loop, and the tables it looks successors up in. */
#pragma once

#include "base/error.h"
#include "packet/packet.h"

/* Every dissector that was built in, from dissectors/local.mk; ended by NULL. */
extern const struct dissector *const dissector_list[];

/*
 * Run state: which dissector sits on which key, and which fields are wanted. One a run; read-only while dissecting, so
 * that threads may share it.
 */
struct protocols;

struct protocols *protocols_new(void);
void protocols_free(struct protocols *protocols);

/* "udp.port==9999,date": `layer==key,protocol` for the spaces that have a name. */
int protocols_decode_as(struct protocols *protocols, const char *rule, struct error *err);

/* A bind as users write it, "udp.port==5555", into text[size]; it always fits in 64 octets. */
struct bind;
void bind_text(const struct bind *bind, char *text, size_t size);

/* Which fields packets shall hold. All of them; those that summaries and columns read; or chosen ones, one by one. */
void protocols_want_all(struct protocols *protocols);
void protocols_want_brief(struct protocols *protocols);
void protocols_want_field(struct protocols *protocols, const struct field_def *def);

/* The field of that name and its dissector; NULL: there is none. */
const struct field_def *protocols_field(const char *name, const struct dissector **dissector);
const struct dissector *protocols_find(const char *name);
/* The known name nearest to a word, for "did you mean"; NULL when none is near. */
const char *protocols_nearest_field(const char *word);

/* Seconds that the local clock of whoever wrote dates without a zone is ahead of UTC; 0 until it is set. */
void protocols_set_zone(struct protocols *protocols, int seconds_east);

/* Whether packets of the link type can be shown: a dissector sits on it, or it has at least a name. */
bool protocols_know_link(const struct protocols *protocols, uint16_t link);

/* Dissects the frame into `packet`, whose earlier content is forgotten; it borrows the frame's octets. */
void dissect(const struct protocols *protocols, const struct frame *frame, struct packet *packet);
