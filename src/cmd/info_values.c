/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde info: what follows from the counts. */
#include "base/clock.h"
#include "cmd/info.h"
#include "packet/dissector.h"

const char *const info_places[CENSUS_PLACES] = {
	[CENSUS_SECTION] = "section",
	[CENSUS_INTERFACE] = "interface",
	[CENSUS_PACKET] = "packet",
	[CENSUS_ELSEWHERE] = "other block",
};

static bool is_little(bool swapped)
{
	return swapped != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
}

const char *info_byte_order(const struct info *info)
{
	const struct census *census = &info->census;

	if (census->orders_differ)
		return "both byte orders";
	return is_little(census->sections ? census->swapped : info->facts.swapped) ? "little-endian" : "big-endian";
}

void info_link(struct text *out, uint32_t link)
{
	for (const struct value_name *name = link_type_names; name->name; name++)
		if (name->value == link) {
			text_format(out, "%s (%u)", name->name, link);
			return;
		}
	text_uint(out, link);
}

void info_resolution(struct text *out, uint8_t resolution)
{
	text_format(out, "%s^-%u s", resolution & 0x80 ? "2" : "10", resolution & 0x7f);
}

void info_file_resolution(const struct info *info, struct text *out)
{
	const struct census *census = &info->census;
	uint8_t first = info->source->nanoseconds ? 9 : 6;

	if (census->sections && !census->interface_count)
		return;
	if (census->interface_count)
		first = census->interfaces[0].resolution;
	for (uint32_t i = 1; i < census->interface_count; i++)
		if (census->interfaces[i].resolution != first) {
			text_string(out, "several");
			return;
		}
	info_resolution(out, first);
}

bool info_duration(const struct info *info, int64_t *nanoseconds)
{
	const struct census *census = &info->census;

	if (census->packets == census->timeless)
		return false;
	if (__builtin_sub_overflow(census->last_time, census->first_time, nanoseconds))
		*nanoseconds = INT64_MAX;
	return true;
}

bool info_rate(const struct info *info, uint64_t count, uint64_t *hundredths)
{
	unsigned __int128 rate = (unsigned __int128)count * 100 * NS_PER_S;
	int64_t duration;

	if (!info_duration(info, &duration) || !duration)
		return false;
	rate = (rate + (uint64_t)duration / 2) / (uint64_t)duration;
	*hundredths = rate > UINT64_MAX ? UINT64_MAX : (uint64_t)rate;
	return true;
}

uint64_t info_average(const struct info *info)
{
	const struct census *census = &info->census;

	return (uint64_t)(((unsigned __int128)census->wire * 100 + census->packets / 2) / census->packets);
}

bool info_dropped(const struct info *info, uint64_t *packets)
{
	struct source_counters counters;

	source_counters_all(info->source, &counters);
	*packets = 0;
	if (counters.dropped != COUNTER_UNKNOWN)
		*packets += counters.dropped;
	if (counters.interface_dropped != COUNTER_UNKNOWN)
		*packets += counters.interface_dropped;
	return counters.dropped != COUNTER_UNKNOWN || counters.interface_dropped != COUNTER_UNKNOWN;
}

uint64_t info_other_blocks(const struct info *info)
{
	const struct census_kinds *others = &info->census.others;
	uint64_t sum = others->more;

	for (unsigned i = 0; i < others->count; i++)
		sum += others->list[i].count;
	return sum;
}

bool info_snap(const struct info *info, uint32_t *octets)
{
	const struct source *source = info->source;

	*octets = source->interface_count ? source->interfaces[0]->snaplen : 0;
	for (uint32_t i = 1; i < source->interface_count; i++)
		if (source->interfaces[i]->snaplen != *octets)
			return false;
	return *octets != 0;
}
