/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/models.h"

#include "base/nearest.h"

const struct server_model *const server_models[] = {
	&server_model_iterative, &server_model_fork, &server_model_threads, &server_model_select,
	&server_model_poll, &server_model_epoll, &server_model_uring, NULL,
};

const struct server_model *const server_model_default = &server_model_epoll;

#define NAMES_MOST (sizeof server_models / sizeof *server_models)

const struct server_model *server_model_find(const char *name, struct error *err)
{
	const char *names[NAMES_MOST] = { NULL };
	const char *near;

	for (size_t i = 0; server_models[i]; i++) {
		if (!strcmp(server_models[i]->name, name))
			return server_models[i];
		names[i] = server_models[i]->name;
	}
	near = nearest(name, names);
	if (near)
		error_set(err, "there is no server model '%s'; did you mean '%s'?", name, near);
	else
		error_set(err, "there is no server model '%s'; 'sonde list models' explains those there are", name);
	return NULL;
}
