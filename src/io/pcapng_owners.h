/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose a packet is, in the options of its pcapng block: epb_processid_threadid, and comments in the form of ptcpdump
 * with lines of ours behind:
 *
 *    PID: 4242                     always first
 *    Cmd: /usr/bin/python3         the executable
 *    Args: python3 client.py h     the command line; cut, it ends in "..."
 *    ThreadId: 4242
 *    ParentPID: 4000
 *    UserId: 1000
 *    UserName: student             from here on nobody else's
 *    Name: python3                 /proc/PID/comm
 *    End: source                   or destination
 *    Certainty: exact              or port, remembered
 *    More: yes                     there may be more processes
 *
 * What is not known has no line, but for Cmd and Args, which are then empty. One comment a process. Where End stands,
 * values are escaped as text_escaped() does it.
 */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "io/pcapng.h"
#include "packet/frame.h"

#define OWNER_ARGUMENTS_MOST 1024 /* octets of a command line that are written */
#define OWNER_TEXT_MOST 4096      /* octets of any other string */

/* ------------------------------------------------------------------------------------------------ writing */

struct owner_writer;

struct owner_writer *owner_writer_new(void);
void owner_writer_free(struct owner_writer *writer);

/*
 * The options, in this machine's byte order and without an end, for the owners of the frame; empty when no process is
 * known. They are made once for two owners that come together, and stay there until the next call.
 */
const struct text *owner_writer_options(struct owner_writer *writer, const struct frame *frame);

/* ------------------------------------------------------------------------------------------------ reading */

#define OWNERS_KEPT_MOST (64u << 20) /* octets of what a file tells of processes; later ones are not known */

struct owner_reader;

struct owner_reader *owner_reader_new(void);
void owner_reader_free(struct owner_reader *reader);

/*
 * Sets the frame's owners from its options, which are whole. They live as long as the reader, and are the same for
 * the same words. Nothing is taken for certain but what says so: other programs' processes are OWNER_PORT. Where no
 * end is told, the packet's direction says which, and else it is the source.
 */
void owner_reader_read(struct owner_reader *reader, struct frame *frame);

/* Whether the option may tell of a process. */
static inline bool pcapng_tells_owner(const struct frame_option *option)
{
	if (option->code == OPTION_COMMENT)
		return option->length > 5 && !memcmp(option->value, "PID: ", 5);
	return option->code == PACKET_PROCESS && option->length == 8;
}
