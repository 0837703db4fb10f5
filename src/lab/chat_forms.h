/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of chat forms and the matcher of their patterns; for src/lab/chat*.c only. */
#pragma once

#include "lab/chat.h"

#define CHAT_BY_CLIENT 1u
#define CHAT_BY_SERVER 2u
#define CHAT_BY_BOTH 3u

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
	const char *pattern;
	enum chat_kind kind;
	uint8_t senders;    /* CHAT_BY_... */
	uint8_t confidence; /* that this is chat at all */
};

extern const struct chat_form chat_forms[];
extern const size_t chat_form_count;

/* The whole of `line` matches: spans of *out are filled. False leaves *out undefined. */
bool chat_match(const char *pattern, struct chat_span line, struct chat_message *out);

/* chat_parse, also telling the confidence of the form. */
int chat_recognise(const uint8_t *data, size_t len, enum chat_direction direction, struct chat_message *out);
