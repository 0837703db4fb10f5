/* SPDX-License-Identifier: BSD-2-Clause */
/* A reporter that keeps what it is told, and what a test asks of it. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "play/event.h"

#define HEARD_EVENTS 256
#define GUARD_NS (INT64_C(60) * 1000000000) /* only what hangs reaches it */

struct kept {
	enum event_kind kind;
	char *data; /* NUL-terminated */
	size_t length;
	char *note; /* "" when there was none */
	struct address local, peer;
	int64_t rtt_ns;
	struct tally tally;
};

struct hearing {
	struct kept list[HEARD_EVENTS];
	size_t count;
	struct reporter reporter;
	/* Called with each event as it comes, may be NULL. */
	void (*then)(struct hearing *hearing, const struct kept *kept);
	void *context;
};

static inline void hearing_event(void *context, const struct event *event)
{
	struct hearing *h = context;
	struct kept *kept = &h->list[h->count++];

	if (h->count > HEARD_EVENTS) {
		fputs("more events than a test should have\n", stderr);
		abort(); /* it may be another thread than the test's */
	}
	*kept = (struct kept){ .kind = event->kind, .length = event->length, .rtt_ns = event->rtt_ns };
	kept->data = mem_copy_bytes(event->length ? event->data : "", event->length);
	kept->note = mem_copy_string(event->note ? event->note : "");
	if (event->local)
		kept->local = *event->local;
	if (event->peer)
		kept->peer = *event->peer;
	if (event->tally)
		kept->tally = *event->tally;
	if (h->then)
		h->then(h, kept);
}

static inline struct hearing *hearing_new(void)
{
	struct hearing *h = mem_new(1, sizeof *h);

	h->reporter = (struct reporter){ (1u << EVENT_KINDS) - 1, hearing_event, h };
	return h;
}

static inline void hearing_free(struct hearing *h)
{
	for (size_t i = 0; i < h->count; i++) {
		free(h->list[i].data);
		free(h->list[i].note);
	}
	free(h);
}

static inline size_t heard(const struct hearing *h, enum event_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < h->count; i++)
		count += h->list[i].kind == kind;
	return count;
}

/* The n-th of its kind, from 0; its absence fails the test. */
static inline const struct kept *nth(const struct hearing *h, enum event_kind kind, size_t n)
{
	for (size_t i = 0; i < h->count; i++)
		if (h->list[i].kind == kind && !n--)
			return &h->list[i];
	for (size_t i = 0; i < h->count; i++)
		print_message("heard %d \"%s\" (%s)\n", h->list[i].kind, h->list[i].data, h->list[i].note);
	fail_msg("no such event of kind %d", kind);
	return NULL;
}

static inline void assert_noted(const struct kept *kept, const char *part)
{
	if (!strstr(kept->note, part))
		fail_msg("\"%s\" does not say \"%s\"", kept->note, part);
}

static inline void assert_data(const struct kept *kept, const char *data)
{
	assert_int_equal(kept->length, strlen(data));
	assert_string_equal(kept->data, data);
}
