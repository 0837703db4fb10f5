/* SPDX-License-Identifier: BSD-2-Clause */
/* What both drawings of a ladder share: who stands where, and how lengths of time are told. */
#include "packet/dissector.h"
#include "render/ladder.h"

struct ladder_columns ladder_columns(const struct ladder *ladder, unsigned most)
{
	struct ladder_columns columns = { .count = ladder->host_count, .own = ladder->host_count };

	if (ladder->to_all && ladder->host_count == 1) {
		columns.everybody = true;
		columns.count = 2;
	} else if (ladder->host_count > most || ladder->too_many) {
		columns.others = true;
		columns.count = ladder->host_count < most ? ladder->host_count + 1 : most;
		columns.own = columns.count - 1;
	}
	return columns;
}

unsigned ladder_column(const struct ladder_columns *columns, unsigned host)
{
	return host < columns->own ? host : columns->count - 1;
}

void ladder_column_name(const struct ladder *ladder, const struct ladder_columns *columns, unsigned column,
			struct text *out)
{
	if (column < columns->own)
		text_string(out, ladder->hosts[column]);
	else if (columns->everybody)
		text_string(out, "everybody");
	else
		text_format(out, "%u%s others", ladder->host_count - columns->own, ladder->too_many ? " and more" : "");
}

void ladder_names_hidden(const struct ladder *ladder, const struct ladder_columns *columns,
			 const struct ladder_arrow *arrow, struct text *out)
{
	bool from = arrow->from >= columns->own, to = arrow->to >= columns->own && arrow->to != LADDER_ALL;

	if (!from && !to)
		return;
	text_string(out, arrow->from < ladder->host_count ? ladder->hosts[arrow->from] : "another");
	if (arrow->to != LADDER_ALL)
		text_format(out, " > %s", arrow->to < ladder->host_count ? ladder->hosts[arrow->to] : "another");
	text_string(out, ": ");
}

void ladder_troubles(const struct ladder *ladder, const struct ladder_arrow *arrow, struct text *out)
{
	text_add(out, ladder->strings.data + arrow->words + arrow->words_length, arrow->verdicts_length);
	for (unsigned i = 0; i < LADDER_MARKS && arrow->marks[i]; i++)
		text_format(out, " [%s]", arrow->marks[i]);
}

/* Times of a broken file may be further apart than can be counted: then as far as can. */
bool ladder_since(const struct ladder_arrow *arrow, const struct ladder_arrow *before, int64_t *length)
{
	if (!before || !arrow->has_time || !before->has_time)
		return false;
	if (__builtin_sub_overflow(arrow->time, before->time, length))
		*length = arrow->time < before->time ? INT64_MIN : INT64_MAX;
	return true;
}

/* Three digits that count, in the largest unit that leaves something before the point. */
void ladder_duration(int64_t nanoseconds, const char *micro, struct text *out)
{
	static const struct {
		uint64_t unit;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, NULL }, { 1, "ns" } };
	uint64_t length = nanoseconds < 0 ? -(uint64_t)nanoseconds : (uint64_t)nanoseconds, whole;
	unsigned i = 0, digits;

	if (length >= 60 * units[0].unit) {
		uint64_t minutes = length / (60 * units[0].unit);

		text_format(out, "%llu m %02u s", (unsigned long long)minutes, (unsigned)(length / units[0].unit % 60));
		return;
	}
	while (i < 3 && length < units[i].unit)
		i++;
	whole = length / units[i].unit;
	digits = i == 3 || whole >= 100 ? 0 : whole >= 10 ? 1 : 2;
	text_uint(out, whole);
	if (digits) {
		uint64_t rest = length % units[i].unit * 100 / units[i].unit;

		text_char(out, '.');
		text_wrote(out, put_uint_padded(text_room(out, 4), digits == 1 ? rest / 10 : rest, digits));
	}
	if (units[i].name)
		text_format(out, " %s", units[i].name);
	else
		text_format(out, " %ss", micro);
}
