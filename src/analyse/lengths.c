/* SPDX-License-Identifier: BSD-2-Clause */
/* How long packets are, in tshark's buckets (-z plen,tree): octets on the wire. */
#include "analyse/analyser.h"

#define BUCKETS 10

struct lengths_count {
	uint64_t packets, octets;
	uint32_t least, most;
};

struct lengths {
	struct lengths_count all, buckets[BUCKETS];
};

/* Each ends where the next one begins: 0-19, 20-39, 40-79 ... */
static uint32_t bucket_begin(unsigned bucket)
{
	return bucket ? 20u << (bucket - 1) : 0;
}

static void lengths_start(void *state, const struct analysis_options *options)
{
	(void)state;
	(void)options;
}

static void count_length(struct lengths_count *count, uint32_t length)
{
	if (!count->packets || length < count->least)
		count->least = length;
	if (length > count->most)
		count->most = length;
	count->packets++;
	count->octets += length;
}

static void lengths_packet(void *state, const struct packet *packet, const struct tracked *tracked)
{
	struct lengths *l = state;
	uint32_t length = packet->frame->wire_length;
	unsigned bucket = 0;

	(void)tracked;
	while (bucket + 1 < BUCKETS && length >= bucket_begin(bucket + 1))
		bucket++;
	count_length(&l->all, length);
	count_length(&l->buckets[bucket], length);
}

static const struct table_column columns[] = {
	{ "length", CELL_TEXT, false },         { "packets", CELL_UINT, true }, { "percent", CELL_HUNDREDTHS, true },
	{ "average", CELL_HUNDREDTHS, true },   { "min", CELL_UINT, true },     { "max", CELL_UINT, true },
};

static void lengths_finish(void *state, const struct analysis_end *end, struct analysis_result *result)
{
	(void)state;
	(void)end;
	result->columns = columns;
	result->column_count = sizeof columns / sizeof *columns;
	result->rows = BUCKETS + 1;
}

static uint64_t hundredths(uint64_t part, uint64_t whole)
{
	return (uint64_t)(((unsigned __int128)part * 200 + whole) / (2 * (unsigned __int128)whole));
}

static void lengths_row(void *state, size_t row, struct table *table)
{
	const struct lengths *l = state;
	const struct lengths_count *count = row ? &l->buckets[row - 1] : &l->all;
	struct text name = { 0 };

	if (!row)
		text_string(&name, "all");
	else if (row == BUCKETS)
		text_format(&name, "%u and more", bucket_begin(BUCKETS - 1));
	else
		text_format(&name, "%u-%u", bucket_begin((unsigned)row - 1), bucket_begin((unsigned)row) - 1);
	text_char(&name, '\0');
	table_text(table, name.data);
	text_release(&name);
	table_uint(table, count->packets);
	if (!count->packets) {
		for (unsigned i = 0; i < 4; i++)
			table_absent(table);
		return;
	}
	table_hundredths(table, hundredths(count->packets * 100, l->all.packets));
	table_hundredths(table, hundredths(count->octets, count->packets));
	table_uint(table, count->least);
	table_uint(table, count->most);
}

const struct analyser lengths_analyser = {
	.name = "lengths",
	.heading = "Packet lengths",
	.help = "how long the packets are",
	.state_size = sizeof(struct lengths),
	.parts = TRACK_FLOWS,
	.to_ports = true,
	.start = lengths_start,
	.packet = lengths_packet,
	.finish = lengths_finish,
	.row = lengths_row,
};
