/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that count hops share; nobody else includes it. */
#pragma once

#include "probe/hops.h"

void hop_times_add(struct hop_times *times, int64_t time);
void hop_times_release(struct hop_times *times);

/* Why the hop at that place of the list was not answered completely. */
enum hop_silence hop_judge(const struct hops *hops, size_t at);
