/* SPDX-License-Identifier: BSD-2-Clause */
/* The dissect loop, and the tables it looks successors up in. */
#pragma once

#include "base/error.h"
#include "packet/dissector.h"
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
void bind_text(const struct bind *bind, char *text, size_t size);

/* Which fields packets shall hold. All of them; those that summaries and columns read; or chosen ones, one by one. */
void protocols_want_all(struct protocols *protocols);
void protocols_want_brief(struct protocols *protocols);
void protocols_want_field(struct protocols *protocols, const struct field_def *def);

/* The field of that name and its dissector; NULL: there is none. */
const struct field_def *protocols_field(const char *name, const struct dissector **dissector);
const struct dissector *protocols_find(const char *name);
/* The same in other tables, ended by NULL. */
const struct field_def *tables_field(const struct dissector *const *tables, const char *name,
				     const struct dissector **dissector);
const struct dissector *tables_find(const struct dissector *const *tables, const char *name);
const char *tables_nearest_field(const struct dissector *const *tables, const char *word);
/*
 * The next field of the packet behind `after` (NULL: the first) that is the row `def` of `dissector`, or one of those
 * that it is another name for (FIELD_EITHER); NULL: there is none.
 */
const struct field *packet_field(const struct packet *packet, const struct dissector *dissector,
				 const struct field_def *def, const struct field *after);
/* The known name nearest to a word, for "did you mean"; NULL when none is near. */
const char *protocols_nearest_field(const char *word);

/* Who is bound to the key by itself or by -d, whatever the content says; NULL: nobody. */
const struct dissector *protocols_bound(const struct protocols *protocols, enum bind_space space, uint32_t key);

/* Seconds that the local clock of whoever wrote dates without a zone is ahead of UTC; 0 until it is set. */
void protocols_set_zone(struct protocols *protocols, int seconds_east);

/* Whether packets of the link type can be shown: a dissector sits on it, or it has at least a name. */
bool protocols_know_link(const struct protocols *protocols, uint16_t link);

/* The same for who reads the row behind the user's back: what summaries leave out may stay out (parse_is_brief). */
void protocols_want_also(struct protocols *protocols, const struct field_def *def);

/* Whether the row was asked for by one of the above. */
bool protocols_wants(const struct protocols *protocols, const struct field_def *def);
/* Besides what else is wanted, every row that plays a role: conversations are keyed by them. */
void protocols_want_roles(struct protocols *protocols);

/*
 * For who wants to know of a protocol behind the ports that it is there, and nothing else: application protocols
 * are not dissected there but named, in packet->behind. Not for a track that puts messages together.
 */
void protocols_leave_out(struct protocols *protocols);

/* Dissects the frame into `packet`, whose earlier content is forgotten; it borrows the frame's octets. */
void dissect(const struct protocols *protocols, const struct frame *frame, struct packet *packet);

/* ------------------------------------------------------------------------------------------------ beyond one frame */

/* What a layer carries, when it is not what its own frame holds: several packets gave the octets. */
struct carried {
	const uint8_t *data;        /* lives as long as the packet is looked at; may be octets of the frame itself */
	uint32_t length;            /* captured octets */
	uint32_t claimed;           /* octets there should be; >= length */
	const struct dissector *as; /* what it is, whatever it looks like; NULL: whoever sits on the key, or the content
				       betrays */
	enum parse_side side;       /* with `as`: who speaks */
	enum bind_space space;      /* without: where the key belongs, and the keys as for parse_next() */
	uint32_t keys[2];
};

/*
 * Dissects `carried` as the content of the packet's layer `below` (a network layer whose fragments are whole again, or
 * a transport layer), in place of the layers behind it; padding stays.
 */
void dissect_carried(const struct protocols *protocols, struct packet *packet, unsigned below,
		     const struct carried *carried);

/* A field of FIELD_FOLLOWED, to be added to a layer. */
struct note {
	const struct field_def *def;
	union field_value value; /* strings and octets are borrowed, and live as long as the packet is looked at */
	uint32_t length;         /* of strings and octets; 0 for numbers */
};

/*
 * Adds the notes behind the layer's own fields; when there is no room the layer says so. Whether anybody wants a row is
 * the caller's business: protocols_wants() is to be asked once a run.
 */
void packet_note(struct packet *packet, unsigned layer, const struct note *notes, unsigned count);
