/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The paths themselves: flows that met the same responders. What a flow was not asked about, or did not answer, fits
 * any path; where all flows met one responder, this one did as well.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "render/paths_parts.h"

#define UNASKED (-2) /* besides NOBODY */

struct one_path {
	int *hops;    /* a responder each, NOBODY or UNASKED */
	bool *flows;  /* that took it */
	bool *likely; /* that fit it and no other, and are not known everywhere */
};

struct list {
	const struct crossings *crossings;
	struct one_path *paths;
	size_t count;
};

static size_t hop_count(const struct crossings *crossings)
{
	return crossings->paths->hops->count;
}

/* ------------------------------------------------------------------------------------------------ flows */

static int met(const struct crossings *crossings, size_t hop, unsigned flow)
{
	const struct crossing *crossing = crossing_at(crossings, hop, flow);

	if (crossing->responder != NOBODY)
		return crossing->responder;
	if (crossings->paths->hops->list[hop].responder_count == 1)
		return 0;
	return crossing->sent ? NOBODY : UNASKED;
}

/* How many hops it is not known of, where others know. -1: it was never sent. */
static int unknown_hops(const struct crossings *crossings, unsigned flow)
{
	bool sent = false;
	int unknown = 0;

	for (size_t hop = 0; hop < hop_count(crossings); hop++) {
		sent |= crossing_at(crossings, hop, flow)->sent > 0;
		unknown += met(crossings, hop, flow) < 0 && crossings->paths->hops->list[hop].responder_count > 0;
	}
	return sent ? unknown : -1;
}

static bool fits(const struct crossings *crossings, const struct one_path *path, unsigned flow)
{
	for (size_t hop = 0; hop < hop_count(crossings); hop++) {
		int responder = met(crossings, hop, flow);

		if (responder >= 0 && path->hops[hop] >= 0 && responder != path->hops[hop])
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------------------------------------ collecting */

static struct one_path *new_path(struct list *list, unsigned flow)
{
	struct one_path *path;

	list->paths = mem_resize(list->paths, list->count + 1, sizeof *list->paths);
	path = &list->paths[list->count++];
	*path = (struct one_path){
		.hops = mem_new(hop_count(list->crossings) + 1, sizeof *path->hops),
		.flows = mem_new(list->crossings->flow_count, sizeof *path->flows),
		.likely = mem_new(list->crossings->flow_count, sizeof *path->likely),
	};
	for (size_t hop = 0; hop < hop_count(list->crossings); hop++)
		path->hops[hop] = met(list->crossings, hop, flow);
	return path;
}

/* Of those that are not known everywhere: where it fits more than one path it tells of neither. */
static void add_flow(struct list *list, unsigned flow, bool certain)
{
	struct one_path *found = NULL;
	size_t fitting = 0;

	for (size_t i = 0; i < list->count; i++)
		if (fits(list->crossings, &list->paths[i], flow)) {
			found = &list->paths[i];
			fitting++;
		}
	if (fitting > 1)
		return;
	if (!found)
		found = new_path(list, flow);
	(certain ? found->flows : found->likely)[flow] = true;
}

/* The best known first, for the others are measured by them. */
static void collect(struct list *list)
{
	const struct crossings *crossings = list->crossings;
	int most = (int)hop_count(crossings);

	for (int unknown = 0; unknown <= most; unknown++)
		for (unsigned flow = 0; flow < crossings->flow_count; flow++)
			if (unknown_hops(crossings, flow) == unknown)
				add_flow(list, flow, unknown == 0);
}

/* ------------------------------------------------------------------------------------------------ printing */

static void add_hop(struct text *out, const struct paths *paths, const struct hop *hop, int responder)
{
	char number[ADDRESS_TEXT];
	const char *name;

	text_char(out, ' ');
	if (responder < 0) {
		text_char(out, responder == UNASKED ? '?' : '*');
		return;
	}
	name = paths_name(paths->path, &hop->responders[responder].address, number);
	text_escaped(out, name, strlen(name));
}

static void add_flows(struct text *out, const struct one_path *path, unsigned count)
{
	size_t start;

	text_string(out, "  (flows ");
	start = out->length;
	paths_flows(out, path->flows, count);
	if (memchr(path->likely, true, count)) {
		text_string(out, out->length > start ? "; likely " : "likely ");
		paths_flows(out, path->likely, count);
	}
	text_char(out, ')');
}

static void add_path(struct text *out, const struct list *list, size_t number)
{
	const struct paths *paths = list->crossings->paths;
	const struct one_path *path = &list->paths[number];

	text_format(out, "path %zu:", number + 1);
	for (size_t i = 0; i < paths->hops->count; i++)
		add_hop(out, paths, &paths->hops->list[i], path->hops[i]);
	add_flows(out, path, list->crossings->flow_count);
	text_char(out, '\n');
}

void paths_list(struct text *out, const struct paths *paths)
{
	struct crossings crossings;
	struct list list = { .crossings = &crossings };

	crossings_collect(&crossings, paths);
	collect(&list);
	for (size_t i = 0; i < list.count; i++) {
		add_path(out, &list, i);
		free(list.paths[i].hops);
		free(list.paths[i].flows);
		free(list.paths[i].likely);
	}
	free(list.paths);
	crossings_release(&crossings);
}

/* ------------------------------------------------------------------------------------------------ sentences */

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void say_confidence(struct text *out, const struct paths *paths, const struct hop *hop)
{
	unsigned needed = 0, tried = paths->tried(paths->trace, hop->ttl, &needed);

	if (!hop->responder_count) {
		text_format(out, "%u flow%s tried, no answer", tried, plural(tried));
		return;
	}
	text_format(out, "%zu responder%s; %u flow%s tried", hop->responder_count, plural(hop->responder_count), tried,
		    plural(tried));
	if (tried >= needed)
		text_format(out, "; %u %% sure that there are no more", paths->confidence);
	else
		text_format(out, ", %u would make %u %% sure: there may be more", needed, paths->confidence);
}

static void say_spread(struct text *out, const struct crossings *crossings, size_t hop)
{
	unsigned spread = 0;

	for (unsigned flow = 0; flow < crossings->flow_count; flow++)
		spread += crossing_at(crossings, hop, flow)->several;
	if (spread)
		text_format(
			out,
			"%u flow%s met several responders: packets of one flow go several ways, or the path changed",
			spread, plural(spread));
}

static void add_sentence(struct text *out, unsigned first, unsigned last, const struct text *sentence)
{
	text_format(out, first == last ? "hop %u: " : "hops %u-%u: ", first, last);
	text_add(out, sentence->data, sentence->length);
	text_char(out, '\n');
}

static bool same_text(const struct text *a, const struct text *b)
{
	return a->length == b->length && !memcmp(a->data, b->data, a->length);
}

/* The same of several hops in a row is said once. */
static void add_confidence(struct text *out, const struct paths *paths)
{
	struct text said = { 0 }, next = { 0 };
	const struct hop *list = paths->hops->list;
	size_t count = paths->confidence ? paths->hops->count : 0, end;

	for (size_t i = 0; i < count; i = end) {
		text_clear(&said);
		say_confidence(&said, paths, &list[i]);
		for (end = i + 1; end < count; end++) {
			text_clear(&next);
			say_confidence(&next, paths, &list[end]);
			if (!same_text(&said, &next))
				break;
		}
		add_sentence(out, list[i].ttl, list[end - 1].ttl, &said);
	}
	text_release(&said);
	text_release(&next);
}

void paths_sentences(struct text *out, const struct paths *paths)
{
	struct crossings crossings;
	struct text sentence = { 0 };

	add_confidence(out, paths);
	crossings_collect(&crossings, paths);
	for (size_t i = 0; i < paths->hops->count; i++) {
		unsigned ttl = paths->hops->list[i].ttl;

		text_clear(&sentence);
		say_spread(&sentence, &crossings, i);
		if (sentence.length)
			add_sentence(out, ttl, ttl, &sentence);
	}
	text_release(&sentence);
	crossings_release(&crossings);
}
