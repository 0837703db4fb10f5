/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a merge among themselves. For the files of src/io only. */
#pragma once

#include "base/text.h"
#include "io/merge.h"
#include "io/pcapng_carry.h"

enum merge_state { MERGE_EMPTY, MERGE_HELD, MERGE_ENDED };

/* pcapng files give blocks; for pcap files a section (append only) and an interface are made. */
enum merge_stage { MERGE_FRESH, MERGE_BLOCKS, MERGE_SECTION, MERGE_INTERFACE };

/* One of the files. */
struct merge_slot {
	struct source *source;
	char *name;
	enum merge_state state;
	struct frame frame;       /* held */
	enum merge_stage stage;
	bool swapped;             /* the section at hand */
	struct text described;    /* the interface blocks of the section, as they were read */
	uint32_t described_at;    /* octets of them that stand in the output's section */
	uint32_t *numbers;        /* what its interfaces are called in the output */
	uint32_t count, room;
};

struct merge {
	struct source head;
	struct merge_slot *slots;
	size_t count;
	bool append;
	bool begun;               /* the first section header was given */
	bool ordered, swapped;    /* the byte order of the output is chosen; as against this machine */
	size_t current;           /* append: the slot whose turn it is */
	struct text header;       /* options for the next section header, in the order of the output */
	char *origins[3];         /* hardware, system, application, of who said it first */
	struct text out;          /* what is handed out */
	uint32_t next_number;     /* of an interface in the section */
	uint32_t described;       /* interfaces in all sections */
	struct merge_notes notes;
	bool failed;
	struct error failure;     /* of the first source that broke off */
};

/* ------------------------------------------------------------------------------------------- merge_section.c */

/* One more in the output: -1 with err when readers would not take so many. */
int merge_count_interface(struct merge *merge, const struct merge_slot *slot, struct error *err);
/* The options of a section header go into merge->header. */
int merge_collect(struct merge *merge, const struct merge_slot *slot, const struct frame *frame, struct error *err);
/* A section header with merge->header, into merge->out; the interfaces of all slots are to be described then. */
void merge_put_section(struct merge *merge);
/* An interface of the slot's section: kept, numbered, and put into merge->out. */
int merge_add_interface(struct merge *merge, struct merge_slot *slot, const struct frame *frame, struct error *err);
/* The one interface that a pcap file has, kept for merge_describe_next. */
void merge_make_interface(struct merge_slot *slot);
/* The slot's next interface that the section at hand does not describe yet: 1; 0: all are; -1 with err. */
int merge_describe_next(struct merge *merge, struct merge_slot *slot, struct error *err);
/* A packet of a pcap file as a block in merge->out. */
void merge_put_packet(struct merge *merge, const struct frame *frame, uint32_t number, bool nanoseconds);
/* A block of the slot's section into merge->out, as the output's section wants it. */
int merge_put_block(struct merge *merge, const struct merge_slot *slot, const struct frame *frame, struct error *err);
