/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde list: interfaces, protocols, fields and server models. */
#include <string.h>

#include "base/nearest.h"
#include "base/table.h"
#include "cmd/command.h"
#include "io/interfaces.h"
#include "io/privilege.h"
#include "packet/dissect.h"
#include "packet/dissector.h"
#include "play/server.h"

struct list_arguments {
	bool json, csv, names;
};

static const struct option_row rows[] = {
	{ 0, "json", NULL, OPTION_FLAG, offsetof(struct list_arguments, json), "one object a row", NULL, NULL },
	{ 0, "csv", NULL, OPTION_FLAG, offsetof(struct list_arguments, csv), "comma-separated values", NULL, NULL },
	{ 0, "names", NULL, OPTION_FLAG, offsetof(struct list_arguments, names), "the names alone, one a line", NULL,
	  NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = { { "How", rows, 0 }, { NULL, NULL, 0 } };

/* Rows that hold the word anywhere, in any case. The first column is the name. */
static bool matches(const char *word, const char *name, const char *text)
{
	return !word || strcasestr(name, word) || (text && strcasestr(text, word));
}

/* ------------------------------------------------------------------------------------------------ interfaces */

static const struct table_column interface_columns[] = {
	{ "name", CELL_TEXT, false }, { "index", CELL_UINT, true }, { "state", CELL_TEXT, false },
	{ "link", CELL_TEXT, false }, { "mtu", CELL_UINT, true },   { "addresses", CELL_TEXT, false },
};

static const char *link_word(const struct interface_info *info)
{
	static const char *const words[] = {
		[TAP_ETHERNET] = "ethernet", [TAP_RAW] = "raw IP", [TAP_COOKED] = "cooked"
	};

	return words[info->shape];
}

static void add_addresses(struct table *table, const struct interface_info *info)
{
	struct text all = { 0 };

	for (size_t i = 0; i < info->address_count; i++) {
		text_string(&all, i ? " " : "");
		text_string(&all, info->addresses[i]);
	}
	text_char(&all, '\0');
	table_text(table, info->address_count ? all.data : NULL);
	text_release(&all);
}

static int list_interfaces(struct table *table, const char *word, struct error *err)
{
	struct interfaces all = { 0 };

	if (interfaces_read(&all, err) < 0)
		return -1;
	for (size_t i = 0; i < all.count; i++) {
		const struct interface_info *info = &all.list[i];

		if (!matches(word, info->name, NULL))
			continue;
		table_text(table, info->name);
		if (info->index) {
			table_uint(table, info->index);
			table_text(table, !(info->flags & IFF_UP)     ? "down"
					  : info->flags & IFF_RUNNING ? "up"
								      : "up, no carrier");
		} else {
			table_absent(table);
			table_text(table, "all of them");
		}
		table_text(table, link_word(info));
		if (info->mtu)
			table_uint(table, info->mtu);
		else
			table_absent(table);
		add_addresses(table, info);
	}
	interfaces_release(&all);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ protocols */

static const struct table_column protocol_columns[] = {
	{ "name", CELL_TEXT, false },     { "title", CELL_TEXT, false },     { "full_name", CELL_TEXT, false },
	{ "found_at", CELL_TEXT, false }, { "reference", CELL_TEXT, false }, { "fields", CELL_UINT, true },
};

static void add_places(struct table *table, const struct dissector *d)
{
	struct text places = { 0 };
	char place[64];

	for (const struct bind *b = d->binds; b && b->space != BY_NONE; b++) {
		bind_text(b, place, sizeof place);
		text_format(&places, "%s%s", places.length ? " " : "", place);
	}
	if (d->recognise)
		text_format(&places, "%scontent", places.length ? " " : "");
	text_char(&places, '\0');
	table_text(table, places.length > 1 ? places.data : NULL);
	text_release(&places);
}

static int list_protocols(struct table *table, const char *word, struct error *err)
{
	(void)err;
	for (unsigned i = 0; dissector_list[i]; i++) {
		const struct dissector *d = dissector_list[i];

		if (!matches(word, d->name, d->full_name))
			continue;
		table_text(table, d->name);
		table_text(table, d->title);
		table_text(table, d->full_name);
		add_places(table, d);
		table_text(table, d->reference);
		table_uint(table, d->field_count);
	}
	return 0;
}

/* ------------------------------------------------------------------------------------------------ fields */

static const struct table_column field_columns[] = {
	{ "name", CELL_TEXT, false },  { "type", CELL_TEXT, false },    { "octets", CELL_UINT, true },
	{ "label", CELL_TEXT, false }, { "meaning", CELL_TEXT, false },
};

static const char *const type_names[FIELD_TYPES] = {
	[FIELD_NONE] = "presence",     [FIELD_UINT] = "unsigned",     [FIELD_HEX] = "unsigned (hex)",
	[FIELD_INT] = "signed",        [FIELD_BOOL] = "boolean",      [FIELD_MAC] = "MAC address",
	[FIELD_IPV4] = "IPv4 address", [FIELD_IPV6] = "IPv6 address", [FIELD_BYTES] = "octets",
	[FIELD_STRING] = "text",       [FIELD_TIME] = "time",         [FIELD_DURATION] = "duration",
};

static void add_field(struct table *table, const struct field_def *def)
{
	table_text(table, def->name);
	table_text(table, def->flags & FIELD_EITHER ? "either"
			  : def->flags & FIELD_ALIAS ? "alias" : type_names[def->type]);
	if (def->width)
		table_uint(table, def->width);
	else
		table_absent(table);
	table_text(table, def->label);
	table_text(table, def->help);
}

static int list_fields(struct table *table, const char *word, struct error *err)
{
	(void)err;
	for (unsigned i = 0; dissector_list[i]; i++)
		for (unsigned row = 0; row < dissector_list[i]->field_count; row++) {
			const struct field_def *def = &dissector_list[i]->fields[row];

			if (matches(word, def->name, def->label))
				add_field(table, def);
		}
	return 0;
}

/* ------------------------------------------------------------------------------------------------ server models */

static const struct table_column model_columns[] = {
	{ "name", CELL_TEXT, false },
	{ "shares_memory", CELL_BOOL, false },
	{ "explanation", CELL_TEXT, false },
};

static int list_models(struct table *table, const char *word, struct error *err)
{
	(void)err;
	for (unsigned i = 0; server_models[i]; i++) {
		const struct server_model *model = server_models[i];

		if (!matches(word, model->name, model->explanation))
			continue;
		table_text(table, model->name);
		table_bool(table, !model->own_memory);
		table_text(table, model->explanation);
	}
	return 0;
}

/* ------------------------------------------------------------------------------------------------ the command */

static const struct list {
	const char *name;
	const struct table_column *columns;
	unsigned column_count;
	int (*fill)(struct table *table, const char *word, struct error *err);
} lists[] = {
	{ "interfaces", interface_columns, sizeof interface_columns / sizeof *interface_columns, list_interfaces },
	{ "protocols", protocol_columns, sizeof protocol_columns / sizeof *protocol_columns, list_protocols },
	{ "fields", field_columns, sizeof field_columns / sizeof *field_columns, list_fields },
	{ "models", model_columns, sizeof model_columns / sizeof *model_columns, list_models },
};

static const struct list *list_find(const char *name, struct error *err)
{
	const char *names[] = { "interfaces", "protocols", "fields", "models", NULL }, *near;

	for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++)
		if (!strcmp(name, lists[i].name))
			return &lists[i];
	near = nearest(name, names);
	error_set(err,
		  near ? "no list '%s'; did you mean '%s'?" :
			 "no list '%s'; use interfaces, protocols, fields or models",
		  name, near);
	return NULL;
}

/* The names stand in the first column; a table prints them as CSV would, so they are printed here. */
static void print_names(const struct table *table, struct text *out)
{
	for (size_t i = 0; i < table->count; i += table->column_count) {
		text_escaped(out, table_string(table, &table->cells[i]), table->cells[i].length);
		text_char(out, '\n');
	}
}

static int list_run(void *arguments, const struct words *words, struct error *err)
{
	const struct list_arguments *args = arguments;
	const struct list *list;
	struct table table;
	struct text out = { 0 };
	int status;

	if (!words->count)
		return error_set(err, "no list is named; use sonde list interfaces, protocols, fields or models");
	list = list_find(words->list[0], err);
	if (!list)
		return -1;
	table_init(&table, list->columns, list->column_count);
	status = list->fill(&table, words->count > 1 ? words->list[1] : NULL, err);
	if (status == 0 && args->names)
		print_names(&table, &out);
	else if (status == 0)
		table_print(&table, args->json ? TABLE_JSON : args->csv ? TABLE_CSV : TABLE_PLAIN, &out);
	if (status == 0)
		status = command_print(&out, err);
	if (status == 0)
		status = table.count ? EXIT_DONE : EXIT_NO;
	table_release(&table);
	text_release(&out);
	return status;
}

static const char *const examples[] = {
	"sonde list interfaces",
	"where packets can be captured",
	"sonde list fields date",
	"every field with date in its name or label",
	"sonde list protocols --json",
	"one object a protocol",
	"sonde list models",
	"what --model can be, what each costs and what one slow client does to the others",
	NULL,
};

const struct command list_command = {
	.name = "list",
	.summary = "interfaces, protocols, fields and server models",
	.synopsis = "interfaces|protocols|fields|models [WORD]",
	.complete = "interfaces protocols fields models",
	.description = "Lists what there is; with WORD only rows that hold it in their name or title. Exit status 1 "
		       "when no row "
		       "does.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct list_arguments),
	.run = list_run,
};
