/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/demo.h"

#include <string.h>

#include "play/demo_rows.h"

/* Each ended by one without option; a file that has some adds its array here. */
static const struct demo *const pieces[] = { demo_socket_rows, demo_udp_rows, demo_tcp_rows, demo_ip_rows, NULL };

const struct demo *demo_at(size_t place)
{
	for (const struct demo *const *piece = pieces; *piece; piece++)
		for (const struct demo *demo = *piece; demo->option; demo++)
			if (place-- == 0)
				return demo;
	return NULL;
}

const struct demo *demo_find(const char *option)
{
	const struct demo *demo;

	for (size_t i = 0; (demo = demo_at(i)); i++)
		if (!strcmp(demo->option, option))
			return demo;
	return NULL;
}
