/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Expectations: sentences about a capture that are true or not, such as `count(date.reply) >= 1`. docs/expect.md is the
 * language. Each packet moves each expectation on; what no later packet can change is certain at once, the rest is
 * decided at the end. What is kept does not grow with the capture.
 */
#pragma once

#include "analyse/track.h"
#include "base/text.h"

#define EXPECT_MAX 1000     /* expectations in a list */
#define EXPECT_LINE_MAX 4096 /* octets of one */
#define EXPECT_SHOWN 3      /* packets that are kept as a line, for each expectation */
#define EXPECT_NAMED 5      /* and those that are named by their numbers */

enum expect_verdict {
	EXPECT_OPEN,     /* later packets decide */
	EXPECT_YES,
	EXPECT_NO,
	EXPECT_UNJUDGED  /* only packets that are missing could tell */
};

/* How values and packets are put into words: the outputs' own way, which is none of the judge's business. */
struct expect_words {
	void (*value)(void *context, const struct field *field, struct text *out);
	void (*packet)(void *context, const struct packet *packet, struct text *out); /* a line, without its number */
	void *context;
};

/* Packets by number: how many, and the first of them. */
struct expect_numbers {
	uint64_t count;
	uint64_t first[EXPECT_NAMED];
};

/* What there is to say of one expectation. Strings belong to the list; those of `says` are escaped already. */
struct expect_answer {
	const char *title;      /* its label, or else its expression */
	const char *expression;
	const char *message;    /* for whoever made the mistake; NULL: none */
	const char *from;       /* where it stands: "lab.expect:3"; NULL: nobody said */
	enum expect_verdict verdict;
	const char *says;       /* a sentence without a full stop: what was there, and what was not */
	struct expect_numbers packets; /* that show why */
	const char *lines[EXPECT_SHOWN]; /* the first of them, or those that the sentence is about; NULL: no more */
	uint64_t numbers[EXPECT_SHOWN];
};

struct expectations;

/* words are copied; their context must live as long as the list. */
struct expectations *expectations_new(const struct expect_words *words);
void expectations_free(struct expectations *list);

/* One expectation; `from` may be NULL. -1 with err: it is none, and why. */
int expectations_add(struct expectations *list, const char *text, const char *from, struct error *err);
/*
 * A file of them: one a line; a line that begins with a blank goes on with the one before; # begins a comment when it
 * begins a line. `name` is for messages.
 */
int expectations_add_lines(struct expectations *list, const char *name, const char *text, size_t length,
			   struct error *err);
size_t expectations_count(const struct expectations *list);

/* Whether one of them reads what only later packets tell (FIELD_AHEAD): name of such a filter, or NULL. */
const char *expectations_ahead(const struct expectations *list);
/* Marks what they read; before packets are dissected. */
void expectations_want(const struct expectations *list, struct protocols *protocols);
/* For track_listen(). */
void expectations_listener(struct expectations *list, struct dialogue_listener *listener);

/* A packet, after track_packet(). */
void expectations_packet(struct expectations *list, const struct packet *packet, const struct tracked *tracked);
/* Whether no later packet can change any answer. */
bool expectations_certain(const struct expectations *list);

/*
 * No packet will come any more. incomplete: why packets are missing, as a part of a sentence ("the file is cut"): what
 * is not certain by now is then EXPECT_UNJUDGED; NULL: all were seen. Once.
 */
void expectations_finish(struct expectations *list, const char *incomplete);

/* After the end. */
struct expect_answer expectations_answer(const struct expectations *list, size_t index);

/* "packet 2", "packets 1, 3 and 5", "packets 1, 2, 3, 4, 5 and 7 more". */
void expect_numbers_text(const struct expect_numbers *numbers, struct text *out);
