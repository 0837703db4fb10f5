/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/paths.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/table.h"
#include "render/paths_parts.h"

static const struct table_column columns[] = {
	{ "hop", CELL_UINT, true },     { "host", CELL_TEXT, false },   { "flows", CELL_UINT, true },
	{ "sent", CELL_UINT, true },    { "lost", CELL_UINT, true },    { "loss %", CELL_HUNDREDTHS, true },
	{ "best ms", CELL_TEXT, true }, { "mean ms", CELL_TEXT, true }, { "worst ms", CELL_TEXT, true },
	{ "which", CELL_TEXT, false },
};

/* What a line counts: of one responder, or of nobody. */
struct share {
	uint64_t sent, lost;
	unsigned flows;
	bool *met; /* which flows */
};

/* ------------------------------------------------------------------------------------------------ counting */

/* Whose the flow's losses are: whom it met, when that was always the same. */
static uint64_t lost_at(const struct crossing *crossing, int responder)
{
	int whose = crossing->several ? NOBODY : crossing->responder;

	return whose == responder ? crossing->sent - crossing->answered : 0;
}

static void collect_share(struct share *share, const struct crossings *crossings, size_t hop, int responder)
{
	const struct paths *paths = crossings->paths;

	share->lost = share->sent = share->flows = 0;
	for (unsigned flow = 0; flow < crossings->flow_count; flow++) {
		uint64_t lost = lost_at(crossing_at(crossings, hop, flow), responder);

		share->lost += lost;
		share->met[flow] = responder == NOBODY && lost;
	}
	share->sent = share->lost;
	for (size_t i = 0; responder != NOBODY && i < paths->probe_count; i++)
		if (paths->probes[i]->packet.ttl == paths->hops->list[hop].ttl &&
		    crossings->responders[i] == responder) {
			share->sent++;
			share->met[paths->probes[i]->flow] = true;
		}
	for (unsigned flow = 0; flow < crossings->flow_count; flow++)
		share->flows += share->met[flow];
}

/* ------------------------------------------------------------------------------------------------ the table */

static void add_time(struct table *table, const struct hop_times *times, double ns)
{
	size_t start = table->strings.length;

	if (!times || !times->count) {
		table_absent(table);
		return;
	}
	path_time(&table->strings, (int64_t)ns);
	table_word_from(table, start);
}

static void add_line(struct table *table, const struct crossings *crossings, const struct hop *hop,
		     const struct hop_responder *responder, const struct share *share)
{
	const struct hop_times *times = responder ? &responder->times : NULL;
	char number[ADDRESS_TEXT];
	size_t start;

	table_uint(table, hop->ttl);
	if (responder)
		table_text(table, paths_name(crossings->paths->path, &responder->address, number));
	else
		table_word(table, "*");
	table_uint(table, share->flows);
	table_uint(table, share->sent);
	table_uint(table, share->lost);
	table_hundredths(table, share->sent ? (share->lost * 10000 + share->sent / 2) / share->sent : 0);
	add_time(table, times, times ? (double)times->best : 0);
	add_time(table, times, times ? times->mean : 0);
	add_time(table, times, times ? (double)times->worst : 0);
	start = table->strings.length;
	paths_flows(&table->strings, share->met, crossings->flow_count);
	table_word_from(table, start);
}

static void add_hop(struct table *table, const struct crossings *crossings, size_t at, struct share *share)
{
	const struct hop *hop = &crossings->paths->hops->list[at];

	for (size_t i = 0; i < hop->responder_count; i++) {
		collect_share(share, crossings, at, (int)i);
		add_line(table, crossings, hop, &hop->responders[i], share);
	}
	collect_share(share, crossings, at, NOBODY);
	if (share->sent)
		add_line(table, crossings, hop, NULL, share);
}

void paths_table(struct text *out, const struct paths *paths)
{
	struct crossings crossings;
	struct share share;
	struct table table;

	crossings_collect(&crossings, paths);
	share.met = mem_new(crossings.flow_count + 1, sizeof *share.met);
	table_init(&table, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < paths->hops->count; i++)
		add_hop(&table, &crossings, i, &share);
	table_print(&table, TABLE_PLAIN, out);
	table_release(&table);
	free(share.met);
	crossings_release(&crossings);
}

/* ------------------------------------------------------------------------------------------------ all of it */

void paths_print(struct text *out, const struct paths *paths)
{
	size_t end;

	paths_table(out, paths);
	text_char(out, '\n');
	paths_list(out, paths);
	text_char(out, '\n');
	end = out->length;
	paths_sentences(out, paths);
	if (out->length == end)
		out->length--;
}
