/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes and their answers for tests of outputs, made by hand. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../net/numbered.h"
#include "base/text.h"
#include "probe/probe.h"

#define RUN_MOST 64
#define US INT64_C(1000)

struct run {
	struct probe probes[RUN_MOST];
	struct answer answers[RUN_MOST];
	const struct probe *list[RUN_MOST];
	size_t count;
};

/* A probe that nobody has answered. */
static inline struct probe *silent(struct run *run, uint8_t ttl)
{
	struct probe *probe = &run->probes[run->count];

	*probe = (struct probe){
		.packet = { .ttl = ttl, .key = (uint16_t)(run->count + 1), .size = 60 },
		.number = (uint32_t)run->count,
		.state = PROBE_EXPIRED,
		.sent = (int64_t)(run->count + 1) * 1000 * US,
	};
	run->list[run->count++] = probe;
	return probe;
}

/* One that a router has answered after so many ns. */
static inline struct probe *answered(struct run *run, uint8_t ttl, const char *from, int64_t ns)
{
	struct answer *answer = &run->answers[run->count];
	struct probe *probe = silent(run, ttl);

	*answer = (struct answer){ .kind = ANSWER_EXCEEDED, .type = 11, .from = numbered(from, 0) };
	answer->family = answer->from.storage.ss_family;
	answer->seen = probe->sent + ns;
	probe->answer = answer;
	probe->state = PROBE_ANSWERED;
	return probe;
}

static inline void unreachable(struct probe *probe, uint8_t type, uint8_t code)
{
	probe->answer->kind = ANSWER_UNREACHABLE;
	probe->answer->type = type;
	probe->answer->code = code;
}

static inline void is_text(struct text *out, const char *expected)
{
	text_char(out, '\0');
	assert_string_equal(out->data, expected);
	text_release(out);
}
