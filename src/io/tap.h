/* SPDX-License-Identifier: BSD-2-Clause */
/* What the live engines share; for the files of src/io only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define TAP_WAIT_MS 10        /* how long the kernel may hold a packet back, unless told otherwise */
#define TAP_BUFFER (16 << 20) /* kernel buffer for each interface, unless told otherwise */
#define TAP_SNAPLEN 262144    /* the longest packet there is */

/* Nanoseconds of CLOCK_MONOTONIC, and since 1970. */
int64_t tap_clock(void);
int64_t tap_wall_clock(void);

/* The kernel refused to let us capture (errno): one sentence, with how to get the right when that is missing. */
int tap_refused(struct error *err, const char *interface);

/* Lets a packet socket take in nothing more; what it already holds stays. False: the kernel refused. */
bool tap_shut(int fd);
