/* SPDX-License-Identifier: BSD-2-Clause */
/* What `sonde trace` was asked for. */
#pragma once

#include "cmd/options.h"
#include "net/endpoint.h"
#include "probe/trace.h"

/* As the user gave them; see the rows in trace.c. */
struct trace_arguments {
	bool ipv4, ipv6, icmp, tcp, udp, classic, numeric, dont_fragment, mtu, extensions, back, unprivileged;
	bool json, report, live, explain, explain_calls;
	const char *port, *source_port, *interface, *source, *tos, *save, *wait, *spacing, *order, *flow_label;
	uint64_t first, last, queries, parallel, flows, confidence, count;
	int64_t interval;
};
extern const struct option_group trace_groups[];

/* The same, checked and understood. */
struct trace_settings {
	const struct trace_arguments *arguments;
	const char *host;
	struct addresses targets; /* of the host, in the order in which they are to be tried */
	struct address source;    /* without a port; length 0: whatever the kernel chooses */
	enum probe_method method;
	uint8_t tos;
	bool has_flow_label;
	struct trace_options trace; /* its size is 0 where none was given; ports and label likewise */
};

/* -1 with err: one sentence. Resolves the host. Release them in either case. */
int trace_settings_read(struct trace_settings *settings, const struct trace_arguments *arguments,
			const struct words *words, struct error *err);
void trace_settings_release(struct trace_settings *settings);
