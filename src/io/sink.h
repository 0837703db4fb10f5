/* SPDX-License-Identifier: BSD-2-Clause */
/* Where captured frames are saved. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "io/source.h"

enum sink_format { SINK_PCAPNG, SINK_PCAP };

struct sink_options {
	enum sink_format format;
	bool nanoseconds;       /* pcap: the nanosecond magic */
	bool unbuffered;        /* -U: each packet is in the file when sink_write returns */
	const char *comment;    /* pcapng section comment; NULL: none */
	const char *application; /* shb_userappl */
	const char *capture_filter; /* kept in the interface description; NULL: none */
	/* Rotation; 0 or NULL: off. */
	uint64_t rotate_bytes;  /* -C */
	uint32_t rotate_seconds; /* -G, by the wall clock */
	uint32_t rotate_files;  /* -W: with -C a ring of files; with -G alone stop after that many */
	int directory;          /* where relative paths start after privileges are gone; AT_FDCWD */
};

struct sink;

/*
 * Opens path ("-": standard output). The interfaces of `source` are described as they appear; a pcapng source is copied
 * block by block when the output is pcapng, with what is not understood kept as it is.
 */
struct sink *sink_open(const char *path, struct source *source, const struct sink_options *options, struct error *err);

/*
 * Saves a frame (or, from SOURCE_BLOCK, a block). -1 with err: the disk is full, the pipe is gone, ...; the file is
 * then whole up to its last packet.
 */
int sink_write(struct sink *sink, const struct frame *frame, struct error *err);

/* Rotation by the wall clock, with nothing arriving. now: ns since 1970. 1: the last file of -W is full, stop. */
int sink_tick(struct sink *sink, int64_t now, struct error *err);
/* When sink_tick wants to be called next: ns since 1970, or INT64_MAX. */
int64_t sink_deadline(const struct sink *sink);

uint64_t sink_bytes(const struct sink *sink);   /* in all files so far, buffered ones too */
uint64_t sink_packets(const struct sink *sink);
/* Packets whose processes the format has no room for. */
uint64_t sink_processes_lost(const struct sink *sink);
int sink_flush(struct sink *sink, struct error *err);
/* Writes the interface statistics (pcapng), flushes, closes and frees, also when it fails. NULL is allowed. */
int sink_close(struct sink *sink, struct error *err);
