/* SPDX-License-Identifier: BSD-2-Clause */
/* One row says everything about a field: every output, filter, help and document reads it from here. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_NONE,     /* present or not, no value */
	FIELD_UINT,     /* shown in decimal */
	FIELD_HEX,      /* an unsigned number shown in hexadecimal, two digits an octet */
	FIELD_INT,      /* two's complement in `width` octets */
	FIELD_BOOL,
	FIELD_MAC,      /* 6 octets */
	FIELD_IPV4,     /* 4 octets */
	FIELD_IPV6,     /* 16 octets */
	FIELD_BYTES,
	FIELD_STRING,   /* text as it came: not trusted, perhaps not UTF-8 */
	FIELD_TIME,     /* ns since 1970-01-01 UTC */
	FIELD_DURATION, /* ns */
	FIELD_TYPES
};

/* What a field is for; columns, conversations and statistics are built from roles, not from names. */
enum field_role {
	ROLE_NONE,
	ROLE_LINK_SRC, ROLE_LINK_DST,
	ROLE_SRC_ADDR, ROLE_DST_ADDR,
	ROLE_SRC_PORT, ROLE_DST_PORT,
	FIELD_ROLES
};

enum field_flag {
	FIELD_BRIEF = 1,     /* a summary or a column reads it: kept even when only the line is shown */
	FIELD_GENERATED = 2, /* worked out, not on the wire */
	FIELD_EITHER = 4,    /* another name for the rows in `either`, as ip.addr for ip.src and ip.dst */
	FIELD_FOLLOWED = 8,  /* from other packets: src/analyse adds it, no dissector does; FIELD_GENERATED too */
	FIELD_AHEAD = 16,    /* from later packets: known only when a file is read twice; FIELD_FOLLOWED too */
	FIELD_ALIAS = 32     /* another program's name for what a row elsewhere says: kept only where it is named */
};

/* Ends with a row whose name is NULL. */
struct value_name {
	uint64_t value;
	const char *name;
};

struct field_def {
	const char *name;        /* Wireshark's where Wireshark has one */
	const char *label;       /* for the tree */
	enum field_type type;
	uint8_t width;           /* octets on the wire; 0: as many as the dissector says */
	uint8_t depth;           /* nesting below the layer in the tree */
	uint8_t role;            /* enum field_role */
	uint8_t flags;           /* enum field_flag */
	uint64_t mask;           /* not 0: bits of the nearest row before it without a mask, recorded with it */
	const struct value_name *names;
	const char *help;        /* a sentence for `sonde list fields`; NULL where the label says all */
	const uint8_t *either;   /* FIELD_EITHER: rows, ended by 0xff */
};

/* The name of the value, or NULL. */
const char *value_name(const struct value_name *names, uint64_t value);
