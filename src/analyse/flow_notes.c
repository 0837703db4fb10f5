/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/flow_notes.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

enum { NOTE_STREAM, NOTE_RELATIVE, NOTE_DELTA };

static const char *const names[FLOW_NOTES_MAX] = {
	[NOTE_STREAM] = "stream",
	[NOTE_RELATIVE] = "time_relative",
	[NOTE_DELTA] = "time_delta",
};

/* Of one protocol with ports; a row is NULL when it has none, or nobody wants it. */
struct rows {
	const struct dissector *protocol;
	const struct field_def *defs[FLOW_NOTES_MAX];
};

struct flow_rows {
	struct rows *list;
	unsigned count;
};

static const struct field_def *wanted(const struct protocols *protocols, const struct dissector *protocol,
				      const char *name)
{
	const struct dissector *owner;
	const struct field_def *def;
	char full[64];

	snprintf(full, sizeof full, "%s.%s", protocol->name, name);
	def = protocols_field(full, &owner);
	return def && def->flags & FIELD_FOLLOWED && protocols_wants(protocols, def) ? def : NULL;
}

static void add(struct flow_rows *rows, const struct protocols *protocols, const struct dissector *protocol)
{
	struct rows own = { .protocol = protocol };
	bool any = false;

	for (unsigned i = 0; i < FLOW_NOTES_MAX; i++) {
		own.defs[i] = wanted(protocols, protocol, names[i]);
		any |= own.defs[i] != NULL;
	}
	if (!any)
		return;
	rows->list = mem_resize(rows->list, rows->count + 1, sizeof *rows->list);
	rows->list[rows->count++] = own;
}

struct flow_rows *flow_rows_new(const struct protocols *protocols)
{
	struct flow_rows *rows = mem_new(1, sizeof *rows);

	for (unsigned i = 0; dissector_list[i]; i++)
		add(rows, protocols, dissector_list[i]);
	return rows;
}

void flow_rows_free(struct flow_rows *rows)
{
	if (!rows)
		return;
	free(rows->list);
	free(rows);
}

unsigned flow_notes(const struct flow_rows *rows, struct flow *flow, const struct packet *packet, struct note *notes)
{
	int64_t before = flow->last_frame == flow->first_frame ? flow->first_time : flow->noted_time;
	const int64_t values[FLOW_NOTES_MAX] = {
		[NOTE_STREAM] = flow->number,
		[NOTE_RELATIVE] = time_between(flow->first_time, packet->frame->time),
		[NOTE_DELTA] = time_between(before, packet->frame->time),
	};
	unsigned count = 0;

	flow->noted_time = packet->frame->time;
	for (unsigned i = 0; i < rows->count; i++)
		for (unsigned n = 0; rows->list[i].protocol == flow->protocol && n < FLOW_NOTES_MAX; n++)
			if (rows->list[i].defs[n])
				notes[count++] = (struct note){ .def = rows->list[i].defs[n], .value.time = values[n] };
	return count;
}
