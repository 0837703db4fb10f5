/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the display filter: text -> tokens (filter_lex.c) -> a tree (filter_parse.c) -> names found and types checked
 * (filter_type.c, filter_check.c, filter_literal.c, filter_time.c) -> steps (filter_compile.c) -> runs (filter_run.c,
 * filter_read.c, filter_value.c), or what it would say of one known value (filter_may.c). For the filter_*.c files
 * only.
 */
#pragma once

#include "base/error.h"
#include "base/text.h"
#include "packet/filter.h"

/* Limits, each refused with a sentence; docs/filters.md states them. */
#define FILTER_MAX_LENGTH 65535 /* octets of an expression */
#define FILTER_MAX_DEPTH 100    /* of parentheses, braces, functions and negations in each other */
#define FILTER_MAX_NODES 4096
#define FILTER_MAX_SET 1000          /* elements of a set */
#define FILTER_MAX_RANGES 16         /* parts of a slice */
#define FILTER_MAX_VALUES 4096       /* that an operand may have in one packet; what is beyond is not looked at */
#define FILTER_MAX_OCTETS (1u << 20) /* that slices and functions may make for one comparison, then they give nothing  \
				      */

/* Octets of the expression. */
struct filter_span {
	uint32_t at, length;
};

/* What is compiled, and where its errors go. */
struct filter_source {
	const char *text; /* ends with a NUL that is not counted */
	uint32_t length;
	const struct filter_names *names;
	struct error *err;
};

/*
 * Fills err with the sentence, the expression (or a part of it), the mark below the span, and `form` on a line of its
 * own (NULL: none). Returns -1.
 */
int filter_fail(const struct filter_source *source, struct filter_span span, const char *form, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The same for what stands where nothing of the kind can: a capture filter is recognised. */
int filter_fail_syntax(const struct filter_source *source, struct filter_span span, const char *form,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The expression with `word` in place of the span, as a form to propose; the caller releases it. */
void filter_replaced(const struct filter_source *source, struct filter_span span, const char *word, struct text *out);

/* ------------------------------------------------------------------------------------------------ tokens */

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_STRING,
	TOKEN_CHAR,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_BRACE,
	TOKEN_END_BRACE,
	TOKEN_BRACKET,
	TOKEN_END_BRACKET,
	TOKEN_COMMA,
	TOKEN_HASH,
	TOKEN_DOTS,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_XOR,
	TOKEN_NOT,
	TOKEN_ANY,
	TOKEN_ALL,
	TOKEN_EQ,
	TOKEN_ALL_EQ,
	TOKEN_NE,
	TOKEN_ANY_NE,
	TOKEN_LT,
	TOKEN_LE,
	TOKEN_GT,
	TOKEN_GE,
	TOKEN_CONTAINS,
	TOKEN_MATCHES,
	TOKEN_IN,
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_STAR,
	TOKEN_SLASH,
	TOKEN_PERCENT,
	TOKEN_AMPERSAND
};

struct filter_token {
	enum token_kind kind;
	struct filter_span span;
};

struct filter_lexer {
	const struct filter_source *source;
	uint32_t at; /* behind the token */
	struct filter_token token;
	struct text octets; /* of a TOKEN_STRING or TOKEN_CHAR, decoded */
};

/* The next token into lexer->token; -1 with err. */
int filter_next(struct filter_lexer *lexer);

/* ------------------------------------------------------------------------------------------------ values */

/* What can be compared with what. */
enum filter_type {
	TYPE_LITERAL, /* not known yet: what it is compared with says */
	TYPE_NONE,    /* a field without a value */
	TYPE_NUMBER,
	TYPE_BOOL,
	TYPE_IPV4,
	TYPE_TIME,
	TYPE_DURATION,
	TYPE_IPV6,
	TYPE_MAC,
	TYPE_BYTES,
	TYPE_STRING
};

/* TYPE_NUMBER to TYPE_DURATION are numbers, the later ones octets. */
struct filter_value {
	union {
		__int128 number;
		struct {
			const uint8_t *at;
			uint32_t length;
		};
	};
};

static inline bool type_is_number(enum filter_type type)
{
	return type >= TYPE_NUMBER && type <= TYPE_DURATION;
}

/* Of these two kinds each can be compared within itself. */
static inline bool type_is_count(enum filter_type type)
{
	return type == TYPE_NUMBER || type == TYPE_BOOL;
}

static inline bool type_is_octets(enum filter_type type)
{
	return type == TYPE_BYTES || type == TYPE_MAC;
}

/* A part of a slice, or a range of layers. Negative places count from the end. */
struct filter_range {
	int32_t from, to; /* RANGE_LENGTH: `to` is a length; RANGE_TO: the last one; RANGE_REST: not used */
	enum { RANGE_LENGTH, RANGE_TO, RANGE_REST } kind;
};

/* ------------------------------------------------------------------------------------------------ the tree */

enum node_kind {
	/* conditions */
	NODE_OR,
	NODE_XOR,
	NODE_AND,
	NODE_NOT,
	NODE_TEST,
	NODE_COMPARE,
	NODE_CONTAINS,
	NODE_MATCHES,
	NODE_IN,
	/* operands */
	NODE_WORD,
	NODE_STRING,
	NODE_CHAR,
	NODE_CONSTANT,
	NODE_FIELD,
	NODE_PROTOCOL,
	NODE_SLICE,
	NODE_ARITHMETIC,
	NODE_NEGATE,
	NODE_CALL,
	/* an element of a set: left to right */
	NODE_RANGE
};

enum relation { RELATION_EQ, RELATION_NE, RELATION_LT, RELATION_LE, RELATION_GT, RELATION_GE };

enum filter_function {
	FUNCTION_LEN,
	FUNCTION_COUNT,
	FUNCTION_UPPER,
	FUNCTION_LOWER,
	FUNCTION_STRING,
	FUNCTION_MIN,
	FUNCTION_MAX,
	FUNCTION_ABS,
	FUNCTION_VALS,
	FUNCTION_DEC,
	FUNCTION_HEX,
	FUNCTIONS
};
extern const char *const filter_function_names[FUNCTIONS + 1];

struct filter_node {
	enum node_kind kind;
	enum filter_type type; /* of operands */
	struct filter_span span;
	struct filter_span operator;      /* where it stands, for errors */
	struct filter_node *left, *right; /* NODE_CALL: left is the first argument; NODE_IN: right the first element */
	struct filter_node *next;         /* argument or element */
	struct filter_node *made;         /* all nodes, for releasing them */
	enum relation relation;
	bool all;                  /* every value must, not any */
	enum token_kind operation; /* NODE_ARITHMETIC */
	enum filter_function function;
	const struct field_def *def;
	const struct dissector *dissector;
	struct filter_range *ranges; /* NODE_SLICE: parts; NODE_FIELD, NODE_PROTOCOL: layers */
	unsigned range_count;
	struct filter_value low, high; /* NODE_CONSTANT: a prefix is a range */
	uint8_t *octets;               /* owned: of a string or a constant */
	uint32_t octet_count;
	void *pattern; /* NODE_MATCHES: pcre2_code */
};

struct filter_tree {
	struct filter_source source;
	struct filter_node *root; /* NULL: every packet passes */
	struct filter_node *nodes;
	unsigned node_count;
};

struct filter_node *filter_node(struct filter_tree *tree, enum node_kind kind, struct filter_span span);
void filter_tree_release(struct filter_tree *tree);

/* Text to tree; -1 with err. */
int filter_parse(struct filter_tree *tree);
/* Finds the names, gives literals the type of what they are compared with; -1 with err. */
int filter_check(struct filter_tree *tree);
/* One operand: its names and its own type; TYPE_LITERAL where only the other side can tell. */
int filter_check_operand(struct filter_tree *tree, struct filter_node *node);
/*
 * Literals in the operand become constants of the type. `like`: the operand they are compared with, whose value names
 * and name errors speak of.
 */
int filter_literal(struct filter_tree *tree, struct filter_node *node, enum filter_type type,
		   const struct filter_node *like);
/* The same for FIELD_TIME: ns since 1970 of a date and time, or -1. */
int filter_time(const char *text, size_t length, int64_t *time);
#define FILTER_NAME 128 /* octets of the longest name that is looked up */

/* The operand as it was written, for sentences; cut where it is long. */
const char *filter_written(const struct filter_tree *tree, const struct filter_node *node, char text[FILTER_NAME]);
/* Refuses a value, or a name that nobody has, where only a field makes sense. */
int filter_not_a_field(const struct filter_tree *tree, const struct filter_node *node);
/* What kind of thing it is, with its article, and how one is written. */
const char *filter_type_name(enum filter_type type);
const char *filter_type_example(enum filter_type type);
/* The span of the expression, without the octets a terminal must not get. */
void filter_span_text(const struct filter_source *source, struct filter_span span, struct text *out);

/* ------------------------------------------------------------------------------------------------ the program */

enum step_op {
	/* fill the register `out` */
	STEP_READ,
	STEP_OCTETS,
	STEP_CONSTANT,
	STEP_SLICE,
	STEP_ARITHMETIC,
	STEP_NEGATE,
	STEP_CALL,
	/* tests: go to `yes` or `no` */
	STEP_EXISTS,
	STEP_LAYER,
	STEP_WITHIN,
	STEP_AMONG,
	STEP_COMPARE,
	STEP_CONTAINS,
	STEP_MATCHES,
	STEP_IN,
	STEP_TRUE,
	STEP_ANYTHING,
	/* for xor */
	STEP_KEEP,
	STEP_KEPT
};

#define STEP_PASS UINT16_MAX
#define STEP_FAIL (UINT16_MAX - 1)

/* Places of numbers in the order of uint64_t. */
struct filter_interval {
	uint64_t from, span;
};

struct filter_step {
	uint8_t op;
	bool all;
	bool negate;
	uint8_t type;
	uint8_t relation;
	uint16_t out, a, b; /* registers; STEP_KEEP, STEP_KEPT: a is the flag */
	uint16_t yes, no;
	const struct dissector *dissector;   /* of a field or layer */
	const struct field_def *def, *other; /* the rows that are read; the same twice when it is one */
	uint64_t bias;                       /* makes signed numbers sort as unsigned ones */
	struct filter_interval within;       /* STEP_WITHIN */
	struct filter_interval *among;       /* STEP_AMONG: sorted, apart; owned */
	unsigned among_count;
	const struct filter_node *node;
	const struct filter_node *constant; /* STEP_COMPARE: instead of the register b */
};

/* The values of an operand. */
struct filter_list {
	struct filter_value *values;
	unsigned count, size;
};

/* Octets that were made; they live until the next comparison. */
struct filter_room {
	struct filter_chunk *chunks;
	uint32_t total;
};

struct filter {
	struct filter_tree tree;
	char *expression;
	struct filter_step *steps;
	unsigned step_count;
	struct filter_list *registers;
	unsigned register_count, flag_count;
	bool *flags;
	struct filter_room room;
	void *match_data, *match_context;
};

/* What a field of numbers is compared with becomes step->within or step->among. */
void filter_set_within(struct filter_step *step, const struct field_def *def, enum relation relation,
		       const struct filter_node *constant);
void filter_set_among(struct filter_step *step, const struct field_def *def, const struct filter_node *set);
int filter_generate(struct filter *filter);
void filter_steps_release(struct filter *filter);

/* Tests over registers. */
bool filter_compare(const struct filter *filter, const struct filter_step *step);
bool filter_contains(const struct filter *filter, const struct filter_step *step);
bool filter_matches(const struct filter *filter, const struct filter_step *step);
bool filter_in(const struct filter *filter, const struct filter_step *step);
bool filter_true(const struct filter *filter, const struct filter_step *step);

void filter_add(struct filter_list *list, struct filter_value value);
uint8_t *filter_room_take(struct filter_room *room, uint32_t length);
void filter_room_clear(struct filter_room *room);
void filter_room_release(struct filter_room *room);
/* Values of a field, octets of a protocol, into the list. */
void filter_read(struct filter *filter, const struct filter_step *step, const struct packet *packet,
		 struct filter_list *list);
void filter_read_octets(const struct filter_step *step, const struct packet *packet, struct filter_list *list);
bool filter_layer_there(const struct filter_node *node, const struct dissector *dissector, const struct packet *packet);
void filter_slice(struct filter *filter, const struct filter_step *step);
void filter_arithmetic(struct filter *filter, const struct filter_step *step);
void filter_negate(struct filter *filter, const struct filter_step *step);
void filter_call(struct filter *filter, const struct filter_step *step);
/* 5 < x is x > 5. */
enum relation filter_mirrored(enum relation relation);
int filter_order(enum filter_type type, const struct filter_value *a, const struct filter_value *b);
/* The pattern of a `matches`; -1 with err. */
int filter_pattern(struct filter_tree *tree, struct filter_node *node);
bool filter_pattern_found(const struct filter *filter, const struct filter_node *node,
			  const struct filter_value *value);
void filter_pattern_prepare(struct filter *filter);
void filter_pattern_release(struct filter *filter);
void filter_pattern_free(void *pattern);
