/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes what a frame or a block of a pcapng file says, and leaves everything else in it as it stands: options that
 * are not known, their order, the byte order, the padding.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/frame.h"

/* Zero: nothing changes. */
struct pcapng_changes {
	int64_t shift;         /* ns, added to every time: of packets, of statistics */
	bool delete_comments;  /* of whatever the block describes, before new ones are added */
	uint32_t snap;         /* packets are cut behind so many octets; 0: they are not */
	const char *const *comments; /* added to a packet, behind those that it has; other blocks get none */
	size_t comment_count;
};

/* Knows the interfaces of the section at hand: time stamps are in their resolution. */
struct pcapng_editor;

struct pcapng_editor *pcapng_editor_new(void);
void pcapng_editor_free(struct pcapng_editor *editor);

/*
 * To be called for all blocks of a file, in order; frames of pcap files (without a block) are changed likewise, their
 * comments becoming options in this machine's byte order. The frame then describes the changed packet or block, whose
 * octets live until the next call. Returns -1 with err, and the frame as it was, when it cannot be done: a time before
 * or beyond what its interface can say, a comment above 65535 octets, a block above what readers take, a comment on a
 * Simple Packet Block (it has no room for options).
 *
 * Time stamps of Simple Packet Blocks do not exist; those of statistics that are 0 mean "not known" and stay. --snap
 * also lowers the limit that interfaces tell, because Simple Packet Blocks are as long as that.
 */
int pcapng_edit(struct pcapng_editor *editor, struct frame *frame, const struct pcapng_changes *changes,
		struct error *err);
