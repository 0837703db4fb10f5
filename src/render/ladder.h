/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A dialogue as a ladder: a column a host, an arrow a packet, from top to bottom as time goes. Packets are kept as
 * arrows until all are known, and with them the columns; then the ladder is drawn, as text or as a picture.
 *
 * A host is its address; one that talks to itself (loopback) is two or more endpoints, address:port. What is sent to
 * everybody goes, dashed, from its sender to all columns; where the sender is the only one there is a column for all.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "analyse/track.h"
#include "base/text.h"
#include "packet/packet.h"

#define LADDER_ARROWS 1000        /* drawn when nothing else is said */
#define LADDER_HOSTS 256          /* told apart; those beyond share the column of the others */
#define LADDER_COLUMNS 16         /* of a picture, the others' included */
#define LADDER_MARKS 4            /* of an arrow */
#define LADDER_GAP 2000000000     /* ns without a packet that are told in a row of their own */
#define LADDER_NAME 64            /* octets of a name, with its NUL */
#define LADDER_WIDTH_LEAST 50     /* columns of a terminal; a narrower one is taken for as wide as that */

enum { LADDER_MANY = LADDER_HOSTS, LADDER_ALL }; /* besides numbers of hosts: one too many; everybody */

struct ladder_arrow {
	uint64_t number;              /* of the frame */
	int64_t time;
	bool has_time;
	uint16_t from, to;
	const struct dissector *protocol;
	size_t words;                 /* in strings: "DATE request (empty)", escaped */
	uint32_t words_length;
	uint32_t verdicts_length;     /* behind them: " [late] [bad UDP checksum]" */
	const char *marks[LADDER_MARKS]; /* constant strings: what went wrong besides; NULL: no more */
};

struct ladder {
	char (*hosts)[LADDER_NAME];   /* in the order in which they were met */
	unsigned host_count;
	bool too_many;                /* hosts */
	bool to_all;                  /* an arrow goes to everybody */
	struct ladder_arrow *arrows;
	size_t count, most;
	uint64_t passed;              /* packets given, drawn or not */
	struct text strings;

	const struct dissector *data; /* rows and protocols that are looked for, found once */
	const struct field_def *arp_source, *arp_target;
};

/* most: arrows that are kept, the first ones; 0: LADDER_ARROWS. */
void ladder_init(struct ladder *ladder, size_t most);
void ladder_release(struct ladder *ladder);

/*
 * The next packet, with at least what protocols_want_brief() and protocols_want_roles() give; tracked may be NULL.
 * False: there are enough arrows, it is only counted.
 */
bool ladder_packet(struct ladder *ladder, const struct packet *packet, const struct tracked *tracked);

/* What became known of an earlier packet: a constant string. A frame that has no arrow is left alone. */
void ladder_mark(struct ladder *ladder, uint64_t frame, const char *mark);

/* ------------------------------------------------------------------------------------------------ drawing */

/* Who stands where. Hosts that have no column of their own share the last one. */
struct ladder_columns {
	unsigned count;
	unsigned own;                 /* columns with a host of their own: the first ones */
	bool others;                  /* the last column is for the rest of the hosts */
	bool everybody;               /* the last column is for what is sent to all */
};
struct ladder_columns ladder_columns(const struct ladder *ladder, unsigned most);
/* The column of a host, of LADDER_MANY, and of LADDER_ALL where it has one. */
unsigned ladder_column(const struct ladder_columns *columns, unsigned host);
/* Its name: an address, "3 others" or "everybody". */
void ladder_column_name(const struct ladder *ladder, const struct ladder_columns *columns, unsigned column,
			struct text *out);
/* "10.0.0.9 > 10.0.0.2: ", when one of them shares its column. */
void ladder_names_hidden(const struct ladder *ladder, const struct ladder_columns *columns,
			 const struct ladder_arrow *arrow, struct text *out);
/* " [retransmission] [no answer]": verdicts and marks. */
void ladder_troubles(const struct ladder *ladder, const struct ladder_arrow *arrow, struct text *out);
/* ns since the arrow before; false: one of them has no time, or there is none before. */
bool ladder_since(const struct ladder_arrow *arrow, const struct ladder_arrow *before, int64_t *length);
/* A length of time for people: "115 us", "12.3 ms", "1 m 05 s"; micro: how the sign of a millionth is written. */
void ladder_duration(int64_t nanoseconds, const char *micro, struct text *out);

struct ladder_style {
	unsigned width;               /* columns of the terminal */
	bool utf8;                    /* else ASCII */
	bool color;
};
void ladder_text(const struct ladder *ladder, const struct ladder_style *style, struct text *out);

/* A picture that stands alone (SVG 1.1): no script, no font, nothing from elsewhere. title: not trusted. */
void ladder_svg(const struct ladder *ladder, const char *title, struct text *out);
