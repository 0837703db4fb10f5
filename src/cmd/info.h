/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of `sonde info` among themselves. */
#pragma once

#include "base/table.h"
#include "io/census.h"
#include "io/source.h"
#include "io/source_facts.h"

/* A file that was read to its end. */
struct info {
	const char *file;       /* as it was named */
	struct source *source;
	struct census census;
	struct source_facts facts;
	bool has_size;          /* a regular file */
	uint64_t size;
	const char *problem;    /* NULL: it was whole */
};

#define INFO_COLUMNS 48 /* at least as many as any of the tables has */

/* A row a file, everything but lists; `columns` live as long as the table, which the caller releases. */
void info_facts(struct table *table, struct table_column columns[INFO_COLUMNS]);
void info_facts_add(struct table *table, const struct info *info);

/* A row an interface, a row a comment; tables are initialised here. */
void info_interfaces(struct table *table, const struct info *info);
void info_comments(struct table *table, const struct info *info);

/* Columns in which no row has a value are taken out; `columns` are those that are left. */
void info_drop_empty(struct table *table, struct table_column columns[INFO_COLUMNS]);

/* Lines for people. */
void info_plain(const struct info *info, struct text *out);

/* ------------------------------------------------------------------------------------------------ values */

/* What a comment is on. */
extern const char *const info_places[CENSUS_PLACES];

const char *info_byte_order(const struct info *info);
/* "Ethernet (1)", or "17" for a type without a name. */
void info_link(struct text *out, uint32_t link);
/* "10^-6 s" */
void info_resolution(struct text *out, uint8_t resolution);
/* Both as they stand for the whole file; "several" when its interfaces differ. */
void info_file_resolution(const struct info *info, struct text *out);
/* False: its packets say nothing of it. */
bool info_duration(const struct info *info, int64_t *nanoseconds);
/* How many a second, in hundredths; false: no time passed. */
bool info_rate(const struct info *info, uint64_t count, uint64_t *hundredths);
/* The length of packets, in hundredths; there is at least one. */
uint64_t info_average(const struct info *info);
/* Packets that interfaces say were lost; false: none of them says. */
bool info_dropped(const struct info *info, uint64_t *packets);
uint64_t info_other_blocks(const struct info *info);
/* The limit that all interfaces have; false: they differ, or there is none. */
bool info_snap(const struct info *info, uint32_t *octets);
