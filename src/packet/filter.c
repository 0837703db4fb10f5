/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet/filter.h"

#include <stdlib.h>

#include "base/mem.h"
#include "packet/filter_parts.h"

static int build(struct filter *filter)
{
	if (filter_parse(&filter->tree) < 0 || filter_check(&filter->tree) < 0 || filter_generate(filter) < 0)
		return -1;
	filter_pattern_prepare(filter);
	filter->tree.source.err = NULL;
	return 0;
}

static const struct filter_names packet_names = {
	dissector_list, "field or protocol", "sonde list fields", "packet", true,
};

struct filter *filter_compile(const char *expression, struct error *err)
{
	return filter_compile_for(&packet_names, expression, err);
}

struct filter *filter_compile_for(const struct filter_names *names, const char *expression, struct error *err)
{
	size_t length = strlen(expression);
	struct filter *filter;

	if (length > FILTER_MAX_LENGTH) {
		error_set(err, "the filter has %zu octets; %d are the most", length, FILTER_MAX_LENGTH);
		return NULL;
	}
	filter = mem_new(1, sizeof *filter);
	filter->expression = mem_copy_string(expression);
	filter->tree.source = (struct filter_source){ filter->expression, (uint32_t)length, names, err };
	if (build(filter) < 0) {
		filter_free(filter);
		return NULL;
	}
	return filter;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	filter_steps_release(filter);
	filter_pattern_release(filter);
	filter_tree_release(&filter->tree);
	filter_room_release(&filter->room);
	free(filter->expression);
	free(filter);
}

void filter_want(const struct filter *filter, struct protocols *protocols)
{
	for (const struct filter_node *node = filter->tree.nodes; node; node = node->made)
		if (node->kind == NODE_FIELD)
			protocols_want_field(protocols, node->def);
}

static bool node_reads(const struct filter_node *node, const struct field_def *def)
{
	if (node->kind != NODE_FIELD)
		return false;
	for (const uint8_t *row = node->def->either; row && *row != 0xff; row++)
		if (&node->dissector->fields[*row] == def)
			return true;
	return node->def == def;
}

bool filter_reads_field(const struct filter *filter, const struct field_def *def)
{
	for (const struct filter_node *node = filter->tree.nodes; node; node = node->made)
		if (node_reads(node, def))
			return true;
	return false;
}

bool filter_reads(const struct filter *filter, unsigned flags)
{
	for (const struct filter_node *node = filter->tree.nodes; node; node = node->made) {
		if (node->kind != NODE_FIELD)
			continue;
		if (node->def->flags & flags)
			return true;
		for (const uint8_t *row = node->def->either; row && *row != 0xff; row++)
			if (node->dissector->fields[*row].flags & flags)
				return true;
	}
	return false;
}
