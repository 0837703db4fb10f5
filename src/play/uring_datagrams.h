/* SPDX-License-Identifier: BSD-2-Clause */
/* The datagrams of the model uring: a fixed set of buffers, each in a request to receive or to answer. */
#pragma once

#include "net/uring.h"
#include "play/serving.h"

struct uring_datagrams;

struct uring_datagrams *uring_datagrams_new(struct server *server, struct uring *ring, const struct listener *listener);
/* No request may be in flight. */
void uring_datagrams_free(struct uring_datagrams *box);
/* Asks for what may come next. To be called at first, and after every round. */
void uring_datagrams_watch(struct uring_datagrams *box);
/* Takes no more; answers that are on their way are still sent. */
void uring_datagrams_stop(struct uring_datagrams *box);
