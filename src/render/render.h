/* SPDX-License-Identifier: BSD-2-Clause */
/* How packets look. A renderer reads const packets and adds to a text; the command writes the text out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"
#include "packet/dissect.h"
#include "packet/packet.h"

/* <time.h> has a macro of this name, which would take the place of the -t u below without a word. */
#undef TIME_UTC

enum render_time { /* -t, as tshark's */
	TIME_ABSOLUTE,       /* a: hh:mm:ss.ffffff local time */
	TIME_ABSOLUTE_DATE,  /* ad */
	TIME_DELTA,          /* d: since the previous packet captured */
	TIME_DELTA_SHOWN,    /* dd: since the previous packet shown */
	TIME_EPOCH,          /* e */
	TIME_RELATIVE,       /* r: since the first packet */
	TIME_UTC,            /* u */
	TIME_UTC_DATE        /* ud */
};

struct render_options {
	bool numeric;             /* -n: no service names */
	bool color;               /* escape sequences of the 16 colours, on a terminal */
	enum render_time time;
	unsigned time_digits;     /* 6, or 9 when the source has nanoseconds */
	bool interfaces;          /* more than one: the line names it */
	bool hex;                 /* -x: the octets follow; hex_ascii (-X): the same, with the text beside */
	bool hex_ascii;
	/* -T fields */
	const struct field_def **fields;
	size_t field_count;
	char separator;           /* default tab */
	char quote;               /* '"', '\'' or 0 */
	char aggregator;          /* default ',' */
	char occurrence;          /* 'f', 'l' or 'a' */
	bool header;
};

/* The last object of the JSON output, and what goes to standard error at the end. */
struct render_totals {
	uint64_t packets;         /* read or captured */
	uint64_t shown;
	uint64_t received, dropped, interface_dropped; /* COUNTER_UNKNOWN (UINT64_MAX) when not known */
};

struct render;

/* Const, one a file; see renderer_list. */
struct renderer {
	const char *name;         /* as after -T */
	const char *help;
	bool brief;               /* summaries and columns are enough: protocols_want_brief() */
	size_t state_size;
	size_t carried;           /* so many octets at the state's beginning make one packet look different because of
				     those before it; the rest of the state does not show */
	/*
	 * Any may be NULL but packet. `state` is zeroed memory of state_size octets. finish also gives back what start
	 * took: call it whenever start was called.
	 */
	void (*start)(void *state, const struct render_options *options, struct text *out);
	void (*packet)(void *state, const struct render_options *options, const struct packet *packet,
		       struct text *out);
	void (*finish)(void *state, const struct render_options *options, const struct render_totals *totals,
		       struct text *out);
};

extern const struct renderer *const renderer_list[]; /* ended by NULL */
const struct renderer *renderer_find(const char *name);

/* The value as every text output shows it: no label, escaped, no value names (those: render_value_named). */
void render_value(struct text *out, const struct field *field);
/* As the tree shows it: with its name where it has one, as `2 (reply)`. */
void render_value_named(struct text *out, const struct field *field);
/* The time column. */
void render_time_text(struct text *out, const struct render_options *options, const struct frame *frame);
/* The octets of the frame as offset, hex and, when ascii, text. */
void render_hex(struct text *out, const uint8_t *data, size_t length, bool ascii);
/* One row of it, without LF: RENDER_HEX_ROW octets at most, after the offset in so many digits. */
#define RENDER_HEX_ROW 16
void render_hex_row(struct text *out, uint64_t offset, unsigned digits, const uint8_t *data, size_t length, bool ascii);
