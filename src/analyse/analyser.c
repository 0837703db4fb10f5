/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of analysers, and several of them at work in one run. */
#include "analyse/analyser.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

extern const struct analyser hierarchy_analyser, endpoints_analyser, conversations_analyser, rate_analyser,
	dialogues_analyser, chat_analyser, health_analyser, lengths_analyser;

const struct analyser *const analyser_list[] = {
	&hierarchy_analyser,
	&endpoints_analyser,
	&conversations_analyser,
	&rate_analyser,
	&dialogues_analyser,
	&chat_analyser,
	&health_analyser,
	&lengths_analyser,
	NULL,
};

const struct analyser *analyser_find(const char *name)
{
	for (unsigned i = 0; analyser_list[i]; i++)
		if (!strcmp(analyser_list[i]->name, name))
			return analyser_list[i];
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ several */

void analysis_add(struct analysis *analysis, const struct analyser *analyser)
{
	for (unsigned i = 0; i < analysis->count; i++)
		if (analysis->analysers[i] == analyser)
			return;
	if (analysis->count == ANALYSES_MAX)
		bug("more analysers than ANALYSES_MAX");
	analysis->analysers[analysis->count++] = analyser;
}

unsigned analysis_parts(const struct analysis *analysis)
{
	unsigned parts = TRACK_FLOWS;

	for (unsigned i = 0; i < analysis->count; i++)
		parts |= analysis->analysers[i]->parts;
	return parts;
}

/* A filter may ask for anything. */
static bool goes_to_ports(const struct analysis *analysis)
{
	for (unsigned i = 0; i < analysis->count; i++)
		if (!analysis->analysers[i]->to_ports)
			return false;
	return !analysis->options.filtered;
}

void analysis_start(struct analysis *analysis, struct protocols *protocols)
{
	protocols_want_roles(protocols);
	if (goes_to_ports(analysis))
		protocols_leave_out(protocols);
	for (unsigned i = 0; i < analysis->count; i++) {
		const struct analyser *analyser = analysis->analysers[i];

		analysis->states[i] = mem_new(1, analyser->state_size);
		if (analyser->want)
			analyser->want(protocols);
		analyser->start(analysis->states[i], &analysis->options);
	}
}

static void tell_dialogue(void *context, const struct dialogue *dialogue, bool over)
{
	struct analysis *analysis = context;

	for (unsigned i = 0; i < analysis->count; i++)
		if (analysis->analysers[i]->dialogue)
			analysis->analysers[i]->dialogue(analysis->states[i], dialogue, over);
}

static void tell_said(void *context, const struct chat_said *said)
{
	struct analysis *analysis = context;

	for (unsigned i = 0; i < analysis->count; i++)
		if (analysis->analysers[i]->said)
			analysis->analysers[i]->said(analysis->states[i], said);
}

static void tell_user(void *context, const struct chat_user *user)
{
	struct analysis *analysis = context;

	for (unsigned i = 0; i < analysis->count; i++)
		if (analysis->analysers[i]->user)
			analysis->analysers[i]->user(analysis->states[i], user);
}

void analysis_listen(struct analysis *analysis, struct track *track)
{
	const struct dialogue_listener listener = {
		.dialogue = tell_dialogue, .said = tell_said, .user = tell_user, .context = analysis
	};

	if (analysis_parts(analysis) & TRACK_DIALOGUES)
		track_listen(track, &listener);
}

void analysis_packet(struct analysis *analysis, const struct packet *packet, const struct tracked *tracked)
{
	for (unsigned i = 0; i < analysis->count; i++)
		if (analysis->analysers[i]->packet)
			analysis->analysers[i]->packet(analysis->states[i], packet, tracked);
}

void analysis_finish(struct analysis *analysis, const struct analysis_end *end)
{
	for (unsigned i = 0; i < analysis->count; i++)
		analysis->analysers[i]->finish(analysis->states[i], end, &analysis->results[i]);
}

void analysis_release(struct analysis *analysis)
{
	for (unsigned i = 0; i < analysis->count; i++) {
		if (analysis->states[i] && analysis->analysers[i]->release)
			analysis->analysers[i]->release(analysis->states[i]);
		free(analysis->states[i]);
		text_release(&analysis->results[i].notes);
	}
	*analysis = (struct analysis){ 0 };
}
