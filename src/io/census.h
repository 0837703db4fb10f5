/* SPDX-License-Identifier: BSD-2-Clause */
/* What a capture holds, counted as it goes by: packets and everything else that a pcapng file has. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/frame.h"

#define CENSUS_COMMENTS 10u /* whose text is kept */
#define CENSUS_PROCESSES 16u /* that are named; of more is said that there are more */
#define CENSUS_KINDS 32u    /* link types, and kinds of blocks, told apart; later ones are counted together */

enum census_place { CENSUS_SECTION, CENSUS_INTERFACE, CENSUS_PACKET, CENSUS_ELSEWHERE, CENSUS_PLACES };

struct census_comment {
	enum census_place place;
	uint64_t number; /* of the section and the packet from 1, of the interface from 0 */
	char *text;
};

struct census_interface {
	uint64_t packets;
	uint32_t statistics;   /* blocks of them */
	bool told;             /* its name, or more than its name, is known */
	uint8_t resolution;    /* if_tsresol as it stands: 10^-n s, or 2^-n s with the top bit set */
};

struct census_process {
	uint32_t pid;
	char *name;      /* NULL: not known */
};

struct census_kind {
	uint32_t kind;
	uint64_t count;
};

struct census_kinds {
	struct census_kind list[CENSUS_KINDS];
	unsigned count;
	uint64_t more;         /* of kinds that the list has no room for */
};

struct census {
	uint64_t packets, captured, wire; /* octets, in the file and on the network */
	uint64_t shortest, longest;       /* on the network */
	uint64_t cut;                     /* packets of which the file has less than there was */
	uint64_t timeless;                /* packets without a time */
	uint64_t with_options;            /* packets about which a pcapng file says more */
	uint64_t owned;                   /* packets of which a process is told */
	struct census_process processes[CENSUS_PROCESSES];
	unsigned process_count;
	bool more_processes;
	int64_t first_time, last_time;    /* the earliest and the latest; with packets - timeless of 0: none */
	uint64_t backwards, backwards_at; /* packets older than the one before; the number of the first of them */
	struct census_kinds links;

	uint64_t sections;                /* 0: not pcapng */
	bool swapped;                     /* the first one has another byte order than this machine's */
	bool orders_differ;
	char *hardware, *system, *application; /* of the first section that says so; may be NULL */
	struct census_interface *interfaces;   /* of all sections, as the source's; pcapng only */
	uint32_t interface_count, interface_room;
	uint64_t comments[CENSUS_PLACES];
	struct census_comment first_comments[CENSUS_COMMENTS];
	unsigned kept_comments;
	uint64_t names, secrets, statistics, custom; /* names of hosts; blocks of the others */
	struct census_kinds others;       /* blocks of kinds that are not known */

	int64_t previous;                 /* time */
	uint32_t section_interfaces;      /* index of the section's first */
};

/* Zero-initialise it. All frames and blocks of a source go through here. */
void census_take(struct census *census, const struct frame *frame);
uint64_t census_comments(const struct census *census); /* all of them */
void census_release(struct census *census);
