/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/listening.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/process.h"
#include "base/text.h"

struct source *listening_open(const struct words *interfaces, const struct source_live_options *options,
			      listening_engine *engine, struct error *err)
{
	struct source **sources = mem_new(interfaces->count + 1, sizeof *sources), *all = NULL;
	size_t opened = 0;

	if (!interfaces->count)
		sources[0] = engine("any", options, err);
	while (opened < interfaces->count && (sources[opened] = engine(interfaces->list[opened], options, err)))
		opened++;
	if (interfaces->count <= 1)
		all = sources[0];
	else if (opened == interfaces->count)
		all = source_many_open(sources, opened);
	else
		while (opened > 0)
			source_close(sources[--opened]);
	free(sources);
	return all;
}

void listening_announce(const struct source *source, const char *filter)
{
	struct text line = { 0 };

	text_string(&line, "listening on ");
	for (uint32_t i = 0; i < source->interface_count || (!source->interface_count && !i); i++) {
		const char *name = i < source->interface_count ? source->interfaces[i]->name : NULL;

		text_string(&line, i ? ", " : "");
		text_escaped(&line, name ? name : "any", strlen(name ? name : "any"));
	}
	if (filter && *filter) {
		text_string(&line, ", filter ");
		text_escaped(&line, filter, strlen(filter));
	}
	text_char(&line, '\n');
	fwrite(line.data, 1, line.length, stderr);
	text_release(&line);
}

int listening_ready(const char *descriptor, struct error *err)
{
	uint64_t fd;

	if (!descriptor)
		return 0;
	if (option_number(descriptor, &fd) < 0 || fd > INT32_MAX)
		return error_set(err, "--ready-fd %s: not a descriptor", descriptor);
	return process_ready((int)fd, err);
}
