/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of chat forms and the matcher of their patterns; for src/lab/chat*.c only. */
#pragma once

#include "lab/chat.h"

#define CHAT_BY_CLIENT 1u
#define CHAT_BY_SERVER 2u
#define CHAT_BY_BOTH 3u

/* Bits: the line begins with the octet (several share one), with a nick, with a clock or an address. */
#define CHAT_BEGINS(octet) (UINT32_C(1) << ((octet) & 31))
#define CHAT_BEGINS_NICK CHAT_BEGINS(29)
#define CHAT_BEGINS_NUMBER CHAT_BEGINS(31)

/*
 * In a pattern a space is one or more blanks, letters match in either case, other bytes match themselves, colour
 * sequences may stand anywhere, and:
 *
 *	%u %o	a nick, into user or to			%t %T	the rest, into text; %T is not empty
 *	%i	a nick or a number, into to		%*	the rest, ignored
 *	%a	IP[:port], into user			%h	HH:MM[:SS]
 *	%j	Thread-N, into user			%>	-> or its arrow character
 *	%[ %]	what matches between is the command	%c	a command word
 *	%_	blanks or nothing			%N	here text does not make a clock or a URL
 *	%s	text starts here			%%	a percent sign
 */
struct chat_form {
	const char *name;
	char pattern[40];
	uint32_t begins;    /* CHAT_BEGINS...: most forms are passed over for it */
	uint8_t kind;       /* enum chat_kind */
	uint8_t senders;    /* CHAT_BY_... */
	uint8_t confidence; /* that this is chat at all */
};

extern const struct chat_form chat_forms[];
extern const size_t chat_form_count;

/* A line without colours or blanks at its start, and what form after form asks of it. */
struct chat_line {
	struct chat_span span;
	uint32_t begins; /* all CHAT_BEGINS... that are true of it */
	struct chat_nick { /* that it begins with; length 0: with none */
		size_t length;
		bool named; /* it is no mere number */
	} nick;
};

struct chat_line chat_line_of(struct chat_span span); /* which is not empty */

/*
 * The first form of `senders` (CHAT_BY_...) that the whole of `line` matches: spans of *out are filled. NULL: there is
 * none, and *out is undefined.
 */
const struct chat_form *chat_match(const struct chat_line *line, unsigned senders, struct chat_message *out);

/* chat_parse, also telling the confidence of the form. */
int chat_recognise(const uint8_t *data, size_t len, enum chat_direction direction, struct chat_message *out);
