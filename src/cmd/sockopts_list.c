/* SPDX-License-Identifier: BSD-2-Clause */
/* The lists of sonde sockopts, with what a new socket answers. */
#include "base/table.h"
#include "cmd/sockopts.h"
#include "sockets/sockopt_fresh.h"

#define SHOWN 24 /* columns of a value in the list for people */
#define LEVELS 8

static const struct table_column people_columns[] = {
	{ "name", CELL_TEXT, false },
	{ "value", CELL_TEXT, false },
	{ "type", CELL_TEXT, false },
	{ "meaning", CELL_TEXT, false },
};

static const struct table_column record_columns[] = {
	{ "level", CELL_TEXT, false },    { "name", CELL_TEXT, false },  { "number", CELL_UINT, false },
	{ "type", CELL_TEXT, false },     { "unit", CELL_TEXT, false },  { "readable", CELL_BOOL, false },
	{ "settable", CELL_BOOL, false }, { "value", CELL_TEXT, false }, { "initial", CELL_TEXT, false },
	{ "who", CELL_TEXT, false },      { "since", CELL_TEXT, false }, { "summary", CELL_TEXT, false },
};

/* NUL-terminated; false: nobody answers. */
static bool fresh_value(const struct sockopt_fresh *fresh, const struct sockopt *option, struct text *out)
{
	char value[SOCKOPT_VALUE];
	unsigned sort = 0;
	size_t length;

	text_clear(out);
	if (!sockopt_fresh_get(fresh, option, &sort, value, &length))
		return false;
	sockopt_show(option, value, length, out);
	text_char(out, '\0');
	return true;
}

static const char *shortened(struct text *value)
{
	if (value->length > SHOWN + 1) {
		value->length = SHOWN - 3;
		text_string(value, "...");
		text_char(value, '\0');
	}
	return value->data;
}

static void add_people(struct table *table, const struct sockopt *option, const struct sockopt_fresh *fresh)
{
	struct text value = { 0 };

	table_text(table, option->name);
	table_text(table, fresh_value(fresh, option, &value) ? shortened(&value) : NULL);
	table_text(table, option->type_name);
	table_text(table, option->summary);
	text_release(&value);
}

static void add_record(struct table *table, const struct sockopt_level *level, const struct sockopt *option,
		       const struct sockopt_fresh *fresh)
{
	struct text value = { 0 };

	table_text(table, level->name);
	table_text(table, option->name);
	table_uint(table, (uint64_t)option->option);
	table_text(table, option->type_name);
	table_text(table, option->unit);
	table_bool(table, option->access & SOCKOPT_GET);
	table_bool(table, option->access & SOCKOPT_SET);
	table_text(table, fresh_value(fresh, option, &value) ? value.data : NULL);
	table_text(table, option->initial);
	table_text(table, option->who);
	table_text(table, option->since);
	table_text(table, option->summary);
	text_release(&value);
}

/* ------------------------------------------------------------------------------------------------ levels */

/* Level by level, all with the same columns. */
static void people(const struct sockopt_level *only, const struct sockopt_fresh *fresh, struct text *out)
{
	size_t widths[sizeof people_columns / sizeof *people_columns] = { 0 };
	struct table tables[LEVELS];
	const struct sockopt *option;
	bool first = true;

	for (unsigned n = 0; sockopt_levels[n].name && n < LEVELS; n++) {
		table_init(&tables[n], people_columns, sizeof people_columns / sizeof *people_columns);
		for (size_t i = 0; (option = sockopt_at(&sockopt_levels[n], i)); i++)
			add_people(&tables[n], option, fresh);
		table_measure(&tables[n], widths);
	}
	for (unsigned n = 0; sockopt_levels[n].name && n < LEVELS; n++) {
		const struct sockopt_level *level = &sockopt_levels[n];

		if (!only || only == level) {
			text_format(out, "%s%s: %s\n", first ? "" : "\n", level->name, level->title);
			table_print_names(&tables[n], TABLE_PLAIN, widths, out);
			table_print_rows(&tables[n], TABLE_PLAIN, widths, out);
			first = false;
		}
		table_release(&tables[n]);
	}
}

static void records(const struct sockopt_level *only, const struct sockopt_fresh *fresh, bool json, struct text *out)
{
	const struct sockopt *option;
	struct table table;

	table_init(&table, record_columns, sizeof record_columns / sizeof *record_columns);
	for (const struct sockopt_level *level = sockopt_levels; level->name; level++)
		for (size_t i = 0; (!only || only == level) && (option = sockopt_at(level, i)); i++)
			if (json)
				sockopts_json(level, option, fresh, out);
			else
				add_record(&table, level, option, fresh);
	if (!json)
		table_print(&table, TABLE_CSV, out);
	table_release(&table);
}

static void names(const struct sockopt_level *only, struct text *out)
{
	const struct sockopt *option;

	for (const struct sockopt_level *level = sockopt_levels; level->name; level++)
		for (size_t i = 0; (!only || only == level) && (option = sockopt_at(level, i)); i++)
			text_format(out, "%s\n", option->name);
}

int sockopts_list(const struct sockopts_arguments *args, const struct sockopt_level *level, struct error *err)
{
	struct sockopt_fresh fresh;
	struct text out = { 0 };
	int status;

	sockopt_fresh_open(&fresh);
	if (args->names)
		names(level, &out);
	else if (args->json || args->csv)
		records(level, &fresh, args->json, &out);
	else
		people(level, &fresh, &out);
	sockopt_fresh_close(&fresh);
	status = command_print(&out, err);
	text_release(&out);
	return status;
}
