/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a sink among themselves: formats, file names, the file at hand. For the files of src/io only. */
#pragma once

#include "base/text.h"
#include "io/output.h"
#include "io/sink.h"

/* An interface as the sink knows it. */
struct sink_interface {
	const struct interface *interface; /* NULL: only its link type is known */
	uint16_t link;
	bool nanoseconds;
	uint32_t index;        /* in the file at hand; NOT_DESCRIBED */
	uint64_t packets;      /* saved, in all files */
};
#define NOT_DESCRIBED UINT32_MAX

/* A file format. Each file gets begin, then packets and blocks, then finish. -1 with err: the output has failed. */
struct sink_format_ops {
	/* frame: what will be saved first; NULL: nothing is at hand. */
	int (*begin)(struct sink *sink, const struct frame *frame, struct error *err);
	int (*packet)(struct sink *sink, const struct frame *frame, struct error *err);
	/* NULL: the format has room for packets only. */
	int (*block)(struct sink *sink, const struct frame *frame, struct error *err);
	/* NULL: nothing follows the last packet. */
	int (*finish)(struct sink *sink, struct error *err);
};
extern const struct sink_format_ops sink_pcap_ops, sink_pcapng_ops;

struct sink {
	const struct sink_format_ops *ops;
	struct source *source;
	struct sink_options options;
	char *path, *comment, *application, *capture_filter; /* own copies */
	struct output output;
	bool live;             /* the source captures: files begin at once and end with statistics */
	bool begun;            /* the file at hand has its header */
	bool stopped;          /* the last file of -W is full */

	/* Rotation. Times are ns since 1970. */
	int64_t started, now, deadline, period;
	char *base;            /* name of the period's files, before a number */
	uint32_t number;       /* of the file within the period */
	uint32_t periods;      /* that are over */
	uint64_t past_octets, past_packets; /* in the files before */

	/* pcap */
	uint64_t owned;        /* packets whose processes there was no room for */
	uint16_t link;
	bool nanoseconds;      /* the file's magic says so */

	/* pcapng */
	struct sink_interface *interfaces;
	uint32_t interface_count, interface_room;
	uint32_t *by_id;       /* index in interfaces for an id of the source; NOT_DESCRIBED */
	uint32_t by_id_count;
	uint32_t last;         /* index in interfaces, used last */
	uint32_t file_interfaces; /* described in the file at hand */
	bool copying;          /* blocks come from a pcapng file and go on as they are */
	struct owner_writer *owners; /* NULL: no packet had any yet */
	struct text section;   /* copying into several files: the section header and interfaces so far */
};

/* Ends and closes the file at hand. */
int sink_finish_file(struct sink *sink, struct error *err);

/* ------------------------------------------------------------------------------------------- rotation */

/* Opens the first file, and the clock of -G. */
int rotate_open(struct sink *sink, struct error *err);
/* -C: the file at hand is full, the next one is opened. */
int rotate_by_size(struct sink *sink, struct error *err);
/* -G: 1: no more files are wanted. */
int rotate_by_time(struct sink *sink, struct error *err);
/* True when more than one file may be written. */
bool rotate_wanted(const struct sink *sink);

/* ------------------------------------------------------------------------------------------- pcapng */

/* The interface that a frame came through, new ones described in the file at hand. NULL: the output has failed. */
struct sink_interface *sink_interface(struct sink *sink, const struct frame *frame, struct error *err);
/* A new file: the interfaces that the source has are described in it. */
int sink_describe_again(struct sink *sink, struct error *err);
void sink_interfaces_release(struct sink *sink);

/* Blocks of our own. */
int sink_write_section(struct sink *sink, struct error *err);
int sink_write_statistics(struct sink *sink, struct error *err);
