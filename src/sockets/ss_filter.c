/* SPDX-License-Identifier: BSD-2-Clause */
/* The grammar of ss(8)'s filters, by recursive descent; what is read is written again in the other language. */
#include <string.h>

#include "sockets/socket.h"
#include "sockets/ss_filter_parts.h"

/* ------------------------------------------------------------------------------------------------ states */

#define ALL (SOCKET_STATE(SOCKET_STATES) - 2)
#define BUCKET (SOCKET_STATE(SOCKET_TIME_WAIT) | SOCKET_STATE(SOCKET_SYN_RECV) | SOCKET_STATE(SOCKET_NEW_SYN_RECV))
#define CONNECTED (ALL & ~(SOCKET_STATE(SOCKET_LISTEN) | SOCKET_STATE(SOCKET_CLOSE)))

static const char *const state_words[] = {
	"established", "syn-sent", "syn-recv",    "fin-wait-1",  "fin-wait-2", "time-wait", "closed",
	"close-wait",  "last-ack", "listening",   "closing",     "all",        "connected", "synchronized",
	"bucket",      "big",      "unconnected", "established", "listen",     NULL,
};

static const unsigned state_masks[] = {
	SOCKET_STATE(SOCKET_ESTABLISHED),
	SOCKET_STATE(SOCKET_SYN_SENT),
	SOCKET_STATE(SOCKET_SYN_RECV),
	SOCKET_STATE(SOCKET_FIN_WAIT1),
	SOCKET_STATE(SOCKET_FIN_WAIT2),
	SOCKET_STATE(SOCKET_TIME_WAIT),
	SOCKET_STATE(SOCKET_CLOSE),
	SOCKET_STATE(SOCKET_CLOSE_WAIT),
	SOCKET_STATE(SOCKET_LAST_ACK),
	SOCKET_STATE(SOCKET_LISTEN),
	SOCKET_STATE(SOCKET_CLOSING),
	ALL,
	CONNECTED,
	CONNECTED & ~SOCKET_STATE(SOCKET_SYN_SENT),
	BUCKET,
	ALL & ~BUCKET,
	SOCKET_STATE(SOCKET_CLOSE),
	SOCKET_STATE(SOCKET_ESTABLISHED),
	SOCKET_STATE(SOCKET_LISTEN),
};

/* The token is the word state or exclude. */
static int read_state(struct ss_parser *p, unsigned *states, bool *any)
{
	bool excludes = !ss_is(p, "state");
	int place;

	ss_next(p);
	place = ss_among(p, state_words);
	if (place < 0)
		return ss_refuse_word(p, "a state", state_words);
	if (excludes)
		*states = (*any ? *states : ALL) & ~state_masks[place];
	else
		*states = (*any ? *states : 0) | state_masks[place];
	*any = true;
	ss_next(p);
	return 0;
}

static void write_states(const struct ss_parser *p, unsigned states)
{
	const char *between = "";

	if (!states) {
		text_string(p->out, "(not socket)");
		return;
	}
	text_string(p->out, "state in {");
	for (unsigned i = 1; i < SOCKET_NEW_SYN_RECV; i++) {
		if (!(states & SOCKET_STATE(i)))
			continue;
		text_format(p->out, "%s%u", between, i);
		between = ", ";
	}
	text_char(p->out, '}');
}

/* Those that stand beside each other are one set. */
static int states(struct ss_parser *p)
{
	unsigned states = 0;
	bool any = false;

	while (ss_is(p, "state") || ss_is(p, "exclude") || ss_is(p, "excl"))
		if (read_state(p, &states, &any) < 0)
			return -1;
	write_states(p, states);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ conditions */

static const char *const predicates[] = { "state", "exclude", "excl",   "src",    "dst",       "sport",
					  "dport", "dev",     "fwmark", "cgroup", "autobound", NULL };

static const char *const signs[] = { "=",  "==",  "eq", "!=", "ne", "neq", "<",   "lt", "<=",
				     "le", "leq", ">",  "gt", ">=", "ge",  "geq", NULL };
static const enum ss_relation relations[] = { SS_EQ, SS_EQ, SS_EQ, SS_NE, SS_NE, SS_NE, SS_LT, SS_LT,
					      SS_LE, SS_LE, SS_LE, SS_GT, SS_GT, SS_GE, SS_GE, SS_GE };

/* A sign may be left out: dst 10.0.0.1. */
static enum ss_relation relation(struct ss_parser *p)
{
	int place = ss_among(p, signs);

	if (place < 0)
		return SS_EQ;
	ss_next(p);
	return relations[place];
}

static int predicate(struct ss_parser *p)
{
	int place = p->token == SS_WORD ? ss_among(p, predicates) : -1;

	if (place < 0)
		return ss_refuse_word(p, "a condition (state, src, dst, sport, dport, dev, fwmark, cgroup, autobound)",
				      predicates);
	if (place <= 2)
		return states(p);
	ss_next(p);
	switch (place) {
	case 3:
	case 4:
		return ss_host(p, place == 3, relation(p));
	case 5:
	case 6:
		return ss_port(p, predicates[place], relation(p));
	case 7:
		return ss_device(p, relation(p));
	case 8:
		return ss_mark(p, relation(p));
	case 9:
		return ss_cgroup(p, relation(p));
	default:
		return ss_autobound(p);
	}
}

static int disjunction(struct ss_parser *p);

static int negation(struct ss_parser *p)
{
	int status;

	if (++p->depth > SS_FILTER_DEPTH)
		return ss_refuse(p, "the filter is nested too deeply: more than %d levels", SS_FILTER_DEPTH);
	if (p->token == SS_NOT || ss_is(p, "not")) {
		ss_next(p);
		text_string(p->out, "not (");
		status = negation(p);
		text_char(p->out, ')');
	} else if (p->token == SS_OPEN) {
		ss_next(p);
		text_char(p->out, '(');
		status = disjunction(p);
		if (status == 0 && p->token != SS_CLOSE)
			return ss_refuse(p, "a ) is missing here");
		text_char(p->out, ')');
		ss_next(p);
	} else {
		status = predicate(p);
	}
	p->depth--;
	return status;
}

static bool is_or(const struct ss_parser *p)
{
	return ss_is(p, "or") || ss_is(p, "|") || ss_is(p, "||");
}

static bool is_and(const struct ss_parser *p)
{
	return ss_is(p, "and") || ss_is(p, "&") || ss_is(p, "&&");
}

static int conjunction(struct ss_parser *p)
{
	if (negation(p) < 0)
		return -1;
	while (p->token != SS_END && p->token != SS_CLOSE && !is_or(p)) {
		if (is_and(p))
			ss_next(p);
		text_string(p->out, " and ");
		if (negation(p) < 0)
			return -1;
	}
	return 0;
}

static int disjunction(struct ss_parser *p)
{
	if (conjunction(p) < 0)
		return -1;
	while (is_or(p)) {
		ss_next(p);
		text_string(p->out, " or ");
		if (conjunction(p) < 0)
			return -1;
	}
	return 0;
}

/* What the states at the beginning say goes for all that follows, whatever is in it. */
static int whole(struct ss_parser *p)
{
	bool begins = ss_is(p, "state") || ss_is(p, "exclude") || ss_is(p, "excl");
	int status;

	if (!begins)
		return disjunction(p);
	status = states(p);
	if (status < 0 || p->token == SS_END)
		return status;
	if (is_or(p)) {
		ss_next(p);
		text_string(p->out, " or ");
		return disjunction(p);
	}
	if (is_and(p))
		ss_next(p);
	text_string(p->out, " and (");
	status = disjunction(p);
	text_char(p->out, ')');
	return status;
}

int ss_filter_translate(const char *expression, struct text *out, struct error *err)
{
	struct ss_parser p = { .expression = expression, .out = out, .err = err };

	if (strlen(expression) > SS_FILTER_MOST)
		return error_set(err, "the filter has %zu octets; %d are the most", strlen(expression), SS_FILTER_MOST);
	ss_next(&p);
	if (whole(&p) < 0)
		return -1;
	return p.token == SS_END ? 0 : ss_refuse(&p, "nothing is open that this could close");
}

bool ss_filter_is(const char *expression)
{
	static const char *const words[] = { "src", "dst", "exclude", "excl", "autobound", "fwmark", NULL };
	struct ss_parser p = { .expression = expression };
	bool after_state = false;

	for (ss_next(&p); p.token != SS_END; ss_next(&p)) {
		if (ss_is(&p, "=") || ss_among(&p, words) >= 0 || (after_state && p.token == SS_WORD) ||
		    (p.token == SS_WORD && expression[p.begin] == ':'))
			return true;
		after_state = ss_is(&p, "state") || ss_is(&p, "dev") || ss_is(&p, "sport") || ss_is(&p, "dport");
	}
	return false;
}
