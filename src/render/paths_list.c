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
	int *hops;         /* a responder each, NOBODY or UNASKED */
	struct text flows; /* "0, 3, 5?" */
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
	*path = (struct one_path){ .hops = mem_new(hop_count(list->crossings) + 1, sizeof *path->hops) };
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
	text_format(&found->flows, certain ? "%s%u" : "%s%u?", found->flows.length ? ", " : "", flow);
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

static void add_path(struct text *out, const struct list *list, size_t number)
{
	const struct paths *paths = list->crossings->paths;
	const struct one_path *path = &list->paths[number];
	char address[ADDRESS_TEXT];

	text_format(out, "path %zu:", number + 1);
	for (size_t i = 0; i < paths->hops->count; i++) {
		const struct hop *hop = &paths->hops->list[i];
		const char *name;

		if (path->hops[i] < 0) {
			text_string(out, path->hops[i] == UNASKED ? " ?" : " *");
			continue;
		}
		name = paths_name(paths->path, &hop->responders[path->hops[i]].address, address);
		text_char(out, ' ');
		text_escaped(out, name, strlen(name));
	}
	text_string(out, memchr(path->flows.data, ',', path->flows.length) ? "  (flows " : "  (flow ");
	text_add(out, path->flows.data, path->flows.length);
	text_string(out, ")\n");
}

void paths_list(struct text *out, const struct paths *paths)
{
	struct crossings crossings;
	struct list list = { .crossings = &crossings };

	crossings_collect(&crossings, paths);
	collect(&list);
	for (size_t i = 0; i < list.count; i++) {
		add_path(out, &list, i);
		text_release(&list.paths[i].flows);
		free(list.paths[i].hops);
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

static void add_sentence(struct text *out, const struct hop *hop, const struct text *sentence)
{
	if (!sentence->length)
		return;
	text_format(out, "hop %u: ", hop->ttl);
	text_add(out, sentence->data, sentence->length);
	text_char(out, '\n');
}

void paths_sentences(struct text *out, const struct paths *paths)
{
	struct crossings crossings;
	struct text sentence = { 0 };

	crossings_collect(&crossings, paths);
	for (size_t i = 0; i < paths->hops->count; i++) {
		const struct hop *hop = &paths->hops->list[i];

		text_clear(&sentence);
		if (paths->confidence)
			say_confidence(&sentence, paths, hop);
		add_sentence(out, hop, &sentence);
		text_clear(&sentence);
		say_spread(&sentence, &crossings, i);
		add_sentence(out, hop, &sentence);
	}
	text_release(&sentence);
	crossings_release(&crossings);
}
