/* SPDX-License-Identifier: BSD-2-Clause */
/* Each server model is one file and one row of server_models. */
#pragma once

#include "play/server.h"

extern const struct server_model server_model_iterative, server_model_fork, server_model_threads, server_model_select,
	server_model_poll, server_model_epoll, server_model_uring;
