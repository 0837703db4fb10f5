/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/mem.h"
#include "render/path.h"

const struct probe **path_probes(const struct match *match, unsigned ttl, size_t *count)
{
	size_t all = match_count(match);
	const struct probe **list = mem_new(all + 1, sizeof *list);

	*count = 0;
	for (size_t i = 0; i < all; i++) {
		const struct probe *probe = match_probe(match, i);

		if (!ttl || probe->packet.ttl == ttl)
			list[(*count)++] = probe;
	}
	return list;
}
