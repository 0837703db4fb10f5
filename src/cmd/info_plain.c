/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde info: the counts as lines for people. */
#include "cmd/info.h"
#include "render/time.h"

#define LABEL 16 /* columns */
#define LONGEST_SHOWN 300 /* octets of a comment */

/* ------------------------------------------------------------------------------------------------ lines */

static void label(struct text *out, const char *name)
{
	size_t start = out->length;

	text_format(out, "%s:", name);
	text_pad(out, start, LABEL);
}

static void string_line(struct text *out, const char *name, const char *string)
{
	if (!string)
		return;
	label(out, name);
	text_escaped(out, string, strlen(string));
	text_char(out, '\n');
}

/* Nothing is said of what there is none of. */
static void count_line(struct text *out, const char *name, uint64_t count, const char *one, const char *many)
{
	if (!count)
		return;
	label(out, name);
	text_format(out, "%llu%s\n", (unsigned long long)count, count == 1 ? one : many);
}

static void put_hundredths(struct text *out, uint64_t value)
{
	text_format(out, "%llu.%02u", (unsigned long long)value / 100, (unsigned)(value % 100));
}

/* ------------------------------------------------------------------------------------------------ the file */

static void format_line(const struct info *info, struct text *out)
{
	struct text resolution = { 0 };

	label(out, "format");
	text_string(out, info->facts.format);
	if (!info->census.sections && info->facts.major)
		text_format(out, " %u.%u", info->facts.major, info->facts.minor);
	text_format(out, "%s, %s", info->facts.modified ? " (modified)" : "", info_byte_order(info));
	info_file_resolution(info, &resolution);
	if (resolution.length)
		text_format(out, ", resolution of times: %.*s", (int)resolution.length, resolution.data);
	text_release(&resolution);
	text_char(out, '\n');
	string_line(out, "compression", info->facts.packing);
}

static void size_line(const struct info *info, struct text *out)
{
	if (!info->has_size)
		return;
	label(out, "size");
	text_format(out, "%llu octets", (unsigned long long)info->size);
	if (info->facts.packing)
		text_format(out, ", %llu unpacked", (unsigned long long)info->facts.octets);
	text_char(out, '\n');
}

/* ------------------------------------------------------------------------------------------------ packets */

static void octets_lines(const struct info *info, struct text *out)
{
	const struct census *c = &info->census;

	label(out, "packets");
	text_format(out, "%llu\n", (unsigned long long)c->packets);
	if (!c->packets)
		return;
	label(out, "octets");
	text_format(out, "%llu captured, %llu on the wire\n", (unsigned long long)c->captured,
		    (unsigned long long)c->wire);
	count_line(out, "cut", c->cut, " packet, of which the file has only the beginning",
		   " packets, of which the file has only the beginning");
	label(out, "packet length");
	put_hundredths(out, info_average(info));
	text_format(out, " octets on average, %llu to %llu\n", (unsigned long long)c->shortest,
		    (unsigned long long)c->longest);
}

static void time_line(struct text *out, const char *name, int64_t time)
{
	struct time_cache cache = { 0 };

	label(out, name);
	text_wrote(out, time_date(&cache, time, text_room(out, TIME_ROOM)));
	text_char(out, '\n');
}

static void rate_line(const struct info *info, struct text *out)
{
	uint64_t packets, octets;

	if (!info_rate(info, info->census.packets, &packets) || !info_rate(info, info->census.wire, &octets))
		return;
	label(out, "rate");
	put_hundredths(out, packets);
	text_string(out, " packets and ");
	put_hundredths(out, octets);
	text_string(out, " octets a second\n");
}

static void order_line(const struct info *info, struct text *out)
{
	const struct census *c = &info->census;

	label(out, "in order");
	if (c->backwards)
		text_format(out, "no: %llu packet%s older than the one before, the first is packet %llu\n",
			    (unsigned long long)c->backwards, c->backwards == 1 ? " is" : "s are",
			    (unsigned long long)c->backwards_at);
	else
		text_string(out, "yes\n");
}

static void time_lines(const struct info *info, struct text *out)
{
	const struct census *c = &info->census;
	int64_t duration;

	count_line(out, "without time", c->timeless, " packet", " packets");
	if (!info_duration(info, &duration))
		return;
	time_line(out, "first packet", c->first_time);
	time_line(out, "last packet", c->last_time);
	label(out, "duration");
	text_seconds(out, duration, 9);
	text_string(out, " s\n");
	rate_line(info, out);
	order_line(info, out);
}

static void link_line(const struct info *info, struct text *out)
{
	const struct census_kinds *links = &info->census.links;
	uint32_t snap;

	if (links->count)
		label(out, "link type");
	for (unsigned i = 0; i < links->count; i++) {
		text_string(out, i ? ", " : "");
		info_link(out, links->list[i].kind);
		if (links->count > 1)
			text_format(out, ": %llu packet%s", (unsigned long long)links->list[i].count,
				    links->list[i].count == 1 ? "" : "s");
	}
	if (links->more)
		text_format(out, ", others: %llu packets", (unsigned long long)links->more);
	text_string(out, links->count ? "\n" : "");
	if (info_snap(info, &snap))
		count_line(out, "snap length", snap, " octet", " octets");
}

/* ------------------------------------------------------------------------------------------------ all the rest */

static void process_line(const struct census *c, struct text *out)
{
	if (!c->owned)
		return;
	label(out, "processes");
	text_format(out, "told of %llu packet%s: ", (unsigned long long)c->owned, c->owned == 1 ? "" : "s");
	for (unsigned i = 0; i < c->process_count; i++) {
		const char *name = c->processes[i].name ? c->processes[i].name : "pid";

		text_string(out, i ? ", " : "");
		text_escaped(out, name, strlen(name));
		text_format(out, " %u", c->processes[i].pid);
	}
	text_string(out, c->more_processes ? ", and more\n" : "\n");
}

static void other_lines(const struct info *info, struct text *out)
{
	const struct census *c = &info->census;

	process_line(c, out);
	count_line(out, "names", c->names, "", "");
	count_line(out, "statistics", c->statistics, " block", " blocks");
	count_line(out, "secrets", c->secrets, " block of decryption secrets", " blocks of decryption secrets");
	count_line(out, "custom blocks", c->custom, "", "");
	if (!info_other_blocks(info))
		return;
	label(out, "other blocks");
	for (unsigned i = 0; i < c->others.count; i++)
		text_format(out, "%s%llu of type 0x%08x", i ? ", " : "", (unsigned long long)c->others.list[i].count,
			    c->others.list[i].kind);
	if (c->others.more)
		text_format(out, ", %llu of more types", (unsigned long long)c->others.more);
	text_char(out, '\n');
}

static void capture_lines(const struct info *info, struct text *out)
{
	const struct census *c = &info->census;
	uint64_t dropped;

	if (c->sections > 1)
		count_line(out, "sections", c->sections, "", "");
	string_line(out, "application", c->application);
	string_line(out, "system", c->system);
	string_line(out, "hardware", c->hardware);
	if (!info_dropped(info, &dropped))
		return;
	label(out, "dropped");
	text_format(out, "%llu packet%s, by the interfaces' statistics\n", (unsigned long long)dropped,
		    dropped == 1 ? "" : "s");
}

static void put_shortened(struct text *out, const char *string)
{
	size_t length = strlen(string), shown = length > LONGEST_SHOWN ? LONGEST_SHOWN : length;

	/* Not in the middle of a character. */
	while (shown < length && shown && (string[shown] & 0xc0) == 0x80)
		shown--;
	text_escaped(out, string, shown);
	if (shown < length)
		text_format(out, "... (%zu octets)", length);
}

static void comment_lines(const struct info *info, struct text *out)
{
	const struct census *c = &info->census;
	bool first = true;

	if (!census_comments(c))
		return;
	label(out, "comments");
	for (unsigned i = 0; i < CENSUS_PLACES; i++)
		if (c->comments[i]) {
			text_format(out, "%s%llu on %s%s", first ? "" : ", ", (unsigned long long)c->comments[i],
				    info_places[i], c->comments[i] == 1 ? "" : "s");
			first = false;
		}
	text_char(out, '\n');
	for (unsigned i = 0; i < c->kept_comments; i++) {
		const struct census_comment *comment = &c->first_comments[i];

		text_format(out, "  %s", info_places[comment->place]);
		if (comment->place != CENSUS_ELSEWHERE)
			text_format(out, " %llu", (unsigned long long)comment->number);
		text_string(out, ": ");
		put_shortened(out, comment->text);
		text_char(out, '\n');
	}
	if (census_comments(c) > c->kept_comments)
		text_format(out, "  ... and %llu more\n", (unsigned long long)(census_comments(c) - c->kept_comments));
}

static void interface_table(const struct info *info, struct text *out)
{
	struct table_column columns[INFO_COLUMNS];
	struct table table;

	if (!info->census.interface_count)
		return;
	text_string(out, "\n");
	info_interfaces(&table, info);
	info_drop_empty(&table, columns);
	table_print(&table, TABLE_PLAIN, out);
	table_release(&table);
}

void info_plain(const struct info *info, struct text *out)
{
	string_line(out, "file", info->file);
	format_line(info, out);
	size_line(info, out);
	string_line(out, "problem", info->problem);
	octets_lines(info, out);
	time_lines(info, out);
	link_line(info, out);
	capture_lines(info, out);
	other_lines(info, out);
	comment_lines(info, out);
	interface_table(info, out);
}
