/* SPDX-License-Identifier: BSD-2-Clause */
/* What a probe says of itself. */
#include "probe/probe.h"

/* A clock that was set back in between tells nothing. */
int64_t probe_kernel_time(const struct probe *probe)
{
	if (!probe->answer || !probe->sent_time || !probe->answer->time || probe->answer->time < probe->sent_time)
		return PROBE_NO_TIME;
	return probe->answer->time - probe->sent_time;
}

int64_t probe_program_time(const struct probe *probe)
{
	return probe->answer ? probe->answer->seen - probe->sent : PROBE_NO_TIME;
}

int64_t probe_round_trip(const struct probe *probe)
{
	int64_t time = probe_kernel_time(probe);

	return time == PROBE_NO_TIME ? probe_program_time(probe) : time;
}

uint16_t probe_least(const struct probe_base *base)
{
	/* TCP: the header, and the option that says the largest segment. */
	static const uint8_t transport[PROBE_METHODS] = {
		[PROBE_UDP] = 8 + 4, [PROBE_ICMP] = 8 + 2, [PROBE_TCP] = 20 + 4,
	};
	unsigned header = base->family == AF_INET ? 20u + base->options_length : 40u;

	return (uint16_t)(header + transport[base->method]);
}
