/* SPDX-License-Identifier: BSD-2-Clause */
/* Showing packets in a thread of their own; for capture.c. */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "io/capture.h"

struct apart;

/* Starts the thread. NULL with err: there is none to be had. */
struct apart *apart_new(const struct capture *capture, struct error *err);

/* False: no room, the frame will not be shown. */
bool apart_put(struct apart *apart, const struct frame *frame);
/* Nothing more is at hand just now. */
void apart_idle(struct apart *apart);

/* Readable once the thread has ended: because it failed, or after apart_end. */
int apart_fd(const struct apart *apart);

/* Nothing more will come; the thread shows what is queued. With `give_up` it leaves that, too. */
void apart_end(struct apart *apart, bool give_up);

/* Waits for the thread and frees everything. *left: frames that were queued and not shown. -1: a callback failed. */
int apart_close(struct apart *apart, uint64_t *left, struct error *err);
