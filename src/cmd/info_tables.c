/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde info: the counts as rows. */
#include "cmd/info.h"

#include <stddef.h>

/* A column and how its cell is filled. */
struct fact {
	struct table_column column;
	void (*add)(const struct fact *fact, struct table *table, const struct info *info);
	size_t member; /* of struct census, for those that just tell one */
};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void add_number(const struct fact *fact, struct table *table, const struct info *info)
{
	table_uint(table, *(const uint64_t *)((const char *)&info->census + fact->member));
}

static void add_string(const struct fact *fact, struct table *table, const struct info *info)
{
	table_text(table, *(char *const *)((const char *)&info->census + fact->member));
}

static void add_time(const struct fact *fact, struct table *table, const struct info *info)
{
	if (info->census.packets > info->census.timeless)
		table_seconds(table, *(const int64_t *)((const char *)&info->census + fact->member));
	else
		table_absent(table);
}

/* Text that was put together, or nothing. */
static void add_built(struct table *table, struct text *built)
{
	bool empty = !built->length;

	text_char(built, '\0');
	table_text(table, empty ? NULL : built->data);
	text_release(built);
}

/* ------------------------------------------------------------------------------------------------ the file */

static void add_file(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	table_text(table, info->file);
}

static void add_format(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	table_text(table, info->facts.format);
}

static void add_byte_order(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	table_text(table, info_byte_order(info));
}

static void add_compression(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	table_text(table, info->facts.packing);
}

static void add_resolution(const struct fact *fact, struct table *table, const struct info *info)
{
	struct text text = { 0 };

	(void)fact;
	info_file_resolution(info, &text);
	add_built(table, &text);
}

static void add_size(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	if (info->has_size)
		table_uint(table, info->size);
	else
		table_absent(table);
}

static void add_duration(const struct fact *fact, struct table *table, const struct info *info)
{
	int64_t duration;

	(void)fact;
	if (info_duration(info, &duration))
		table_seconds(table, duration);
	else
		table_absent(table);
}

static void add_rate(struct table *table, const struct info *info, uint64_t count)
{
	uint64_t rate;

	if (info_rate(info, count, &rate))
		table_hundredths(table, rate);
	else
		table_absent(table);
}

static void add_packet_rate(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	add_rate(table, info, info->census.packets);
}

static void add_octet_rate(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	add_rate(table, info, info->census.wire);
}

static void add_average(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	if (info->census.packets)
		table_hundredths(table, info_average(info));
	else
		table_absent(table);
}

static void add_ordered(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	table_bool(table, !info->census.backwards);
}

static void add_links(const struct fact *fact, struct table *table, const struct info *info)
{
	const struct census_kinds *links = &info->census.links;
	struct text text = { 0 };

	(void)fact;
	for (unsigned i = 0; i < links->count; i++) {
		text_string(&text, i ? ", " : "");
		info_link(&text, links->list[i].kind);
	}
	add_built(table, &text);
}

static void add_snap(const struct fact *fact, struct table *table, const struct info *info)
{
	uint32_t octets;

	(void)fact;
	if (info_snap(info, &octets))
		table_uint(table, octets);
	else
		table_absent(table);
}

static void add_dropped(const struct fact *fact, struct table *table, const struct info *info)
{
	uint64_t packets;

	(void)fact;
	if (info_dropped(info, &packets))
		table_uint(table, packets);
	else
		table_absent(table);
}

static void add_interfaces(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	table_uint(table, info->source->interface_count);
}

static void add_comments(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	table_uint(table, census_comments(&info->census));
}

static void add_others(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	table_uint(table, info_other_blocks(info));
}

static void add_problem(const struct fact *fact, struct table *table, const struct info *info)
{
	(void)fact;
	table_text(table, info->problem);
}

static const struct fact facts[] = {
	{ { "file", CELL_TEXT, false }, add_file, 0 },
	{ { "format", CELL_TEXT, false }, add_format, 0 },
	{ { "byte_order", CELL_TEXT, false }, add_byte_order, 0 },
	{ { "compression", CELL_TEXT, false }, add_compression, 0 },
	{ { "resolution", CELL_TEXT, false }, add_resolution, 0 },
	{ { "size", CELL_UINT, true }, add_size, 0 },
	{ { "packets", CELL_UINT, true }, add_number, offsetof(struct census, packets) },
	{ { "captured", CELL_UINT, true }, add_number, offsetof(struct census, captured) },
	{ { "wire", CELL_UINT, true }, add_number, offsetof(struct census, wire) },
	{ { "cut", CELL_UINT, true }, add_number, offsetof(struct census, cut) },
	{ { "timeless", CELL_UINT, true }, add_number, offsetof(struct census, timeless) },
	{ { "first", CELL_SECONDS, true }, add_time, offsetof(struct census, first_time) },
	{ { "last", CELL_SECONDS, true }, add_time, offsetof(struct census, last_time) },
	{ { "duration", CELL_SECONDS, true }, add_duration, 0 },
	{ { "packets_per_second", CELL_HUNDREDTHS, true }, add_packet_rate, 0 },
	{ { "octets_per_second", CELL_HUNDREDTHS, true }, add_octet_rate, 0 },
	{ { "average_length", CELL_HUNDREDTHS, true }, add_average, 0 },
	{ { "shortest", CELL_UINT, true }, add_number, offsetof(struct census, shortest) },
	{ { "longest", CELL_UINT, true }, add_number, offsetof(struct census, longest) },
	{ { "ordered", CELL_BOOL, false }, add_ordered, 0 },
	{ { "backwards", CELL_UINT, true }, add_number, offsetof(struct census, backwards) },
	{ { "link_types", CELL_TEXT, false }, add_links, 0 },
	{ { "snap_length", CELL_UINT, true }, add_snap, 0 },
	{ { "sections", CELL_UINT, true }, add_number, offsetof(struct census, sections) },
	{ { "interface_count", CELL_UINT, true }, add_interfaces, 0 },
	{ { "dropped", CELL_UINT, true }, add_dropped, 0 },
	{ { "comment_count", CELL_UINT, true }, add_comments, 0 },
	{ { "with_processes", CELL_UINT, true }, add_number, offsetof(struct census, owned) },
	{ { "names", CELL_UINT, true }, add_number, offsetof(struct census, names) },
	{ { "statistics", CELL_UINT, true }, add_number, offsetof(struct census, statistics) },
	{ { "secrets", CELL_UINT, true }, add_number, offsetof(struct census, secrets) },
	{ { "custom_blocks", CELL_UINT, true }, add_number, offsetof(struct census, custom) },
	{ { "other_blocks", CELL_UINT, true }, add_others, 0 },
	{ { "hardware", CELL_TEXT, false }, add_string, offsetof(struct census, hardware) },
	{ { "system", CELL_TEXT, false }, add_string, offsetof(struct census, system) },
	{ { "application", CELL_TEXT, false }, add_string, offsetof(struct census, application) },
	{ { "problem", CELL_TEXT, false }, add_problem, 0 },
};

static const struct table_column *columns_of(const struct fact *list, size_t count, struct table_column *columns)
{
	for (size_t i = 0; i < count; i++)
		columns[i] = list[i].column;
	return columns;
}

void info_facts(struct table *table, struct table_column columns[INFO_COLUMNS])
{
	table_init(table, columns_of(facts, COUNT(facts), columns), COUNT(facts));
}

void info_facts_add(struct table *table, const struct info *info)
{
	for (size_t i = 0; i < COUNT(facts); i++)
		facts[i].add(&facts[i], table, info);
}

/* ------------------------------------------------------------------------------------------------ interfaces */

static const struct table_column interface_columns[] = {
	{ "id", CELL_UINT, true },          { "name", CELL_TEXT, false },      { "description", CELL_TEXT, false },
	{ "link_type", CELL_TEXT, false },  { "snap_length", CELL_UINT, true }, { "resolution", CELL_TEXT, false },
	{ "packets", CELL_UINT, true },     { "received", CELL_UINT, true },   { "dropped", CELL_UINT, true },
	{ "interface_dropped", CELL_UINT, true }, { "filter", CELL_TEXT, false }, { "system", CELL_TEXT, false },
	{ "hardware", CELL_TEXT, false },
};

static void add_counter(struct table *table, uint64_t value)
{
	if (value == COUNTER_UNKNOWN)
		table_absent(table);
	else
		table_uint(table, value);
}

static void add_interface(struct table *table, const struct info *info, uint32_t id)
{
	const struct interface *interface = info->source->interfaces[id];
	const struct census *census = &info->census;
	bool known = id < census->interface_count;
	struct text link = { 0 }, resolution = { 0 };
	struct source_counters counters;

	source_counters(info->source, id, &counters);
	info_link(&link, interface->link);
	info_resolution(&resolution, known ? census->interfaces[id].resolution : interface->tsresol);
	table_uint(table, id);
	table_text(table, interface->name);
	table_text(table, interface->description);
	add_built(table, &link);
	add_counter(table, interface->snaplen ? interface->snaplen : COUNTER_UNKNOWN);
	add_built(table, &resolution);
	table_uint(table, known ? census->interfaces[id].packets : census->packets);
	add_counter(table, counters.received);
	add_counter(table, counters.dropped);
	add_counter(table, counters.interface_dropped);
	table_text(table, interface->filter);
	table_text(table, interface->os);
	table_text(table, interface->hardware);
}

void info_interfaces(struct table *table, const struct info *info)
{
	table_init(table, interface_columns, COUNT(interface_columns));
	for (uint32_t i = 0; i < info->source->interface_count; i++)
		add_interface(table, info, i);
}

/* ------------------------------------------------------------------------------------------------ comments */

static const struct table_column comment_columns[] = {
	{ "on", CELL_TEXT, false }, { "number", CELL_UINT, true }, { "text", CELL_TEXT, false },
};

void info_comments(struct table *table, const struct info *info)
{
	table_init(table, comment_columns, COUNT(comment_columns));
	for (unsigned i = 0; i < info->census.kept_comments; i++) {
		const struct census_comment *comment = &info->census.first_comments[i];

		table_text(table, info_places[comment->place]);
		if (comment->place == CENSUS_ELSEWHERE)
			table_absent(table);
		else
			table_uint(table, comment->number);
		table_text(table, comment->text);
	}
}

/* ------------------------------------------------------------------------------------------------ fewer columns */

static bool has_value(const struct table *table, unsigned column)
{
	for (size_t i = column; i < table->count; i += table->column_count)
		if (!table->cells[i].absent)
			return true;
	return false;
}

void info_drop_empty(struct table *table, struct table_column columns[INFO_COLUMNS])
{
	bool keep[INFO_COLUMNS];
	unsigned kept = 0;
	size_t to = 0;

	for (unsigned i = 0; i < table->column_count; i++) {
		keep[i] = has_value(table, i);
		if (keep[i])
			columns[kept++] = table->columns[i];
	}
	for (size_t i = 0; i < table->count; i++)
		if (keep[i % table->column_count])
			table->cells[to++] = table->cells[i];
	table->columns = columns;
	table->column_count = kept;
	table->count = to;
}
