/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract of a dissector, and everything it may include besides lab's headers.
 *
 * A dissector is a const struct at the foot of its file in dissectors/. Its dissect() reads the octets of one layer
 * through the parse_ functions and says with parse_next() what follows. It checks no bounds (after the first overrun
 * every read gives zeros and records nothing, and the loop marks the layer CUT or MALFORMED), allocates nothing, prints
 * nothing, keeps no statics, asks no clock. Loops have one form: while (parse_more(p)), and each turn reads something.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "packet/field.h"
#include "packet/packet.h"

/* Number spaces in which a parent names its child. Keys are at most 65535. */
enum bind_space {
	BY_NONE,
	BY_LINKTYPE,   /* LINKTYPE_ of the capture */
	BY_ETHERTYPE,  /* below 0x600 the kernel's numbers: 1 is IPX right behind 802.3, 4 is LLC */
	BY_LLC_SAP,
	BY_IP_PROTO,   /* IPv4 protocol, IPv6 next header */
	BY_UDP_PORT,
	BY_TCP_PORT,
	BY_ICMP_EXTENSION, /* its version */
	BY_AGAIN,      /* the same dissector on what is left; the keys are not looked at */
	BY_NOTHING,    /* what follows is opaque data, whatever it looks like */
	BIND_SPACES
};

struct bind {
	enum bind_space space; /* a list of binds ends with { BY_NONE } */
	uint16_t key;
};

struct parse;

struct dissector {
	const char *name;                /* as in filters: "udp" */
	const char *title;               /* as in the protocol column: "UDP" */
	const char *full_name;           /* "User Datagram Protocol" */
	const char *reference;           /* "RFC 768" */
	const struct field_def *fields;
	unsigned field_count;
	const struct bind *binds;        /* NULL: reached in another way */
	/*
	 * For application protocols on ports that students choose: how sure the content alone makes us, 0-100. NULL:
	 * never by content. A protocol bound to the port is right unless another's content is at least
	 * RECOGNISE_CERTAIN; on a stranger port, the surest one of at least RECOGNISE_LIKELY is taken.
	 */
	int (*recognise)(const uint8_t *data, size_t length);
	uint8_t surest;                  /* the most that recognise() ever says */
	/*
	 * Bound to a port it takes everything there, whatever it looks like (echo). What has this or recognise() is an
	 * application: where nobody looks at those it is only named (protocols_leave_out), and so is what it carries.
	 */
	bool any_content;
	/*
	 * Where the OWNER_ROWS stand in the table of a transport protocol: the loop fills them. 0: it has none.
	 */
	uint8_t owner_rows;
	bool takes_empty;                /* an empty datagram on its port is a message too */
	/*
	 * For protocols over a byte stream: how many of the first `length` octets are whole messages; 0: the first one
	 * is not whole yet. NULL: every piece is taken as it comes.
	 */
	size_t (*whole)(const uint8_t *data, size_t length);
	void (*dissect)(struct parse *p);
	/* The packet in a few words for the line, without addresses and ports; NULL: the layer adds nothing. */
	void (*summary)(const struct packet *packet, const struct layer *layer, struct text *out);
};

/* What Wireshark calls the processes at the ends of a transport protocol; see dissectors/proc.c for our names. */
#define OWNER_ROW_COUNT 8
#define OWNER_ROW(at, family, name, label, type) \
	[at] = { family ".proc." name, label, type, 0, .flags = FIELD_GENERATED | FIELD_ALIAS }
#define OWNER_ROWS(at, family) \
	OWNER_ROW(at, family, "srcpid", "Source process ID", FIELD_UINT), \
	OWNER_ROW((at) + 1, family, "srcuid", "Source process user ID", FIELD_UINT), \
	OWNER_ROW((at) + 2, family, "srcuname", "Source process user name", FIELD_STRING), \
	OWNER_ROW((at) + 3, family, "srccmd", "Source process name", FIELD_STRING), \
	OWNER_ROW((at) + 4, family, "dstpid", "Destination process ID", FIELD_UINT), \
	OWNER_ROW((at) + 5, family, "dstuid", "Destination process user ID", FIELD_UINT), \
	OWNER_ROW((at) + 6, family, "dstuname", "Destination process user name", FIELD_STRING), \
	OWNER_ROW((at) + 7, family, "dstcmd", "Destination process name", FIELD_STRING)

/* The layer's first field that is row `row` of its dissector's table; NULL when it is not there. */
static inline const struct field *layer_field(const struct packet *packet, const struct layer *layer, unsigned row)
{
	const struct field_def *def = &layer->dissector->fields[row];
	const struct field *field = &packet->fields[layer->first_field];

	for (unsigned i = 0; i < layer->field_count; i++)
		if (field[i].def == def)
			return &field[i];
	return NULL;
}

/* The same field's number, or `otherwise` when it is not there. */
static inline uint64_t layer_uint(const struct packet *packet, const struct layer *layer, unsigned row,
				  uint64_t otherwise)
{
	const struct field *field = layer_field(packet, layer, row);

	return field ? field->value.uint : otherwise;
}

/* All of them at once, for who asks for many: rows[row] is as layer_field() says of each of the first `count` rows. */
static inline void layer_rows(const struct packet *packet, const struct layer *layer, const struct field **rows,
			      unsigned count)
{
	const struct field_def *defs = layer->dissector->fields;
	const struct field *field = &packet->fields[layer->first_field];

	memset(rows, 0, count * sizeof *rows);
	for (const struct field *end = field + layer->field_count; field < end; field++) {
		size_t row = (size_t)(field->def - defs);

		if (row < count && !rows[row])
			rows[row] = field;
	}
}

#define RECOGNISE_LIKELY 40
#define RECOGNISE_CERTAIN 80

/* ------------------------------------------------------------------------------------------------ the parse */

/* The state of one walk over one frame. Dissectors read `frame`, `net` and `from_*`; the rest is the loop's. */
struct parse {
	const uint8_t *base;          /* the frame's octets */
	uint32_t position;
	uint32_t end;                 /* captured and claimed: reads stop here */
	uint32_t claim;               /* where the packet says this layer's content ends; >= end */
	bool failed;                  /* an overrun happened in this layer */
	const uint8_t *want;          /* by row: 0 nothing is kept, else WANT_ bits */
	const struct field_def *fields;
	struct packet *packet;
	struct layer *layer;
	const struct frame *frame;
	const struct protocols *protocols;

	/* For pseudo headers and children: set by the network layer with parse_network(). */
	struct parse_network {
		const uint8_t *source, *destination; /* octets, NULL before a network layer was met */
		uint8_t length;                      /* 4 or 16 */
		uint8_t protocol;
		bool fragment;                       /* the payload is not whole: no checksum can be judged */
	} network;
	uint16_t source_port, destination_port;
	enum parse_side { SIDE_UNKNOWN, SIDE_TO_SERVER, SIDE_FROM_SERVER } side; /* which port the protocol sits on */
	bool quoted;                  /* inside a packet quoted by an ICMP error: its end may be missing by right */
	bool segmented;               /* the frame was not yet, or no longer, in the segments of the wire (TSO, GRO) */

	enum bind_space next_space;
	uint32_t next_keys[2];
	uint32_t padding_from, padding_to;    /* octets behind the innermost payload */
	struct parse_aside {                  /* see parse_aside(); claim 0: there is none */
		enum bind_space space;
		uint32_t key, from, end, claim;
		bool fragment;
	} aside;
};

enum want { WANT_VALUE = 1, WANT_PARTS = 2 }; /* the row itself; mask rows behind it */

/* Reads past the end: marks the layer and makes every later read give zeros. Returns 0. */
uint64_t parse_overrun(struct parse *p, uint32_t needed);
/* Keeps the field; its row is wanted. */
void parse_record(struct parse *p, unsigned row, uint64_t value, uint32_t offset, uint32_t length);
void parse_record_span(struct parse *p, unsigned row, uint32_t offset, uint32_t length);

/* The next free field, its place and role told; there is one. */
static inline __attribute__((always_inline)) struct field *parse_field_of(struct parse *p, const struct field_def *def,
									   uint32_t offset, uint32_t length)
{
	struct packet *packet = p->packet;
	unsigned index = packet->field_count;
	struct field *field = &packet->fields[index];

	packet->field_count = index + 1;
	field->def = def;
	field->offset = offset;
	field->length = length;
	if (def->role && !p->quoted)
		packet->roles[def->role] = (int16_t)index;
	return field;
}

/*
 * The same in place, for what is usual: a number without sign, of which no part is wanted, and there is room. `def` is
 * the row; where the compiler sees the table (parse_uint below), little is left of this.
 */
static inline __attribute__((always_inline)) void parse_keep(struct parse *p, const struct field_def *def, unsigned row,
							     uint64_t value, uint32_t offset, uint32_t length)
{
	bool full = p->packet->field_count == PACKET_MAX_FIELDS;

	if (__builtin_expect(p->want[row] != WANT_VALUE || full || def->type == FIELD_INT, 0))
		parse_record(p, row, value, offset, length);
	else
		parse_field_of(p, def, offset, length)->value.uint = value;
}

/* Octets as they are. */
static inline void parse_keep_span(struct parse *p, const struct field_def *def, unsigned row, uint32_t offset,
				   uint32_t length)
{
	if (__builtin_expect(p->packet->field_count == PACKET_MAX_FIELDS, 0))
		parse_record_span(p, row, offset, length);
	else
		parse_field_of(p, def, offset, length)->value.bytes = p->base + offset;
}

static inline __attribute__((always_inline)) uint64_t load_be(const uint8_t *at, unsigned width)
{
	uint64_t v = 0;
	uint16_t v2;
	uint32_t v4;

	switch (width) {
	case 1:
		return *at;
	case 2:
		memcpy(&v2, at, 2);
		return __builtin_bswap16(v2);
	case 4:
		memcpy(&v4, at, 4);
		return __builtin_bswap32(v4);
	default:
		for (unsigned i = 0; i < width; i++)
			v = v << 8 | at[i];
		return v;
	}
}

static inline __attribute__((always_inline)) uint64_t parse_uint_of(struct parse *p, const struct field_def *def,
								     unsigned row)
{
	unsigned width = def->width;
	uint64_t value;

	if (__builtin_expect(p->end - p->position < width, 0))
		return parse_overrun(p, width);
	value = load_be(p->base + p->position, width);
	if (p->want[row])
		parse_keep(p, def, row, value, p->position, width);
	p->position += width;
	return value;
}

/*
 * The next `fields[row].width` octets (1-8) as a number in network order; records the row and its mask rows. `fields`
 * is the file's own table: seeing it, the compiler turns a row into the few instructions that its width needs.
 */
#define parse_uint(p, row) parse_uint_of(p, &fields[row], row)

/* As parse_uint, in little-endian order (link types whose header is in the byte order of the capturing host). */
uint64_t parse_uint_le(struct parse *p, unsigned row);

/*
 * The next `length` octets as they are: FIELD_BYTES, FIELD_STRING, FIELD_MAC, FIELD_IPV6. Returns where they stand, or
 * NULL after an overrun. For a fixed width use the row's: parse_fixed().
 */
static inline const uint8_t *parse_bytes_of(struct parse *p, const struct field_def *def, unsigned row, uint32_t length)
{
	uint32_t at = p->position;

	if (__builtin_expect(p->end - at < length || p->failed, 0)) {
		parse_overrun(p, length);
		return NULL;
	}
	if (p->want[row])
		parse_keep_span(p, def, row, at, length);
	p->position = at + length;
	return p->base + at;
}
#define parse_bytes(p, row, length) parse_bytes_of(p, &(p)->fields[row], row, length)
#define parse_fixed(p, row) parse_bytes_of(p, &fields[row], row, fields[row].width)
/* All octets left, when there are any. */
const uint8_t *parse_rest(struct parse *p, unsigned row);

/* Octets that no row describes (reserved). */
static inline void parse_skip(struct parse *p, uint32_t length)
{
	if (__builtin_expect(p->end - p->position < length, 0))
		parse_overrun(p, length);
	else
		p->position += length;
}

static inline bool parse_more(const struct parse *p)
{
	return p->position < p->end && !p->failed;
}

/* Octets left that are captured; and octets left that the packet claims to have. */
static inline uint32_t parse_left(const struct parse *p)
{
	return p->end - p->position;
}

static inline uint32_t parse_claimed(const struct parse *p)
{
	return p->claim - p->position;
}

/* The number `offset` octets ahead, nothing recorded or consumed; 0 when it is not there. */
static inline __attribute__((always_inline)) uint64_t parse_peek(const struct parse *p, uint32_t offset, unsigned width)
{
	uint32_t left = parse_left(p);

	return left >= width && left - width >= offset ? load_be(p->base + p->position + offset, width) : 0;
}

/* True when the octets up to the claimed end are all there. */
static inline bool parse_whole(const struct parse *p)
{
	return p->end == p->claim && !p->failed;
}

static inline void parse_add_of(struct parse *p, const struct field_def *def, unsigned row, uint64_t value,
				uint32_t offset, uint32_t length)
{
	if (p->want[row] && !p->failed)
		parse_keep(p, def, row, value, offset, length);
}

/*
 * A value worked out (FIELD_GENERATED), or read in another way than parse_uint. offset and length say where in the
 * frame it comes from; both 0: nowhere.
 */
#define parse_add(p, row, value, offset, length) parse_add_of(p, &fields[row], row, value, offset, length)
/* A slice of the frame as a string or octets; `at` points into the frame. */
static inline void parse_add_span(struct parse *p, unsigned row, const uint8_t *at, uint32_t length)
{
	if (p->want[row] && !p->failed)
		parse_record_span(p, row, (uint32_t)(at - p->base), length);
}
/* A string or octets that stand outside the frame and live as long as it does; the row is FIELD_GENERATED. */
void parse_add_outside(struct parse *p, unsigned row, const void *at, uint32_t length);
/* A word of our own (a constant string), for FIELD_GENERATED strings. */
void parse_add_string(struct parse *p, unsigned row, const char *string);
static inline bool parse_wants(const struct parse *p, unsigned row)
{
	return p->want[row] != 0;
}

/*
 * A part with a length of its own (a TLV's value, an option list): reads inside end at its end, and running past it is
 * MALFORMED. parse_leave goes to the end of the part.
 */
struct parse_part {
	uint32_t end, claim, stop;
};
struct parse_part parse_enter(struct parse *p, uint32_t length);
void parse_leave(struct parse *p, struct parse_part part);
/* A look at what stands behind the next `skip` octets; parse_leave comes back to where it began. */
struct parse_part parse_ahead(struct parse *p, uint32_t skip);

/*
 * A header as data: rows in the order of the wire. length 0: the row's own width or, where it has none, all that is
 * left. Ended by PARSE_END.
 */
struct parse_step {
	uint8_t row, length;
};
#define PARSE_END { 0xff, 0 }
void parse_steps(struct parse *p, const struct parse_step *steps);

/*
 * Says that the payload has `length` octets from here: what is behind it is padding, never data. A claim of more than
 * the packet has marks the layer MALFORMED, except in a quoted or segmented packet.
 */
void parse_payload(struct parse *p, uint32_t length);

/* What follows: looked up as key in `space`, then as other_key (ports: destination first). */
static inline void parse_next(struct parse *p, enum bind_space space, uint32_t key, uint32_t other_key)
{
	p->next_space = space;
	p->next_keys[0] = key;
	p->next_keys[1] = other_key;
}

/*
 * What stands behind the next `skip` octets is no part of what follows: it becomes a layer of its own behind all that
 * do. For one in a packet, and none in a quoted one.
 */
void parse_aside(struct parse *p, enum bind_space space, uint32_t key, uint32_t skip);

/* The layer contradicts itself: a static sentence for the user. Later reads go on. */
void parse_malformed(struct parse *p, const char *problem);
/* The layer is what it is, but its content is not for us (a later fragment, encrypted): a static sentence, or NULL. */
void parse_opaque(struct parse *p, const char *why);

/* Where this layer begins, as an offset in the frame, and what it has read of itself so far. */
static inline uint32_t parse_consumed(const struct parse *p)
{
	return p->position - p->layer->offset;
}

/* From here on a packet that an ICMP error quotes. */
void parse_quotation(struct parse *p);
/* The same where behind `length` octets of it an extension stands (RFC 4884); 0: the message does not say. */
void parse_bounded_quotation(struct parse *p, uint32_t length);

/*
 * Only summaries and columns will be made of this packet: a BRIEF field that would say nothing there (no fragment,
 * offset 0) may be left out.
 */
bool parse_is_brief(const struct parse *p);

/* Seconds that the clock of whoever wrote a date without a zone is ahead of UTC: what the user or the machine says. */
int parse_zone(const struct parse *p);

/* ------------------------------------------------------------------------------------------------ summaries */

/*
 * For each field of the layer whose row has a word among the `count` words: the word and the value; of a flag that is
 * set the word alone, of one that is not nothing. For numbers, flags and addresses.
 */
void summary_words(const struct packet *packet, const struct layer *layer, const char *const *words, unsigned count,
		   struct text *out);
/* " for UDP 10.0.0.2:40000 > 10.0.0.1:5555": what an ICMP error quotes; nothing when no addresses were read. */
void summary_quotation(const struct packet *packet, struct text *out);
/* ", after 0.160 ms", ", after 5.7 ms", ", after 1.250 s": how long an answer took. */
void summary_took(int64_t nanoseconds, struct text *out);

/*
 * Whose the packet is, source first: "python3 4242 > date-server 17", "python3 4242? >"; nothing when no process is
 * known. A question mark behind an end says that it is not certain, one in its place that nobody was found there.
 */
void summary_owners(const struct frame *frame, struct text *out);

/* LINKTYPE_ numbers that have a name here. */
extern const struct value_name link_type_names[];

/* ------------------------------------------------------------------------------------------------ checksums */

/* Values of the *.checksum.status fields; 0 to 3 are Wireshark's. */
enum checksum_status {
	CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, CHECKSUM_ABSENT, CHECKSUM_OFFLOAD = 5
};
extern const struct value_name checksum_status_names[];

/* One's complement sum (RFC 1071) of length octets added to sum; not folded. */
uint64_t checksum_add(uint64_t sum, const uint8_t *data, size_t length);
/* Folded to 16 bits, not complemented. */
uint16_t checksum_fold(uint64_t sum);
/*
 * Judges a checksum over the pseudo header of p->network (RFC 768, 793, 8200 section 8.1) and `length` octets from
 * `offset` of the frame, of which `stored` is the checksum field's value. pseudo false: over the octets alone.
 */
enum checksum_status parse_checksum(const struct parse *p, uint32_t offset, uint32_t length, uint16_t stored,
				    bool pseudo);
