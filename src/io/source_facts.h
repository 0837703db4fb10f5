/* SPDX-License-Identifier: BSD-2-Clause */
/* What kind of file a source reads. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct source;

struct source_facts {
	const char *format;     /* "pcap", "pcapng" */
	const char *packing;    /* "gzip", "zstd"; NULL: not packed */
	bool swapped;           /* pcap: another byte order than this machine's; pcapng: each section says */
	bool modified;          /* pcap with 8 octets more in each record */
	unsigned major, minor;  /* pcap: version of the format */
	uint64_t octets;        /* read so far, unpacked */
};

/* Only of a source from source_file_open or source_memory_open whose file was recognised. */
void source_file_facts(const struct source *source, struct source_facts *out);
