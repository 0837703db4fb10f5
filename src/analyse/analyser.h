/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statistics: each is an analyser, a const struct at the foot of its file, which looks at every packet and has a table
 * in the end. Its memory is bounded, whatever the capture; what did not fit is told in the table or below it.
 */
#pragma once

#include "analyse/track.h"
#include "base/table.h"

enum analysis_by { /* what endpoints and conversations are made of */
	ANALYSIS_BY_DEFAULT,
	ANALYSIS_BY_ETH,
	ANALYSIS_BY_IP,
	ANALYSIS_BY_UDP,
	ANALYSIS_BY_TCP
};

struct analysis_options {
	int64_t interval;     /* rate: ns; above 0 */
	enum analysis_by by;
	bool each;            /* dialogues: a row for each, not one for each server */
	bool people;          /* the table is for people to read: bars, indentation */
	unsigned screen;      /* people: columns that a line may have */
	bool filtered;        /* not every packet will be given to packet() */
};

/* What there is besides the packets when they have ended. */
struct analysis_end {
	struct track *track;  /* after track_finish() */
	uint64_t packets;     /* given to packet() */
	int64_t first_time;   /* of the first packet of the capture: ns since 1970 */
	uint64_t dropped;     /* lost by the capture, as its file says at the end; 0: none, or not known */
};

struct analysis_result {
	const struct table_column *columns; /* live as long as the state */
	unsigned column_count;
	size_t rows;
	unsigned errors;      /* rows that say error (health) */
	struct text notes;    /* sentences for below the table, each ended by LF; of trusted text */
};

struct analyser {
	const char *name;
	const char *heading;  /* over the table */
	const char *help;     /* a phrase for the list of them */
	size_t state_size;    /* of zeroed memory */
	unsigned parts;       /* TRACK_ bits that it needs */
	bool to_ports;        /* looks at no layer behind the ports: protocols_leave_out() */
	/* Marks the rows that packet() reads; those with roles always are. NULL: no more than those. */
	void (*want)(struct protocols *protocols);
	void (*start)(void *state, const struct analysis_options *options); /* options live as long as the state */
	/* Each packet that is asked for. NULL: what the conversations count is enough, unless options say filtered. */
	void (*packet)(void *state, const struct packet *packet, const struct tracked *tracked);
	/*
	 * As in struct dialogue_listener, for every packet, before packet() is given the same one. Dialogues that are
	 * still open are told before finish(). NULL: not listening.
	 */
	void (*dialogue)(void *state, const struct dialogue *dialogue, bool over);
	void (*said)(void *state, const struct chat_said *said);
	void (*user)(void *state, const struct chat_user *user);
	void (*finish)(void *state, const struct analysis_end *end, struct analysis_result *result);
	/* Adds one row to the table; from 0, any of them any number of times, in any order, after finish(). */
	void (*row)(void *state, size_t row, struct table *table);
	bool const_rows;              /* row() leaves the state as it is: two threads may call it at a time */
	void (*release)(void *state); /* NULL: there is nothing to release */
};

extern const struct analyser *const analyser_list[]; /* ended by NULL */

const struct analyser *analyser_find(const char *name); /* NULL: there is none */

/* ------------------------------------------------------------------------------------------------ several */

#define ANALYSES_MAX 16

struct analysis {
	const struct analyser *analysers[ANALYSES_MAX]; /* in the order in which they are shown */
	void *states[ANALYSES_MAX];
	struct analysis_result results[ANALYSES_MAX];   /* after analysis_finish() */
	unsigned count;
	struct analysis_options options;
};

/* An analyser that is there already is not added again. */
void analysis_add(struct analysis *analysis, const struct analyser *analyser);
unsigned analysis_parts(const struct analysis *analysis);
void analysis_start(struct analysis *analysis, struct protocols *protocols);
/* Listens to the track, when somebody wants to. */
void analysis_listen(struct analysis *analysis, struct track *track);
void analysis_packet(struct analysis *analysis, const struct packet *packet, const struct tracked *tracked);
void analysis_finish(struct analysis *analysis, const struct analysis_end *end);
void analysis_release(struct analysis *analysis);
