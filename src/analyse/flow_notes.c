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
	struct rows *list; /* mostly none: nobody wants them */
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

bool flow_rows_any(const struct flow_rows *rows)
{
	return rows->count != 0;
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

static unsigned add_notes(const struct rows *rows, const int64_t *values, struct note *notes)
{
	unsigned count = 0;

	for (unsigned n = 0; n < FLOW_NOTES_MAX; n++)
		if (rows->defs[n])
			notes[count++] = (struct note){ .def = rows->defs[n], .value.time = values[n] };
	return count;
}

unsigned flow_notes(const struct flow_rows *rows, const struct flow *flow, int64_t before, const struct packet *packet,
		    struct note *notes)
{
	int64_t now = packet->frame->time;
	const int64_t values[FLOW_NOTES_MAX] = {
		[NOTE_STREAM] = flow->number,
		[NOTE_RELATIVE] = time_between(flow->first_time, now),
		[NOTE_DELTA] = time_between(flow->last_frame == flow->first_frame ? flow->first_time : before, now),
	};

	for (unsigned i = 0; i < rows->count; i++)
		if (rows->list[i].protocol == flow->protocol)
			return add_notes(&rows->list[i], values, notes);
	return 0;
}
