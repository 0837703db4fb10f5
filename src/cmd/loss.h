/* SPDX-License-Identifier: BSD-2-Clause */
/* What `convert` and `merge` tell about files whose new format has less room. */
#pragma once

#include "cmd/command.h"
#include "io/census.h"

/* On standard error, what of all this a pcap file cannot hold; nothing when it can hold everything. */
void loss_tell(const struct command *command, const char *path, const struct census *census);
