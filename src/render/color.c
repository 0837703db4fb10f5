/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/color.h"

#include <stddef.h>
#include <string.h>

#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define BLUE "\033[34m"
#define MAGENTA "\033[35m"
#define CYAN "\033[36m"
#define BRIGHT_GREEN "\033[92m"
#define BRIGHT_MAGENTA "\033[95m"
#define BRIGHT_CYAN "\033[96m"

static const struct {
	const char *protocol, *sequence;
} colors[] = {
	{ "date", BRIGHT_GREEN }, { "echo", BRIGHT_CYAN }, { "chat", BRIGHT_MAGENTA },
	{ "udp", CYAN },          { "tcp", GREEN },        { "arp", YELLOW },
	{ "icmp", MAGENTA },      { "icmpv6", MAGENTA },   { "igmp", BLUE },
};

const char *color_of(const char *protocol)
{
	for (size_t i = 0; i < sizeof colors / sizeof *colors; i++)
		if (!strcmp(colors[i].protocol, protocol))
			return colors[i].sequence;
	return "";
}
