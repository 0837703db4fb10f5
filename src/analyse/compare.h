/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two captures of the same exercise compared by what the programs said: conversations, and in them messages of the
 * application, openings and ends of connections, and refusals. Addresses, ephemeral ports, times, checksums, numbers
 * that hosts make up, segments and acknowledgements, what was sent again and the text of dates do not count, unless the
 * rules say so. docs/compare.md is the reference for users.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/track.h"
#include "base/error.h"
#include "base/text.h"

/* ------------------------------------------------------------------------------------------------ rules */

struct compare_rules;

struct compare_rules *compare_rules_new(void);
void compare_rules_free(struct compare_rules *rules);

/*
 * A field that counts besides (of any layer of the packet that brought a message), a protocol whose packets count
 * (arp, igmp, icmpv6), or "order": what the two sides said counts in the order of the packets, not each side's alone.
 * -1 with err for a name that is none of these.
 */
int compare_strict(struct compare_rules *rules, const char *name, struct error *err);
/* A field that does not count (a port: the server's), or a protocol whose messages do not. */
int compare_ignore(struct compare_rules *rules, const char *name, struct error *err);

/* ------------------------------------------------------------------------------------------------ a capture */

#define TRANSCRIPT_MESSAGES_MAX 262144
#define TRANSCRIPT_CONVERSATIONS_MAX 65536
#define TRANSCRIPT_OCTETS_MAX (128u << 20) /* of values and words that are kept */
#define TRANSCRIPT_VALUE_MAX 65536         /* octets of one value that are kept; the rest counts by a digest */

struct transcript;

/* The rules are borrowed. */
struct transcript *transcript_new(const struct compare_rules *rules);
void transcript_free(struct transcript *transcript);
/*
 * A packet with all its fields (protocols_want_all) that has gone through a track with TRACK_ALL; flows: the track's.
 * -1 with err: the capture has more than is compared.
 */
int transcript_packet(struct transcript *transcript, const struct packet *packet, const struct tracked *tracked,
		      struct flows *flows, struct error *err);
/* No packet will come any more; before it is compared. */
int transcript_finish(struct transcript *transcript, struct error *err);

/* ------------------------------------------------------------------------------------------------ differences */

#define COMPARE_PAIRS_MAX (1u << 18)  /* conversations of one kind, each weighed against each; more: in order */
#define COMPARE_EDITS_MAX 1024        /* differences looked for in what one side said; more: in order */
#define COMPARE_DIFFERENCES_MAX 65536 /* that are told; the rest is counted */

enum compare_change { COMPARE_MISSING, COMPARE_EXTRA, COMPARE_CHANGED, COMPARE_MOVED, COMPARE_CHANGES };
extern const char *const compare_change_names[]; /* "missing", "extra", "changed", "moved" */

/* A difference. Strings are the comparison's, and escaped; NULL: does not apply. */
struct difference {
	enum compare_change change;
	uint32_t conversation;      /* of comparison.conversations */
	uint64_t golden, student;   /* packets; 0: none */
	const char *from, *to;      /* "client 1", "server" */
	const char *message;        /* "date reply"; NULL: the whole conversation */
	const char *words;          /* missing, extra: what it says */
	const char *field, *before, *after; /* changed: of the model, of the other; NULL: has none */
	uint64_t place;             /* by which the differences of a conversation are in order */
};

struct compared_conversation {
	const char *transport, *application; /* names of protocols; application NULL: none was known */
	bool has_port;
	uint16_t port;              /* the server's; of the model where it has the conversation */
	bool in_golden, in_student;
	uint32_t same;              /* messages that are the same in both */
	uint32_t first, count;      /* its differences */
	bool in_order;              /* too many differences: each message was compared with the one at the same place */
};

struct comparison {
	struct compared_conversation *conversations;
	uint32_t conversation_count;
	struct difference *differences;
	uint32_t count;
	uint64_t changes[COMPARE_CHANGES];
	uint64_t same;              /* messages that are */
	bool in_order;              /* too many conversations: they were matched in order */
	struct strings *strings;    /* its own */
};

/* Both are finished. */
void compare(const struct transcript *golden, const struct transcript *student, const struct compare_rules *rules,
	     struct comparison *comparison);
void comparison_release(struct comparison *comparison);
