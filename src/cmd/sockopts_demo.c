/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde sockopts --demo: what an option does, shown. */
#include <unistd.h>

#include "base/table.h"
#include "cmd/sockopts.h"
#include "play/demo.h"

static const struct table_column columns[] = {
	{ "name", CELL_TEXT, false },
	{ "needs", CELL_TEXT, false },
	{ "shows", CELL_TEXT, false },
};

static int list(const struct sockopts_arguments *args, struct error *err)
{
	struct text out = { 0 };
	const struct demo *demo;
	struct table table;
	int status;

	table_init(&table, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; (demo = demo_at(i)); i++) {
		table_text(&table, demo->option);
		table_text(&table, demo->needs);
		table_text(&table, demo->shows);
	}
	table_print(&table, args->json ? TABLE_JSON : args->csv ? TABLE_CSV : TABLE_PLAIN, &out);
	status = command_print(&out, err);
	table_release(&table);
	text_release(&out);
	return status;
}

struct stage {
	struct error err;
	bool failed; /* standard output did */
};

static void say(void *context, const char *text, size_t length)
{
	const struct text line = { .data = (char *)text, .length = length };
	struct stage *stage = context;

	if (!stage->failed && command_print(&line, &stage->err) < 0)
		stage->failed = true;
}

static int show(const struct demo *demo, struct error *err)
{
	struct stage stage = { .failed = false };
	const struct narrator narrator = { .reasons = true, .say = say, .context = &stage };
	struct text out = { 0 };
	struct error why = { "" };
	int result, status;

	text_format(&out, "%s: %s\n\n", demo->option, demo->shows);
	status = command_print(&out, err);
	text_release(&out);
	if (status < 0)
		return -1;
	result = demo->run(&narrator, &why);
	if (stage.failed || result < 0) {
		*err = stage.failed ? stage.err : why;
		return -1;
	}
	text_string(&out, result ? "\nSeen.\n" : "\nNot seen: ");
	if (!result) {
		text_escaped(&out, why.text, strlen(why.text));
		text_char(&out, '\n');
	}
	status = command_print(&out, err);
	text_release(&out);
	return status < 0 ? -1 : result ? EXIT_DONE : EXIT_NO;
}

int sockopts_demo(const struct sockopts_arguments *args, const char *name, struct error *err)
{
	const struct sockopt *option;
	const struct demo *demo;

	if (!name)
		return list(args, err);
	option = sockopt_find(name, err);
	if (!option)
		return -1;
	demo = demo_find(option->name);
	if (!demo)
		return error_set(err,
				 "%s: there is no demonstration of it; sonde sockopts --demo lists those there are",
				 option->name);
	return show(demo, err);
}
