/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sending to everybody: one message out of every interface, or out of one. For src/play only.
 *
 * A datagram to 255.255.255.255 leaves by one interface only, the one that the routing table names. So each copy says
 * by itself (IP_PKTINFO) which interface it takes and which of that interface's addresses is its sender; that needs no
 * right and no second socket, and works without any route.
 */
#pragma once

#include <net/if.h>

#include "net/endpoint.h"
#include "play/client.h"

/* A way out. */
struct broadcast_path {
	unsigned index;
	char name[IF_NAMESIZE];
	uint32_t address; /* of IPv4, network order; 0: none */
};

struct broadcaster {
	const struct client *client;
	const struct broadcast *where;
	struct tally *tally;
	int fd; /* -1 before it is open */
	struct address to;
	struct address local;
	bool routed; /* the routing table decides: one copy, no path */
	struct broadcast_path *paths;
	size_t path_count;
	int64_t looked_ns; /* when the interfaces were last looked at, by clock_monotonic() */
	bool told_of_loopback;
};

/*
 * Resolves where to, opens the socket, looks for the interfaces. -1 with err: an address or interface that is not
 * there. Either way broadcaster_close() comes at the end.
 */
int broadcaster_open(struct broadcaster *broadcaster, const struct client *client, const struct broadcast *where,
		     struct tally *tally, struct error *err);

/*
 * Sends one message and counts it; each copy is an EVENT_SENT. A message of more than BROADCAST_SAFE octets is sent and
 * said as EVENT_TROUBLE, one that no datagram can hold is not sent. False: it left by no interface, which has been
 * reported as EVENT_TROUBLE and counted as lost; the next one may be tried.
 */
bool broadcaster_send(struct broadcaster *broadcaster, const void *data, size_t length);

void broadcaster_close(struct broadcaster *broadcaster);
