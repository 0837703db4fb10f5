/* SPDX-License-Identifier: BSD-2-Clause */
/* An event of `sonde sockets --watch` as a line or as a JSON object. */
#pragma once

#include "cmd/sockets.h"
#include "sockets/watch.h"

struct sockets_events;

struct sockets_events *sockets_events_new(const struct sockets *sockets);
void sockets_events_free(struct sockets_events *events);

/* What comes now was seen at this time, in ns since 1970. */
void sockets_events_begin(struct sockets_events *events, int64_t time);
/* For watch_compare(), with the events as context: added to the text when options and filter let it pass. */
watch_tell sockets_event;
/* What was said since the text was cleared. */
struct text *sockets_events_text(struct sockets_events *events);

/* "watching 12 sockets, ..." on standard error. */
void sockets_events_announce(const struct sockets_events *events);
