/* SPDX-License-Identifier: BSD-2-Clause */
/* One expectation from the inside: for the files of expectations only. */
#pragma once

#include "analyse/expect.h"
#include "packet/filter.h"

/* ------------------------------------------------------------------------------------------------ text */

/* A part of a line. */
struct expect_slice {
	const char *at;
	size_t length;
};

/* What is left of a line while it is read. */
struct expect_scan {
	const char *line, *at;
};

/* -1 with err: the sentence, the line, and a mark below scan->at. */
int expect_wrong(const struct expect_scan *scan, struct error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void expect_blanks(struct expect_scan *scan);
/* Takes the word when it stands there, blanks before it skipped. */
bool expect_take(struct expect_scan *scan, const char *word);
/* Letters, digits, dots, dashes and underlines; length 0: none there. */
struct expect_slice expect_word(struct expect_scan *scan);
/* Up to the first of the octets in `ends` that stands in no quotes or brackets; false: the line ends before. */
bool expect_until(struct expect_scan *scan, const char *ends, struct expect_slice *out);
/* Up to ` --` outside of quotes, or the end of the line; without blanks at either end. */
struct expect_slice expect_rest(struct expect_scan *scan);
/* The parts of a display filter that `and` joins at its top; at most `max`, and 1 when they are more. */
unsigned expect_split(struct expect_slice filter, struct expect_slice *parts, unsigned max);
char *expect_copy(struct expect_slice slice);

/* ------------------------------------------------------------------------------------------------ numbers */

void expect_number(struct expect_numbers *numbers, uint64_t number);
/* "3 packets (1, 3 and 5) pass", "packet 2 passes", "no packet passes". */
void expect_who_text(const struct expect_numbers *numbers, const char *verb, const char *verbs, struct text *out);

enum expect_sign { SIGN_GE, SIGN_GT, SIGN_LE, SIGN_LT, SIGN_EQ, SIGN_NE };
int expect_sign(struct expect_scan *scan, enum expect_sign *sign, struct error *err);
bool expect_holds(long double a, enum expect_sign sign, long double b);
/* What is certain of `a sign b` when a can only grow (up), or only shrink, from here on. */
enum expect_verdict expect_moving(long double a, enum expect_sign sign, long double b, bool up);
/* A number in the way that values of this type are written: durations with a unit. */
int expect_limit(struct expect_scan *scan, enum field_type type, long double *value, struct error *err);
void expect_say_limit(enum field_type type, long double value, struct text *out);

/* ------------------------------------------------------------------------------------------------ filters */

#define EXPECT_TERMS 12  /* of one filter, that are looked at apart */
#define EXPECT_VALUES 3  /* different values that are kept of a field */

/* Values that a field had, and where. Zero-initialise. */
struct expect_values {
	struct expect_value {
		char *text;
		struct expect_numbers in;
		uint64_t last; /* packet that had it */
	} list[EXPECT_VALUES];
	unsigned count;
	bool more;
};
void expect_values_release(struct expect_values *values);

/* A part of a filter, looked at alone as long as the whole has passed nothing: which part is it that fails? */
struct expect_term {
	char *text;
	struct filter *filter;
	const struct field_def *field;     /* that it is about; NULL: cannot be told */
	const struct dissector *dissector; /* whose field it is, or the protocol that it names; NULL: cannot be told */
	struct expect_numbers passed;
	struct expect_numbers near;        /* pass all parts but this one */
	struct expect_values near_values;  /* what the field was in those */
	struct expect_values values;       /* and in all packets that had it */
	struct expect_numbers protocol;    /* have a layer of the dissector */
};

/* A display filter in an expectation. */
struct expect_filter {
	char *text;
	struct filter *filter;
	uint64_t run;                      /* packets that it was run over */
	struct expect_numbers passed;
	struct expect_term terms[EXPECT_TERMS];
	unsigned term_count;
	/* While nothing has passed: the first packet of those that fail the fewest parts; NULL: none is like it. */
	char *near_line;
	uint64_t near_number;
	unsigned near_failures;
};

int expect_filter_new(struct expect_filter *filter, const struct expect_scan *scan, struct expect_slice text,
		      struct error *err);
void expect_filter_release(struct expect_filter *filter);
/* Whether it passes; counted. */
bool expect_filter_run(struct expect_filter *filter, const struct expect_words *words, const struct packet *packet);
/* Why nothing has passed, as a part of a sentence; false: there is nothing to say. */
bool expect_filter_why_none(const struct expect_filter *filter, struct text *out);
/* What of it this packet does not pass, as a part of a sentence: "udp.srcport == 5555: udp.srcport is 5557". */
void expect_filter_why_not(struct expect_filter *filter, const struct expect_words *words, const struct packet *packet,
			   struct text *out);
/* Whether it is about the protocol: names it or one of its fields. */
bool expect_filter_about(const struct expect_filter *filter, const char *protocol);

/* ------------------------------------------------------------------------------------------------ expectations */

struct expectation;

/* A kind: const, one a word of the language. */
struct expect_kind {
	const char *name;
	const char *form;    /* for messages */
	/* What stands between its name and the end; `scan` is behind the opening parenthesis. */
	int (*parse)(struct expectation *e, struct expect_scan *scan, struct error *err);
	void (*packet)(struct expectation *e, const struct packet *packet, const struct tracked *tracked);
	/* Something happened to a request. NULL: nobody cares. */
	void (*dialogue)(struct expectation *e, const struct dialogue *dialogue, bool over);
	/* The last packet was seen and e->verdict is still open: EXPECT_YES or EXPECT_NO. */
	enum expect_verdict (*finish)(struct expectation *e);
	/* The sentence behind the title, for the verdict that e has. */
	void (*say)(const struct expectation *e, struct text *out);
	/* Something that should have been there is missing: what else was seen may say why. */
	bool (*missing)(const struct expectation *e);
	void (*release)(struct expectation *e);
};

#define EXPECT_FILTERS 16 /* of one expectation: the steps of seq() */
#define EXPECT_REQUESTS 64 /* requests whose answers are watched for one by one */

/* A request without an answer so far. */
struct expect_request {
	uint64_t number, stray;      /* stray: a packet that may be meant for its answer; 0: none */
	int64_t time;
	uint32_t stream;
	struct flow_end client, server;
	const struct dissector *transport;
	uint8_t address_length;
	bool broadcast, expired;
	char *line, *stray_line;
};

struct expect_paired {
	const struct dissector *protocol;
	int64_t within;              /* ns; 0: as long as the capture lasts */
	int64_t last_time;           /* of the packets so far */
	struct expect_numbers asked, answered, late, refused, unanswered, empty;
	int64_t slowest;             /* of those in time */
	uint64_t slowest_number;
	int64_t latest;              /* of the first late one */
	uint64_t latest_number;      /* its answer's */
	struct expect_request open[EXPECT_REQUESTS];
	unsigned open_count;
	uint64_t not_watched;
	char *stray;                 /* words on an answer that went astray; NULL: none */
};

struct expect_measure {
	enum { MEASURE_MIN, MEASURE_MAX, MEASURE_AVERAGE, MEASURE_SUM, MEASURE_PERCENTILE } what;
	unsigned percent;
	const struct field_def *field;
	const struct dissector *dissector;
	bool filtered;               /* only packets that pass e->filters[0] */
	uint64_t count, below, equal; /* values; below and equal to the limit */
	long double sum, min, max, limit;
	uint64_t min_number, max_number;
	enum expect_sign sign;
};

struct expect_each {
	const struct field_def *field;
	const struct dissector *dissector;
	struct packet *one;          /* holds one value and nothing else */
	bool filtered;               /* filters[1] */
	uint64_t values;
	struct expect_values wrong;
};

struct expectation {
	const struct expect_kind *kind;
	const struct expect_words *words;
	char *label, *expression, *message, *from;
	enum expect_verdict verdict;
	struct expect_filter filters[EXPECT_FILTERS];
	unsigned filter_count;
	struct text says;
	struct expect_numbers packets;
	char *lines[EXPECT_SHOWN];
	uint64_t numbers[EXPECT_SHOWN];
	unsigned line_count;

	enum expect_sign sign;       /* count() */
	uint64_t limit;
	unsigned step;               /* seq() */
	uint64_t steps[EXPECT_FILTERS];
	struct expect_numbers wrong; /* all(), each() */
	struct text why;             /* the first wrong one's reason */
	struct expect_paired *paired;
	struct expect_measure *measure;
	struct expect_each *each;
};

extern const struct expect_kind expect_kind_count, expect_kind_none, expect_kind_all, expect_kind_seq;
extern const struct expect_kind expect_kind_paired, expect_kind_each;
extern const struct expect_kind expect_kind_min, expect_kind_max, expect_kind_avg, expect_kind_sum;
extern const struct expect_kind expect_kind_percentile; /* p50, p99 */

/* The line up to its end: label, kind, message. */
int expect_parse(struct expectation *e, const char *text, struct error *err);

/* For kinds: the next filter, up to ',' or ')', which is not taken. */
int expect_parse_filter(struct expectation *e, struct expect_scan *scan, struct error *err);
/* The octet c, or a sentence that says what the kind looks like. */
int expect_need(const struct expectation *e, struct expect_scan *scan, char c, struct error *err);
/* A field's name, perhaps with `where FILTER`, and the closing parenthesis. */
int expect_parse_field(struct expectation *e, struct expect_scan *scan, const struct field_def **field,
		       const struct dissector **dissector, bool *filtered, struct error *err);
/* Keeps the packet as a line, while there is room. */
void expect_show(struct expectation *e, const struct packet *packet);
void expect_show_line(struct expectation *e, uint64_t number, const char *line);
/* Adds the value. */
void expect_values_add(struct expect_values *values, const struct expect_words *words, const struct field *field,
		       uint64_t number);
/* "5557 (packet 2), 5558 (packets 3 and 4) and others"; brief: of a single one without the packets. */
void expect_values_text(const struct expect_values *values, bool brief, struct text *out);
/* A packet's line in words, owned by the caller. */
char *expect_line(const struct expect_words *words, const struct packet *packet);

/* ------------------------------------------------------------------------------------------------ facts */

/* What was seen that nobody asked for, but that may say why something else is missing. */
struct expect_facts;
struct expect_facts *expect_facts_new(void);
void expect_facts_free(struct expect_facts *facts);
void expect_facts_want(const struct expect_facts *facts, struct protocols *protocols);
void expect_facts_packet(struct expect_facts *facts, const struct packet *packet,
			 const struct tracked *tracked);
/* Adds those that concern the expectation, at most `most`, each as "; packet 2 says: ...". */
void expect_facts_say(const struct expect_facts *facts, const struct expectation *e, unsigned most, struct text *out);
