/* SPDX-License-Identifier: BSD-2-Clause */
/* Who sent and received how much: addresses, or addresses with their ports. */
#include <string.h>

#include "analyse/analyser.h"
#include "analyse/ends.h"
#include "analyse/talks.h"

struct endpoints {
	struct ends ends;
	struct talks talks; /* sent[0]: what it sent; sent[1]: what it received */
	struct text text;
};

static void endpoints_start(void *state, const struct analysis_options *options)
{
	struct endpoints *e = state;

	ends_init(&e->ends, options->by == ANALYSIS_BY_DEFAULT ? ANALYSIS_BY_IP : options->by);
	talks_init(&e->talks, TALKS_MAX);
}

static void count_end(struct endpoints *e, const struct talk_key *both, unsigned side, uint32_t octets)
{
	struct talk_key key;
	struct flow_count *count;
	struct talk *talk;

	memset(&key, 0, sizeof key);
	memcpy(key.address[0], both->address[side], sizeof key.address[0]);
	key.port[0] = both->port[side];
	key.length = both->length;
	talk = talks_take(&e->talks, &key);
	count = talk ? &talk->sent[side] : &e->talks.others;
	count->packets++;
	count->octets += octets;
}

static void endpoints_packet(void *state, const struct packet *packet, const struct tracked *tracked)
{
	struct endpoints *e = state;
	struct talk_key key;

	if (!ends_of(&e->ends, packet, tracked, &key))
		return;
	count_end(e, &key, 0, packet->frame->wire_length);
	count_end(e, &key, 1, packet->frame->wire_length);
}

/* ------------------------------------------------------------------------------------------------ the table */

#define COUNTS \
	{ "packets", CELL_UINT, true }, { "octets", CELL_UINT, true }, { "sent_packets", CELL_UINT, true }, \
	{ "sent_octets", CELL_UINT, true }, { "received_packets", CELL_UINT, true }, \
	{ "received_octets", CELL_UINT, true }

static const struct table_column address_columns[] = { { "address", CELL_TEXT, false }, COUNTS };
static const struct table_column port_columns[] = {
	{ "address", CELL_TEXT, false }, { "port", CELL_UINT, true }, COUNTS
};

static bool has_ports(const struct endpoints *e)
{
	return e->ends.by == ANALYSIS_BY_UDP || e->ends.by == ANALYSIS_BY_TCP;
}

static void endpoints_finish(void *state, const struct analysis_end *end, struct analysis_result *result)
{
	static const char *const words[] = {
		[ANALYSIS_BY_ETH] = "link", [ANALYSIS_BY_IP] = "IP",
		[ANALYSIS_BY_UDP] = "UDP", [ANALYSIS_BY_TCP] = "TCP",
	};
	struct endpoints *e = state;

	result->columns = has_ports(e) ? port_columns : address_columns;
	result->column_count = has_ports(e) ? sizeof port_columns / sizeof *port_columns :
					      sizeof address_columns / sizeof *address_columns;
	result->rows = e->talks.count;
	if (e->talks.others.packets)
		text_format(&result->notes, "and others, for there are more than %u: %llu packets, %llu octets\n",
			    e->talks.max, (unsigned long long)e->talks.others.packets,
			    (unsigned long long)e->talks.others.octets);
	if (end->packets && !e->talks.count)
		text_format(&result->notes, "no packet has %s ends: see --by\n", words[e->ends.by]);
}

static void endpoints_row(void *state, size_t row, struct table *table)
{
	struct endpoints *e = state;
	const struct talk *talk = &e->talks.list[row];

	ends_address(&talk->key, 0, &e->text);
	ends_cell(table, &e->text);
	if (has_ports(e))
		table_uint(table, talk->key.port[0]);
	table_uint(table, talk->sent[0].packets + talk->sent[1].packets);
	table_uint(table, talk->sent[0].octets + talk->sent[1].octets);
	for (unsigned side = 0; side < 2; side++) {
		table_uint(table, talk->sent[side].packets);
		table_uint(table, talk->sent[side].octets);
	}
}

static void endpoints_release(void *state)
{
	struct endpoints *e = state;

	talks_release(&e->talks);
	text_release(&e->text);
}

const struct analyser endpoints_analyser = {
	.name = "endpoints",
	.heading = "Endpoints",
	.help = "who sent and received how much",
	.state_size = sizeof(struct endpoints),
	.parts = TRACK_FLOWS,
	.to_ports = true,
	.start = endpoints_start,
	.packet = endpoints_packet,
	.finish = endpoints_finish,
	.row = endpoints_row,
	.release = endpoints_release,
};
