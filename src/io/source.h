/* SPDX-License-Identifier: BSD-2-Clause */
/* Where frames come from. One contract for files, live capture and lists in memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/frame.h"

enum source_answer {
	SOURCE_ERROR = -1, /* err is filled: a live source is over; what a file held before the error was delivered */
	SOURCE_END = 0,    /* nothing more will come */
	SOURCE_FRAME = 1,
	SOURCE_BLOCK = 2,  /* not a packet: frame.data is NULL, frame.block any other pcapng block */
	SOURCE_AGAIN = 3   /* nothing now: wait for source_fd(), or for the time to pass */
};

/* What the capture machinery counts; a counter that the kernel or the file does not give is COUNTER_UNKNOWN. */
#define COUNTER_UNKNOWN UINT64_MAX
struct source_counters {
	uint64_t received;       /* packets that the filter took, delivered or dropped */
	uint64_t dropped;        /* of those, lost because the ring or buffer was full */
	uint64_t interface_dropped; /* lost before the filter, by the interface */
};

struct source;

/* A source's type: const, one a file. Members that may be NULL say so. */
struct source_ops {
	const char *name;
	/* Never blocks, except for reading a regular file or a pipe. */
	enum source_answer (*next)(struct source *source, struct frame *frame, struct error *err);
	/* Becomes readable when next() may have something; -1: poll by time. NULL: next() never says AGAIN. */
	int (*fd)(const struct source *source);
	/* Take in nothing more from the kernel; next() then gives what is already held, and SOURCE_END. NULL: files. */
	void (*stop)(struct source *source);
	/* Counters of one interface, accumulated since the start. NULL: none are known. */
	void (*counters)(struct source *source, uint32_t interface, struct source_counters *out);
	void (*close)(struct source *source);
};

/* The common head of every source; a type's own struct begins with it. */
struct source {
	const struct source_ops *ops;
	struct interface **interfaces; /* grows while a pcapng file is read; pointers stay valid until source_close */
	uint32_t interface_count;
	bool borrows_interfaces;       /* they belong to another source */
	uint64_t frames;               /* frames delivered so far; the number of the last one */
	bool want_blocks;              /* set by who copies pcapng to pcapng: SOURCE_BLOCK is delivered */
	bool nanoseconds;              /* times are finer than a microsecond */
	bool from_file;                /* reads a file or memory: nothing is lost, there are no counters of our own */
	uint64_t device, inode;        /* of the file that is read, so that nobody writes over it; 0: none */
};

static inline enum source_answer source_next(struct source *source, struct frame *frame, struct error *err)
{
	return source->ops->next(source, frame, err);
}

/* For files: the next frame, blocks left out. 1; 0 at the end; -1 with err. */
int source_next_frame(struct source *source, struct frame *frame, struct error *err);
int source_fd(const struct source *source);
void source_stop(struct source *source);
void source_counters(struct source *source, uint32_t interface, struct source_counters *out);
/* Summed up over all interfaces; what none of them knows is unknown. */
void source_counters_all(struct source *source, struct source_counters *out);
/* NULL is allowed. */
void source_close(struct source *source);

/* For source types: adds an interface (all members zero but id), owned by the source. */
struct interface *source_add_interface(struct source *source);

/* ------------------------------------------------------------------------------------------------ openers */

struct source_file_options {
	bool follow;        /* at the end of the file, wait for more (SOURCE_AGAIN) instead of ending */
};

/*
 * A capture file: pcap or pcapng, plain, gzip or zstd; "-" is standard input. NULL with err for what is no capture.
 */
struct source *source_file_open(const char *path, const struct source_file_options *options, struct error *err);

/* The same from memory that the caller keeps: for tests and fuzzing. */
struct source *source_memory_open(const uint8_t *data, size_t length, struct error *err);

/* Frames that the caller keeps, delivered in order with number, interface and times as they are. */
struct source *source_list_open(const struct frame *frames, size_t count);

enum capture_direction { CAPTURE_INOUT, CAPTURE_IN, CAPTURE_OUT };

struct source_live_options {
	const char *filter;           /* pcap-filter(7); NULL or "": everything */
	uint32_t snaplen;             /* 0: the longest there is (262144) */
	uint32_t buffer_bytes;        /* kernel buffer for each interface; 0: the default */
	bool no_promiscuous;
	enum capture_direction direction;
	bool both;                    /* with CAPTURE_INOUT: loopback's packets twice, as they leave and come in */
	uint32_t wait_ms;             /* how long the kernel may hold a packet back; 0: the default */
};

/*
 * Live capture on one interface ("any": all of them), armed when the call returns: a packet sent after it is seen.
 * source_ring_open: our own AF_PACKET TPACKET_V3 engine; source_live_open: libpcap. Both need CAP_NET_RAW.
 */
struct source *source_ring_open(const char *interface, const struct source_live_options *options, struct error *err);
struct source *source_live_open(const char *interface, const struct source_live_options *options, struct error *err);

/*
 * The same, each packet at once, for few packets whose time matters: a ring of blocks holds them back.
 */
struct source *source_socket_open(const char *interface, const struct source_live_options *options, struct error *err);

/* What of `inner` passes a pcap-filter(7) expression, tested in user space; it owns and closes `inner`. */
struct source *source_filter_open(struct source *inner, const char *expression);

/*
 * What happens to each frame, and to each block that is no packet (frame->data is NULL, frame->block is not), on its
 * way: 1 it goes on, perhaps changed; 0 it is left out; -1 with err: the source is over. Blocks are shown to take()
 * even when nobody behind it wants them.
 */
struct source_step {
	int (*take)(void *context, struct frame *frame, struct error *err);
	void *context;
};

/* `inner` seen through the step; it owns and closes `inner`, not the context. */
struct source *source_step_open(struct source *inner, const struct source_step *step);

/* Several sources as one, merged by time as far as the frames at hand allow; it owns and closes them. */
struct source *source_many_open(struct source **sources, size_t count);
