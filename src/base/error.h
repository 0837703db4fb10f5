/* SPDX-License-Identifier: BSD-2-Clause */
/* The world's refusals, as a sentence for the user. */
#pragma once

#include <stdnoreturn.h>

/* One message, `what: why; what to do`. Untouched on success; whoever made the call that failed filled it. */
struct error {
	char text[512];
};

/* Both fill err and return -1, so that `return error_set(err, ...)` reads well. error_errno appends strerror(errno). */
int error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
int error_errno(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Our own fault: says what was broken and aborts. */
noreturn void bug(const char *format, ...) __attribute__((format(printf, 1, 2)));
