/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of paths.h share: who was met where. Nobody else includes it. */
#pragma once

#include "render/paths.h"

#define NOBODY (-1)

/* What one flow met at one hop. */
struct crossing {
	uint32_t sent, answered;
	int responder; /* index into the hop's, the first that was met; or NOBODY */
	bool several;  /* it met more than one */
};

struct crossings {
	const struct paths *paths;
	unsigned flow_count;
	struct crossing *list; /* flow_count of each hop */
	int *responders;       /* of each probe; NOBODY */
};

void crossings_collect(struct crossings *crossings, const struct paths *paths);
void crossings_release(struct crossings *crossings);

static inline const struct crossing *crossing_at(const struct crossings *crossings, size_t hop, unsigned flow)
{
	return &crossings->list[hop * crossings->flow_count + flow];
}

/* Its name, NOT escaped, or its number. */
const char *paths_name(const struct path *path, const struct address *address, char number[ADDRESS_TEXT]);
/* "0-3,5,7,...": those of `count` flows that are set, as many as there is room for. */
void paths_flows(struct text *out, const bool *set, unsigned count);
