/* SPDX-License-Identifier: BSD-2-Clause */
/* How requests of an io_uring are told: when they are made, and when they are completed. For src/net only. */
#pragma once

#include "net/uring.h"

void uring_tell_request(const struct narrator *n, const struct uring_request *request, const char *why);
/* result: as for done(). */
void uring_tell_completion(const struct narrator *n, const struct uring_request *request, int result);
