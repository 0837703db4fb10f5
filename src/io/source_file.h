/* SPDX-License-Identifier: BSD-2-Clause */
/* What the readers of pcap and pcapng share; for the files of src/io only. */
#pragma once

#include "io/input.h"
#include "io/pcapng.h"
#include "io/source.h"

enum pcap_lengths { PCAP_LENGTHS_IN_ORDER, PCAP_LENGTHS_EXCHANGED, PCAP_LENGTHS_PERHAPS_EXCHANGED };

struct pcap_state {
	bool swapped;
	uint8_t record_header;
	enum pcap_lengths lengths;
	uint16_t major, minor;        /* version of the format */
	uint16_t link;
	uint32_t scale;               /* ns in one unit of the fraction */
};

/* What pcapng says of an interface besides struct interface. */
struct pcapng_interface {
	struct pcapng_clock clock;
	struct source_counters counters;
};

struct pcapng_state {
	bool swapped;                 /* the section at hand */
	uint32_t first_interface;     /* of the section, as an index of source.interfaces */
	struct pcapng_interface *interfaces; /* as source.interfaces */
	uint32_t interface_room;
	size_t text_kept;             /* octets of names and the like */
	struct owner_reader *owners;  /* NULL: no packet has told of processes yet */
};

struct file_source {
	struct source source;
	struct input input;
	char *name;                   /* for messages */
	const char *unit;             /* "packet" or "block" */
	bool follow;
	bool stopped;
	bool over;                    /* an error was given: nothing more comes */
	int notify;                   /* inotify, or -1 */
	struct pcap_state pcap;
	struct pcapng_state pcapng;
};

/* SOURCE_FRAME when n octets are in hand from input.at; else what next() shall answer. */
enum source_answer file_need(struct file_source *file, size_t n, struct error *err);

/* Says what is wrong with what stands at input.at: SOURCE_ERROR, or SOURCE_END if an error was given before. */
enum source_answer file_damaged(struct file_source *file, struct error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* With the file header in hand: take over the source, or refuse. pcapng starts with the next block. */
int pcap_start(struct file_source *file, struct error *err);
void pcapng_start(struct file_source *file);
void pcapng_release(struct file_source *file);

/* The members of source_ops that both formats share. */
int file_fd(const struct source *source);
void file_stop(struct source *source);
void file_close(struct source *source);
