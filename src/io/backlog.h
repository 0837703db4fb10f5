/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded queue of copied frames from one thread to another. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "packet/frame.h"

struct backlog;

/* Room for `size` octets of frames; rounded up to a power of two. */
struct backlog *backlog_new(size_t size);
/* NULL is allowed. */
void backlog_free(struct backlog *backlog);

/*
 * The giving thread. backlog_put copies a frame and its octets (its pcapng block and options stay behind); false: there
 * is no room. What was put is sure to be noticed after backlog_wake. backlog_end: nothing more will come.
 */
bool backlog_put(struct backlog *backlog, const struct frame *frame);
void backlog_wake(struct backlog *backlog);
void backlog_end(struct backlog *backlog);

/*
 * The taking thread. The next frame, which stays valid until backlog_drop; NULL: there is none now. backlog_wait sleeps
 * until there is one; false: there will be none.
 */
struct frame *backlog_get(struct backlog *backlog);
void backlog_drop(struct backlog *backlog);
bool backlog_wait(struct backlog *backlog);
