/* SPDX-License-Identifier: BSD-2-Clause */
/* A conversation as `sonde follow` shows it: what both sides said, in order, in one of several forms. */
#pragma once

#include "render/render.h"
#include "render/time.h"

enum follow_side { FOLLOW_CLIENT, FOLLOW_SERVER, FOLLOW_SIDES };

struct follow_form;

struct follow_heading {
	const char *protocol, *title;      /* "tcp", "TCP" */
	uint32_t number;
	const struct text *ends;           /* of FOLLOW_SIDES: "10.0.0.1:5555" */
	bool sure;                         /* who is the server; else the client is who spoke first */
};

struct follow_piece {
	enum follow_side side;
	const uint8_t *data;
	uint32_t length;
	uint64_t offset;                   /* in what its side said */
	uint64_t missing;                  /* octets that were not captured, right before it */
	uint64_t frame;                    /* 0: no packet brought it (a hole at the end) */
	int64_t time;
	bool has_time;
	bool message;                      /* a datagram or message: it begins and ends here */
	bool end;                          /* the side says that nothing follows */
};

/* How much of what a side said is not shown. */
struct follow_totals {
	uint64_t missing, conflicting, before, after_end;
};

/* Zero-initialise it; follow_end() releases it. */
struct follow_view {
	const struct follow_form *form;
	const struct follow_heading *heading;
	struct render_options look;
	bool times;                        /* -t was given: the time of the packet that brought a line's first octet */
	int64_t first_time;                /* of the capture's first packet, for -t r */
	/* The renderer's own. */
	struct time_cache cache;
	int64_t previous_time;             /* of the piece before */
	bool any_time;
	bool line;                         /* an unfinished one stands at the end of the output */
	enum follow_side side;             /* whose it is */
	uint8_t rest[4];                   /* of a character that a piece has cut */
	unsigned rest_length;
};

/* The form named as after -T. NULL: none. */
const struct follow_form *follow_form(const char *name);
/* Octets as they are: no form for a terminal. */
bool follow_form_is_raw(const struct follow_form *form);

void follow_begin(struct follow_view *view, struct text *out);
void follow_add(struct follow_view *view, const struct follow_piece *piece, struct text *out);
void follow_end(struct follow_view *view, const struct follow_totals totals[FOLLOW_SIDES], struct text *out);
