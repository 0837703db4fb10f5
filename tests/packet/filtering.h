/* SPDX-License-Identifier: BSD-2-Clause */
/* What the filter tests share: a few packets, and a filter run over one of them. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "packet/filter.h"

enum sample {
	CHAT,  /* eth:ip:udp:chat  10.0.0.2:6666 > 255.255.255.255:6666 "alice: h\u00e9llo World 42\n" */
	SYN,   /* eth:ip:tcp       10.0.0.2:40000 > 10.0.0.1:80 */
	PING,  /* eth:ip:icmp      echo request, eight octets of data */
	GONE,  /* eth:ip:icmp:ip:udp  port unreachable, from 10.0.0.1, quotes 10.0.0.2:40000 > 10.0.0.1:5555 */
	ARP,   /* eth:arp          who has 10.0.0.1? tell 10.0.0.2; then 18 octets of padding */
	SIX,   /* eth:ipv6:udp     fe80::2 > ff02::1, ports 40000 > 40001, "hi" */
	SAMPLES
};

static const char *const sample_hex[SAMPLES] = {
	[CHAT] = "ffffffffffff0200000000020800"
		 "4500003312344000401100000a000002ffffffff"
		 "1a0a1a0a001f0000616c6963653a2068c3a96c6c6f20576f726c642034320a",
	[SYN] = "0200000000010200000000020800"
		"450000280001400040060000" "0a0000020a000001"
		"9c400050000003e8000000005002faf000000000",
	[PING] = "0200000000010200000000020800"
		 "4500002400020000400100000a0000020a000001"
		 "0800000012340001" "0001020304050607",
	[GONE] = "0200000000020200000000010800"
		 "4500003800030000ff0100000a0000010a000002"
		 "0303000000000000"
		 "4500001e00010000401100000a0000020a000001"
		 "9c4015b3000a0000",
	[ARP] = "ffffffffffff0200000000020806"
		"00010800060400010200000000020a0000020000000000000a000001"
		"000000000000000000000000000000000000",
	[SIX] = "333300000001020000000002" "86dd"
		"60000000000a1140fe800000000000000000000000000002ff020000000000000000000000000001"
		"9c409c41000a00006869",
};

struct filtering {
	struct packet *packet;
	struct frame frame;
	uint8_t data[256];
};

static inline int filtering_start(void **state)
{
	struct filtering *f = mem_new(1, sizeof *f);

	f->packet = mem_new(1, sizeof *f->packet);
	*state = f;
	return 0;
}

static inline int filtering_end(void **state)
{
	struct filtering *f = *state;

	free(f->packet);
	free(f);
	return 0;
}

static inline uint32_t filtering_octets(const char *hex, uint8_t *out)
{
	uint32_t length = (uint32_t)strlen(hex) / 2;

	for (uint32_t i = 0; i < length; i++) {
		char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return length;
}

/* Packet n comes n * 0.25 s after 2026-01-31 12:00:00 UTC, with the number n + 1. */
static inline const struct packet *filtering_packet(struct filtering *f, const struct filter *filter, enum sample n)
{
	const int64_t start = INT64_C(1769860800000000000), step = 250000000;
	struct protocols *protocols = protocols_new();

	filter_want(filter, protocols);
	f->frame = (struct frame){
		.number = n + 1u, .link = 1, .data = f->data, .has_time = true, .time = start + n * step,
		.first_time = start, .previous_time = n ? start + (n - 1) * step : start, .displayed_time = start,
	};
	f->frame.cap_length = f->frame.wire_length = filtering_octets(sample_hex[n], f->data);
	dissect(protocols, &f->frame, f->packet);
	protocols_free(protocols);
	return f->packet;
}

/* Whether the expression, which must be a filter, lets the packet pass. */
static inline bool filtering_passes(struct filtering *f, const char *expression, enum sample n)
{
	struct error err;
	struct filter *filter = filter_compile(expression, &err);
	bool passes;

	if (!filter)
		fail_msg("%s: %s", expression, err.text);
	passes = filter_run(filter, filtering_packet(f, filter, n));
	/* What a run leaves behind must not change the next one. */
	if (filter_run(filter, f->packet) != passes)
		fail_msg("%s: another answer the second time", expression);
	filter_free(filter);
	return passes;
}
