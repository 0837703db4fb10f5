/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock of this machine, as the lab's programs show it: in local time. */
#pragma once

#include "lab/date.h"

/* Seconds east of UTC at that instant, 0 when nobody knows; its name (may be NULL for `name`) as tzset(3) has it. */
int local_date_zone(int64_t time_ns, char name[16]);

/* date_build() in local time: the zone's name is left out when the format cannot carry it. */
size_t local_date_build(enum date_format format, int64_t time_ns, uint8_t *buf, size_t size);
