/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for the next client, for models that then give it all of somebody's attention. */
#pragma once

#include "play/serving.h"

/*
 * Sleeps, with poll(2), until a client comes, a signal, until `own` is readable (a descriptor of the model's, or -1) or
 * until a connection's wait is over; calls serve() (locked) for each listener where something came, unless the server
 * stops, and runs the on_wait that are due. closed: clients are left waiting. Called without the lock. -1 with err when
 * there is nothing to wait with.
 */
int front_wait(struct server *server, int own, bool closed,
	       void (*serve)(struct server *server, const struct listener *listener), struct error *err);
