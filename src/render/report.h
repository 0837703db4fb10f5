/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loss and times of each hop as `mtr --report` prints them. Where several answer at a hop, each has a line of its own
 * below the hop's; what was not answered cannot be told to be one's or another's and stays with the hop.
 */
#pragma once

#include <time.h>

#include "base/error.h"
#include "render/path.h"

#define REPORT_COLUMNS 40       /* letters of an order */
#define REPORT_ORDER "LS NABWV" /* mtr's */
#define REPORT_ORDER_LIVE "LS NABWV59"

struct report_order {
	unsigned char columns[REPORT_COLUMNS]; /* indices into a table of report.c */
	unsigned count;
};

/*
 * Letters, as mtr has them: L loss, D dropped, R received, S sent, N last (newest), B best, A average, W worst,
 * V deviation, G geometric mean, J M X I jitter (last, mean, worst, interarrival), a blank; and 5 and 9, the
 * percentiles that half and 99 % of all times do not exceed. -1 with err: another one, or too many.
 */
int report_order_parse(const char *letters, struct report_order *order, struct error *err);

struct report {
	const struct path *path; /* how addresses are shown */
	const struct report_order *order;
	size_t width; /* of the names: report_width() */
};

/* So many columns are wide enough for all names, and at least as many as mtr has. */
size_t report_width(const struct path *path, const struct hops *hops);

/* "Start: 2026-11-29T11:35:46+0000", in the local time zone. */
void report_start(struct text *out, time_t time);
/* "HOST: name   Loss%   Snt ..." */
void report_names(struct text *out, const struct report *report, const char *host);
/* "  1.|-- 10.0.0.1   0.0% ...", and "    |  `+-- 10.0.0.2 ..." for each where several answer. */
void report_hop(struct text *out, const struct report *report, const struct hop *hop);
/* report_names() and report_hop() of all. */
void report_print(struct text *out, const struct path *path, const struct report_order *order, const char *host,
		  const struct hops *hops);

/* The columns alone, for who draws the rest itself. responder NULL: of the hop. */
void report_titles(struct text *out, const struct report_order *order);
void report_cells(struct text *out, const struct report_order *order, const struct hop *hop,
		  const struct hop_responder *responder);
