/* SPDX-License-Identifier: BSD-2-Clause */
/* Points in time and lengths of it as users write them, exact to the nanosecond. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct moment {
	bool given;
	bool relative; /* to the first packet */
	int64_t time;  /* ns: since 1970, or since the first packet */
};

/*
 * 2026-11-22, 2026-11-22T14:00, 2026-11-22 14:00:00.5, each perhaps with Z, +01:00 or -0500 behind it (without: local
 * time); or +1.5s, -2m after and before the first packet. -1 with err, which begins with the option's name.
 */
int moment_parse(struct moment *moment, const char *option, const char *text, struct error *err);

/* A length of time with a sign: 1.5, -1h, 20ms; seconds without a unit. -1 when it is none or too long. */
int moment_length(const char *text, int64_t *nanoseconds);
