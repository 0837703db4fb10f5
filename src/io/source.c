/* SPDX-License-Identifier: BSD-2-Clause */
/* The verbs that all sources share. */
#include "io/source.h"

#include <stdlib.h>

#include "base/mem.h"

int source_fd(const struct source *source)
{
	return source->ops->fd ? source->ops->fd(source) : -1;
}

void source_stop(struct source *source)
{
	if (source->ops->stop)
		source->ops->stop(source);
}

void source_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	*out = (struct source_counters){ COUNTER_UNKNOWN, COUNTER_UNKNOWN, COUNTER_UNKNOWN };
	if (source->ops->counters)
		source->ops->counters(source, interface, out);
}

void source_close(struct source *source)
{
	struct interface **interfaces;
	uint32_t count;
	bool borrowed;

	if (!source)
		return;
	interfaces = source->interfaces;
	count = source->interface_count;
	borrowed = source->borrows_interfaces;
	source->ops->close(source);
	if (borrowed)
		return;
	for (uint32_t i = 0; i < count; i++) {
		free(interfaces[i]->name);
		free(interfaces[i]->description);
		free(interfaces[i]->filter);
		free(interfaces[i]->hardware);
		free(interfaces[i]->os);
		free(interfaces[i]);
	}
	free(interfaces);
}

struct interface *source_add_interface(struct source *source)
{
	struct interface *interface = mem_new(1, sizeof *interface);
	uint32_t count = source->interface_count;

	if (!(count & (count - 1)))
		source->interfaces = mem_resize(source->interfaces, count ? 2 * (size_t)count : 1,
						sizeof *source->interfaces);
	interface->id = count;
	source->interfaces[count] = interface;
	source->interface_count = count + 1;
	return interface;
}
