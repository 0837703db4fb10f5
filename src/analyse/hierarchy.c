/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which protocols there are, and what each carries: a tree of layers. A packet counts once in each of its layers; what
 * an ICMP error quotes, and padding, are no layers of it, and several messages in one segment are one.
 */
#include <stdlib.h>

#include "analyse/analyser.h"
#include "base/mem.h"

#define NODES_MAX 4096 /* paths that are told apart: tunnels in tunnels have many */

struct node {
	const struct dissector *protocol; /* NULL: the root */
	uint32_t parent, child, sibling;  /* indexes; 0: none, for the root is nobody's child */
	unsigned depth;
	struct flow_count count;
};

struct hierarchy {
	struct node *nodes;
	uint32_t node_count, room;
	uint64_t others;                  /* packets whose path there was no room for */
	uint32_t *order;                  /* after the end: rows, parents before children */
	uint32_t rows;
	const struct dissector *padding;
	bool people;
};

static void hierarchy_start(void *state, const struct analysis_options *options)
{
	struct hierarchy *h = state;

	h->people = options->people;
	h->padding = protocols_find("padding");
	h->room = 64;
	h->nodes = mem_new(h->room, sizeof *h->nodes);
	h->node_count = 1;
}

/* The child that carries the protocol, the one met first before the others; 0: there is no room. */
static uint32_t child_of(struct hierarchy *h, uint32_t parent, const struct dissector *protocol)
{
	uint32_t at = h->nodes[parent].child, last = 0;

	for (; at; last = at, at = h->nodes[at].sibling)
		if (h->nodes[at].protocol == protocol)
			return at;
	if (h->node_count == NODES_MAX)
		return 0;
	if (h->node_count == h->room) {
		h->room *= 2;
		h->nodes = mem_resize(h->nodes, h->room, sizeof *h->nodes);
	}
	at = h->node_count++;
	h->nodes[at] = (struct node){ .protocol = protocol, .parent = parent, .depth = h->nodes[parent].depth + 1 };
	*(last ? &h->nodes[last].sibling : &h->nodes[parent].child) = at;
	return at;
}

static void count_in(struct node *node, const struct packet *packet)
{
	node->count.packets++;
	node->count.octets += packet->frame->wire_length;
}

/* The next message of the same protocol in one segment; a tunnel of IP in IP is something else. */
static bool is_another_message(const struct layer *layer)
{
	return layer[-1].dissector == layer->dissector && layer->dissector->recognise;
}

static void hierarchy_packet(void *state, const struct packet *packet, const struct tracked *tracked)
{
	struct hierarchy *h = state;
	uint32_t at = 0;

	(void)tracked;
	count_in(&h->nodes[0], packet);
	for (unsigned i = packet->first_layer; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		if (layer->quoted || is_another_message(layer) || layer->dissector == h->padding)
			continue;
		at = child_of(h, at, layer->dissector);
		if (!at) {
			h->others++;
			return;
		}
		count_in(&h->nodes[at], packet);
	}
}

/* ------------------------------------------------------------------------------------------------ the table */

static const struct table_column tree_columns[] = {
	{ "protocol", CELL_TEXT, false }, { "packets", CELL_UINT, true }, { "percent", CELL_HUNDREDTHS, true },
	{ "octets", CELL_UINT, true },    { "octets_percent", CELL_HUNDREDTHS, true },
};

static const struct table_column path_columns[] = {
	{ "path", CELL_TEXT, false },     { "protocol", CELL_TEXT, false },       { "depth", CELL_UINT, true },
	{ "packets", CELL_UINT, true },   { "percent", CELL_HUNDREDTHS, true },   { "octets", CELL_UINT, true },
	{ "octets_percent", CELL_HUNDREDTHS, true },
};

/* Parents before their children, children in the order in which they were met. */
static void order_rows(struct hierarchy *h)
{
	uint32_t at = h->nodes[0].child;

	h->order = mem_new(h->node_count, sizeof *h->order);
	while (at) {
		h->order[h->rows++] = at;
		if (h->nodes[at].child) {
			at = h->nodes[at].child;
			continue;
		}
		while (at && !h->nodes[at].sibling)
			at = h->nodes[at].parent;
		at = h->nodes[at].sibling;
	}
}

static void hierarchy_finish(void *state, const struct analysis_end *end, struct analysis_result *result)
{
	struct hierarchy *h = state;

	(void)end;
	order_rows(h);
	result->columns = h->people ? tree_columns : path_columns;
	result->column_count = h->people ? sizeof tree_columns / sizeof *tree_columns :
					   sizeof path_columns / sizeof *path_columns;
	result->rows = h->rows;
	if (h->others)
		text_format(&result->notes,
			    "%llu packets have more layers than are told apart here: they count as far as they are\n",
			    (unsigned long long)h->others);
}

static void add_path(const struct hierarchy *h, uint32_t at, struct text *out)
{
	uint32_t path[PACKET_MAX_LAYERS];
	unsigned depth = 0;

	for (; at; at = h->nodes[at].parent)
		path[depth++] = at;
	while (depth--) {
		text_string(out, h->nodes[path[depth]].protocol->name);
		text_char(out, depth ? ':' : '\0');
	}
}

static uint64_t hundredths(uint64_t part, uint64_t whole)
{
	return whole ? (uint64_t)(((unsigned __int128)part * 20000 + whole) / (2 * (unsigned __int128)whole)) : 0;
}

static void hierarchy_row(void *state, size_t row, struct table *table)
{
	const struct hierarchy *h = state;
	const struct node *node = &h->nodes[h->order[row]], *all = h->nodes;
	struct text name = { 0 };

	if (h->people)
		text_format(&name, "%*s%s", 2 * (int)(node->depth - 1), "", node->protocol->name);
	else
		add_path(h, h->order[row], &name);
	text_char(&name, '\0');
	table_text(table, name.data);
	text_release(&name);
	if (!h->people) {
		table_text(table, node->protocol->name);
		table_uint(table, node->depth);
	}
	table_uint(table, node->count.packets);
	table_hundredths(table, hundredths(node->count.packets, all->count.packets));
	table_uint(table, node->count.octets);
	table_hundredths(table, hundredths(node->count.octets, all->count.octets));
}

static void hierarchy_release(void *state)
{
	struct hierarchy *h = state;

	free(h->nodes);
	free(h->order);
}

const struct analyser hierarchy_analyser = {
	.name = "hierarchy",
	.heading = "Protocols",
	.help = "which protocols there are and what each carries",
	.state_size = sizeof(struct hierarchy),
	.parts = TRACK_FLOWS | TRACK_FRAGMENTS | TRACK_TCP | TRACK_MESSAGES,
	.start = hierarchy_start,
	.packet = hierarchy_packet,
	.finish = hierarchy_finish,
	.row = hierarchy_row,
	.release = hierarchy_release,
};
