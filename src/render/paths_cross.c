/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>

#include "base/mem.h"
#include "render/paths_parts.h"

#define FLOWS_SHOWN 40 /* octets of a list of flows */

static int find_responder(const struct hop *hop, const struct address *address)
{
	for (size_t i = 0; i < hop->responder_count; i++)
		if (address_same_host(&hop->responders[i].address, address))
			return (int)i;
	return NOBODY;
}

/* The hop that it asked; NULL: none that is looked at. */
static const struct hop *hop_of(const struct hops *hops, const struct probe *probe)
{
	unsigned first = hops->count ? hops->list[0].ttl : 0;

	if (probe->packet.ttl < first || probe->packet.ttl - first >= hops->count)
		return NULL;
	return &hops->list[probe->packet.ttl - first];
}

static unsigned count_flows(const struct paths *paths)
{
	unsigned count = 0;

	for (size_t i = 0; i < paths->probe_count; i++)
		if (paths->probes[i]->flow >= count)
			count = paths->probes[i]->flow + 1u;
	return count;
}

/* It flies, waits, or never left: it tells nothing. */
static bool tells_nothing(const struct probe *probe)
{
	return probe->state == PROBE_PLANNED || probe->state == PROBE_FLYING || probe->state == PROBE_FAILED;
}

static int cross(struct crossing *crossing, const struct hop *hop, const struct probe *probe)
{
	int responder = probe->answer ? find_responder(hop, &probe->answer->from) : NOBODY;

	crossing->sent++;
	if (responder == NOBODY)
		return responder;
	crossing->answered++;
	if (crossing->responder == NOBODY)
		crossing->responder = responder;
	crossing->several |= crossing->responder != responder;
	return responder;
}

void crossings_collect(struct crossings *crossings, const struct paths *paths)
{
	unsigned flows = count_flows(paths);

	*crossings = (struct crossings){
		.paths = paths,
		.flow_count = flows,
		.list = mem_new(paths->hops->count * flows + 1, sizeof *crossings->list),
		.responders = mem_new(paths->probe_count + 1, sizeof *crossings->responders),
	};
	for (size_t i = 0; i < paths->hops->count * flows; i++)
		crossings->list[i].responder = NOBODY;
	for (size_t i = 0; i < paths->probe_count; i++) {
		const struct probe *probe = paths->probes[i];
		const struct hop *hop = hop_of(paths->hops, probe);

		crossings->responders[i] = NOBODY;
		if (hop && !tells_nothing(probe))
			crossings->responders[i] = cross(
				&crossings->list[(size_t)(hop - paths->hops->list) * flows + probe->flow], hop, probe);
	}
}

void crossings_release(struct crossings *crossings)
{
	free(crossings->list);
	free(crossings->responders);
}

const char *paths_name(const struct path *path, const struct address *address, char number[ADDRESS_TEXT])
{
	const char *name = !path->numeric && path->name ? path->name(path->context, address) : NULL;

	return name ? name : address_host_text(address, number);
}

void paths_flows(struct text *out, const bool *met, unsigned count)
{
	size_t start = out->length;

	for (unsigned flow = 0; flow < count; flow++) {
		unsigned last = flow;

		if (!met[flow])
			continue;
		if (out->length - start > FLOWS_SHOWN) {
			text_string(out, ",...");
			return;
		}
		while (last + 1 < count && met[last + 1])
			last++;
		text_format(out, last > flow ? "%s%u-%u" : "%s%u", out->length > start ? "," : "", flow, last);
		flow = last;
	}
}
