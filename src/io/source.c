/* SPDX-License-Identifier: BSD-2-Clause */
/* The verbs that all sources share. */
#include "io/source.h"

#include <stdlib.h>

#include "base/mem.h"

int source_next_frame(struct source *source, struct frame *frame, struct error *err)
{
	enum source_answer answer;

	do
		answer = source_next(source, frame, err);
	while (answer > SOURCE_FRAME);
	return (int)answer;
}

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

void source_counters_all(struct source *source, struct source_counters *out)
{
	uint64_t *sums[] = { &out->received, &out->dropped, &out->interface_dropped };
	struct source_counters one;
	const uint64_t *ones[] = { &one.received, &one.dropped, &one.interface_dropped };

	*out = (struct source_counters){ COUNTER_UNKNOWN, COUNTER_UNKNOWN, COUNTER_UNKNOWN };
	for (uint32_t i = 0; i < source->interface_count; i++) {
		source_counters(source, i, &one);
		for (size_t k = 0; k < sizeof sums / sizeof *sums; k++)
			if (*ones[k] != COUNTER_UNKNOWN)
				*sums[k] = *sums[k] == COUNTER_UNKNOWN ? *ones[k] : *sums[k] + *ones[k];
	}
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
