/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/render.h"

#include "render/renderers.h"

const struct renderer *const renderer_list[] = {
	&line_renderer, &tree_renderer, &json_renderer, &fields_renderer, NULL,
};

const struct renderer *renderer_find(const char *name)
{
	for (size_t i = 0; renderer_list[i]; i++)
		if (!strcmp(renderer_list[i]->name, name))
			return renderer_list[i];
	return NULL;
}
