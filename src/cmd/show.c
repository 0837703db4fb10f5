/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "cmd/command.h"
#include "cmd/terminal.h"
#include "render/time.h"

const struct option_row show_rows[] = {
	{ 'Y', "display-filter", "FILTER", OPTION_STRING, offsetof(struct show_options, display_filter),
	  "only packets that pass this display filter, as 'date.response_time > 0.01'; see sonde filter", NULL, NULL },
	{ 'V', "verbose", NULL, OPTION_FLAG, offsetof(struct show_options, tree),
	  "every layer and every field, as a tree (the same as -T tree)", NULL, NULL },
	{ 'x', "hex", NULL, OPTION_FLAG, offsetof(struct show_options, hex), "add the octets in hexadecimal", NULL,
	  NULL },
	{ 'X', "hex-ascii", NULL, OPTION_FLAG, offsetof(struct show_options, hex_ascii),
	  "add the octets in hexadecimal and as text", NULL, NULL },
	{ 'T', "format", "FORMAT", OPTION_STRING, offsetof(struct show_options, format),
	  "line (one line a packet, the default), tree, json (one object a packet and line) or fields (with -e)", NULL,
	  "line tree json fields" },
	{ 0, "json", NULL, OPTION_FLAG, offsetof(struct show_options, json), "the same as -T json", NULL, NULL },
	{ 'e', "field", "FIELD", OPTION_WORDS, offsetof(struct show_options, fields),
	  "with -T fields, a column; with -T json, a field to keep; may be given many times; see sonde list fields",
	  NULL, "field" },
	{ 'E', "field-format", "KEY=VALUE", OPTION_WORDS, offsetof(struct show_options, settings),
	  "how -T fields writes: header=y|n, separator=/t|/s|CHAR, quote=d|s|n, occurrence=f|l|a (first, last, all), "
	  "aggregator=,|/s|CHAR",
	  NULL, "header=y separator= quote=d occurrence=f occurrence=l occurrence=a aggregator=" },
	{ 't', "time", "FORM", OPTION_STRING, offsetof(struct show_options, time),
	  "the time column: a absolute, ad with date, d since the packet before, dd since the packet shown before, "
	  "e seconds since 1970, r since the first packet, u UTC, ud UTC with date",
	  NULL, "a ad d dd e r u ud" },
	{ 'n', "numeric", NULL, OPTION_FLAG, offsetof(struct show_options, numeric),
	  "no service names: 5555, not rplay", NULL, NULL },
	{ 'q', "quiet", NULL, OPTION_FLAG, offsetof(struct show_options, quiet), "show no packets, only count them",
	  NULL, NULL },
	{ 'l', "line-buffered", NULL, OPTION_FLAG, offsetof(struct show_options, line_buffered),
	  "write each packet at once, also into a pipe or file", NULL, NULL },
	{ 0, "color", "WHEN", OPTION_STRING, offsetof(struct show_options, color),
	  "auto (on a terminal, unless NO_COLOR is set), always or never", NULL, "auto always never" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static int no_format(const char *format, struct error *err)
{
	const char *names[16] = { NULL }, *near;

	for (unsigned i = 0; renderer_list[i] && i < 15; i++)
		names[i] = renderer_list[i]->name;
	near = nearest(format, names);
	return error_set(err, "-T %s: no such format; %s%s%s", format, near ? "did you mean " : "use ",
			 near ? near : "line, tree, json or fields", near ? "?" : "");
}

static int choose_renderer(struct show *show, const struct show_options *options, struct error *err)
{
	const char *format = options->format ? options->format : "line";

	if (options->json)
		format = "json";
	else if (options->tree && !options->format)
		format = "tree";
	show->renderer = renderer_find(format);
	if (!show->renderer)
		return no_format(format, err);
	if (!strcmp(format, "fields") && !options->fields.count)
		return error_set(err, "-T fields: no field is named; add -e FIELD, as -e ip.src");
	if (options->fields.count && strcmp(format, "fields") && strcmp(format, "json"))
		return error_set(err, "-e %s: goes with -T fields or -T json", options->fields.list[0]);
	if (options->quiet)
		show->renderer = NULL;
	return 0;
}

/* tshark's names for characters that a shell makes hard to write. */
static int character(const char *value, char *out)
{
	static const struct {
		const char *name;
		char c;
	} named[] = { { "/t", '\t' }, { "/s", ' ' }, { "\\t", '\t' } };

	for (unsigned i = 0; i < sizeof named / sizeof *named; i++)
		if (!strcmp(value, named[i].name)) {
			*out = named[i].c;
			return 0;
		}
	*out = value[0];
	return value[0] && value[1] ? -1 : 0;
}

static int set_header(struct render_options *options, const char *value)
{
	options->header = *value == 'y';
	return strcmp(value, "y") && strcmp(value, "n") ? -1 : 0;
}

static int set_separator(struct render_options *options, const char *value)
{
	return character(value, &options->separator);
}

static int set_aggregator(struct render_options *options, const char *value)
{
	return character(value, &options->aggregator);
}

static int set_quote(struct render_options *options, const char *value)
{
	options->quote = *value == 'd' ? '"' : *value == 's' ? '\'' : 0;
	return strcmp(value, "d") && strcmp(value, "s") && strcmp(value, "n") ? -1 : 0;
}

static int set_occurrence(struct render_options *options, const char *value)
{
	options->occurrence = *value;
	return strcmp(value, "f") && strcmp(value, "l") && strcmp(value, "a") ? -1 : 0;
}

static int choose_filter(struct show *show, const char *expression, struct error *err)
{
	const struct dissector *dissector;

	if (!expression)
		return 0;
	for (unsigned i = 0; i < RELAY_THREADS; i++)
		if (!(show->hands[i].filter = filter_compile(expression, err)))
			return -1;
	show->filter = show->hands[0].filter;
	filter_want(show->filter, show->protocols);
	show->since_shown = protocols_field("frame.time_delta_displayed", &dissector);
	return 0;
}

static const struct {
	const char *key;
	int (*set)(struct render_options *options, const char *value);
} settings[] = {
	{ "header", set_header }, { "separator", set_separator },   { "aggregator", set_aggregator },
	{ "quote", set_quote },   { "occurrence", set_occurrence },
};

static int one_setting(struct show *show, const char *setting, struct error *err)
{
	size_t key = strcspn(setting, "=");

	for (unsigned i = 0; i < sizeof settings / sizeof *settings; i++) {
		if (strlen(settings[i].key) != key || memcmp(setting, settings[i].key, key) || !setting[key])
			continue;
		if (settings[i].set(&show->options, setting + key + 1) < 0)
			return error_set(err, "-E %s: not a value for %s; see sonde read --help", setting,
					 settings[i].key);
		return 0;
	}
	return error_set(err, "-E %s: use header=, separator=, quote=, occurrence= or aggregator=", setting);
}

static int one_field(struct show *show, const char *name, struct error *err)
{
	const struct dissector *dissector;
	const struct field_def *def = protocols_field(name, &dissector);
	const char *near = def ? NULL : protocols_nearest_field(name);

	if (!def && near)
		return error_set(err, "-e %s: no such field; did you mean %s?", name, near);
	if (!def)
		return error_set(err, "-e %s: no such field; see sonde list fields", name);
	show->options.fields =
		mem_resize(show->options.fields, show->options.field_count + 1, sizeof *show->options.fields);
	show->options.fields[show->options.field_count++] = def;
	protocols_want_field(show->protocols, def);
	return 0;
}

static int choose_fields(struct show *show, const struct show_options *options, struct error *err)
{
	if (!options->fields.count && show->renderer) {
		if (show->renderer->brief)
			protocols_want_brief(show->protocols);
		else
			protocols_want_all(show->protocols);
	}
	for (size_t i = 0; i < options->fields.count; i++)
		if (one_field(show, options->fields.list[i], err) < 0)
			return -1;
	for (size_t i = 0; i < options->settings.count; i++)
		if (one_setting(show, options->settings.list[i], err) < 0)
			return -1;
	return 0;
}

int show_open(struct show *show, const struct show_options *options, const struct source *source, bool interfaces,
	      struct error *err)
{
	*show = (struct show){
		.protocols = protocols_new(),
		.packet = mem_new(1, sizeof *show->packet),
		.source = source,
		.threads = 1,
		.line_buffered = options->line_buffered || isatty(STDOUT_FILENO),
		.options = { .numeric = options->numeric,
			     .hex = options->hex,
			     .hex_ascii = options->hex_ascii,
			     .time_digits = 6,
			     .interfaces = interfaces,
			     .separator = '\t',
			     .aggregator = ',',
			     .occurrence = 'a' },
	};
	pthread_mutex_init(&show->lock, NULL);
	if (choose_renderer(show, options, err) < 0 || choose_fields(show, options, err) < 0 ||
	    choose_filter(show, options->display_filter, err) < 0 ||
	    time_form(options->time ? options->time : "a", &show->options.time, err) < 0 ||
	    terminal_color(options->color, &show->options.color, err) < 0 ||
	    decode_choose(show->protocols, &options->decode, err) < 0)
		return -1;
	return 0;
}

bool show_looks_ahead(const struct show *show)
{
	for (size_t i = 0; i < show->options.field_count; i++)
		if (show->options.fields[i]->flags & FIELD_AHEAD)
			return true;
	return show->filter && filter_reads(show->filter, FIELD_AHEAD);
}

void show_release(struct show *show)
{
	track_free(show->track);
	foresight_free(show->foresight);
	for (unsigned i = 0; i < RELAY_THREADS; i++) {
		filter_free(show->hands[i].filter);
		free(show->hands[i].state);
		free(show->hands[i].before);
	}
	if (show->protocols)
		pthread_mutex_destroy(&show->lock);
	protocols_free(show->protocols);
	free(show->packet);
	free(show->carried);
	free(show->options.fields);
	text_release(&show->out);
}
