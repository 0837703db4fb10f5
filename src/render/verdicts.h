/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with a packet, in brackets behind the line. */
#pragma once

#include "render/render.h"

/* Adds " [cut]", " [malformed UDP: ...]", " [bad UDP checksum]", in red when color. */
void verdicts_add(struct text *out, const struct packet *packet, bool color);
