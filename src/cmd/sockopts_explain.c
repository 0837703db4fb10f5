/* SPDX-License-Identifier: BSD-2-Clause */
/* One option of sonde sockopts: in words, and as an object. */
#include <stdlib.h>

#include "cmd/sockopts.h"
#include "play/demo.h"
#include "render/members.h"
#include "sockets/sockopt_fresh.h"

#define LABEL 15 /* columns */

static const struct sockopt_level *level_of(const struct sockopt *option)
{
	const struct sockopt_level *level = sockopt_levels;

	while (level->name && level->level != option->level)
		level++;
	return level;
}

/* ------------------------------------------------------------------------------------------------ where */

static const struct {
	unsigned bit;
	const char *name;
} kinds[] = { { ON_TCP, "TCP" },
	      { ON_UDP, "UDP" },
	      { ON_RAW, "raw" },
	      { ON_UNIX, "unix" },
	      { ON_PACKET, "packet" },
	      { ON_IPV4, "IPv4" },
	      { ON_IPV6, "IPv6" },
	      { ON_LISTENER, "listening" },
	      { ON_CONNECTED, "connected" } };

#define KINDS (ON_TCP | ON_UDP | ON_RAW | ON_UNIX | ON_PACKET)

/* Names of the bits that are in `group`, as "TCP, UDP and raw". */
static void name_bits(unsigned on, unsigned group, struct text *out)
{
	unsigned left = on & group;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!(left & kinds[i].bit))
			continue;
		left &= ~kinds[i].bit;
		text_string(out, kinds[i].name);
		if (left)
			text_string(out, left & (left - 1) ? ", " : " and ");
	}
}

void sockopts_on(const struct sockopt *option, struct text *out)
{
	const unsigned states = ON_LISTENER | ON_CONNECTED, families = ON_IPV4 | ON_IPV6;

	if (option->on == ON_ANY)
		return;
	name_bits(option->on, states, out);
	if (option->on & states && option->on & KINDS)
		text_char(out, ' ');
	name_bits(option->on, KINDS, out);
	text_string(out, option->on & (states | KINDS) ? " sockets" : "sockets");
	if (option->on & families)
		text_string(out, " of ");
	name_bits(option->on, families, out);
}

/* ------------------------------------------------------------------------------------------------ in words */

static void label(struct text *out, const char *name)
{
	size_t start = out->length;

	text_format(out, "  %s", name);
	text_pad(out, start, LABEL);
}

static void line(struct text *out, const char *name, const char *words)
{
	if (!words)
		return;
	label(out, name);
	command_wrap(out, words, LABEL);
}

/* "16384 octets (TCP, TCP over IPv6); 212992 octets (UDP)": each value with the sorts that have it. */
static void values(const struct sockopt *option, const struct sockopt_fresh *fresh, struct text *out)
{
	char *seen[FRESH_SORTS] = { NULL }, value[SOCKOPT_VALUE];
	struct text words = { 0 };
	bool any = false;
	size_t length;

	for (unsigned sort = 0; sockopt_fresh_get(fresh, option, &sort, value, &length); sort++) {
		text_clear(&words);
		sockopt_show(option, value, length, &words);
		text_char(&words, '\0');
		seen[sort] = words.data;
		words = (struct text){ 0 };
	}
	for (unsigned i = 0; i < FRESH_SORTS; i++) {
		if (!seen[i])
			continue;
		text_format(out, "%s%s (%s", any ? "; " : "", seen[i], sockopt_fresh_name(i));
		for (unsigned j = i + 1; j < FRESH_SORTS; j++)
			if (seen[j] && !strcmp(seen[i], seen[j])) {
				text_format(out, ", %s", sockopt_fresh_name(j));
				free(seen[j]);
				seen[j] = NULL;
			}
		text_char(out, ')');
		free(seen[i]);
		any = true;
	}
	text_release(&words);
	if (!any)
		text_string(out, option->access & SOCKOPT_GET ? "no new socket answers" : "it cannot be read");
	text_char(out, '\0');
}

static void facts(const struct sockopt_level *level, const struct sockopt *option, const struct sockopt_fresh *fresh,
		  struct text *out)
{
	static const char *const access[] = { "", "read", "set", "read and set" };
	struct text words = { 0 };

	label(out, "level");
	text_format(out, "%s (%d), option %d", level->name, level->level, option->option);
	text_format(out, option->alias ? "; also called %s\n" : "\n", option->alias);
	label(out, "type");
	text_format(out, "%s%s", option->type_name, option->type == SOCKOPT_BOOL ? ", 0 or 1" : "");
	text_format(out, option->unit ? ", in %s\n" : "\n", option->unit);
	sockopts_on(option, &words);
	text_char(&words, '\0');
	line(out, "for", words.length > 1 ? words.data : NULL);
	line(out, "default", option->flags & SOCKOPT_STATE || !(option->access & SOCKOPT_GET) ? NULL : option->initial);
	text_clear(&words);
	values(option, fresh, &words);
	line(out, "here", words.data);
	label(out, "can be");
	text_format(out, "%s%s\n", access[option->access & (SOCKOPT_GET | SOCKOPT_SET)],
		    option->flags & SOCKOPT_EFFECT ? "; reading it changes something" : "");
	line(out, "who may set", option->access & SOCKOPT_SET ? option->who : NULL);
	line(out, "since", option->since);
	line(out, "only with", option->lacking);
	text_release(&words);
}

static void explain(const struct sockopt *option, const struct sockopt_fresh *fresh, struct text *out)
{
	text_format(out, "%s: %s\n\n", option->name, option->summary);
	facts(level_of(option), option, fresh, out);
	text_string(out, "\n  ");
	command_wrap(out, option->meaning, 2);
	for (const char *at = option->use; *at; at += strcspn(at, "\n"), at += *at == '\n')
		text_format(out, "%s      %.*s\n", at == option->use ? "\n" : "", (int)strcspn(at, "\n"), at);
	if (option->also || demo_find(option->name))
		text_char(out, '\n');
	line(out, "see also", option->also);
	if (demo_find(option->name)) {
		label(out, "see it");
		text_format(out, "sonde sockopts --demo %s\n", option->name);
	}
}

/* ------------------------------------------------------------------------------------------------ as an object */

static void element(struct text *out, const char *word, size_t length)
{
	if (out->data[out->length - 1] != '[')
		text_char(out, ',');
	text_char(out, '"');
	text_json(out, word, length);
	text_char(out, '"');
}

/* Words parted by blanks, as a list. */
static void member_words(struct text *out, const char *key, const char *words)
{
	if (!words)
		return;
	member_open(out, key, '[');
	while (*words) {
		size_t length = strcspn(words, " ");

		element(out, words, length);
		words += length + strspn(words + length, " ");
	}
	member_close(out, '[');
}

static void member_on(struct text *out, unsigned on)
{
	if (!on)
		return;
	member_open(out, "on", '[');
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (on & kinds[i].bit)
			element(out, kinds[i].name, strlen(kinds[i].name));
	member_close(out, '[');
}

static void member_value(struct text *out, const struct sockopt *option, const struct sockopt_fresh *fresh)
{
	char value[SOCKOPT_VALUE];
	struct text words = { 0 };
	unsigned sort = 0;
	size_t length;

	if (!sockopt_fresh_get(fresh, option, &sort, value, &length))
		return;
	sockopt_show(option, value, length, &words);
	member_bytes(out, "value", words.length ? words.data : "", words.length);
	member_string(out, "value_of", sockopt_fresh_name(sort));
	text_release(&words);
}

void sockopts_json(const struct sockopt_level *level, const struct sockopt *option, const struct sockopt_fresh *fresh,
		   struct text *out)
{
	member_open(out, NULL, '{');
	member_string(out, "name", option->name);
	member_words(out, "aliases", option->alias);
	member_string(out, "level", level->name);
	member_number(out, "level_number", (uint64_t)option->level);
	member_number(out, "number", (uint64_t)option->option);
	member_string(out, "type", option->type_name);
	member_string(out, "unit", option->unit);
	member_on(out, option->on);
	member_bool(out, "readable", option->access & SOCKOPT_GET);
	member_bool(out, "settable", option->access & SOCKOPT_SET);
	member_true(out, "state", option->flags & SOCKOPT_STATE);
	member_true(out, "effect", option->flags & SOCKOPT_EFFECT);
	member_value(out, option, fresh);
	member_string(out, "initial", option->initial);
	member_string(out, "who", option->who);
	member_string(out, "since", option->since);
	member_string(out, "only_with", option->lacking);
	member_string(out, "summary", option->summary);
	member_string(out, "meaning", option->meaning);
	member_string(out, "use", option->use);
	member_words(out, "also", option->also);
	member_true(out, "demo", demo_find(option->name) != NULL);
	member_close(out, '{');
	text_char(out, '\n');
}

/* ------------------------------------------------------------------------------------------------ */

int sockopts_explain(const struct sockopts_arguments *args, const struct sockopt *option, struct error *err)
{
	struct sockopt_fresh fresh;
	struct text out = { 0 };
	int status;

	sockopt_fresh_open(&fresh);
	if (args->json)
		sockopts_json(level_of(option), option, &fresh, &out);
	else
		explain(option, &fresh, &out);
	sockopt_fresh_close(&fresh);
	status = command_print(&out, err);
	text_release(&out);
	return status;
}
