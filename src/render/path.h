/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A path as traceroute (Butskoy's, version 2.1) prints it, to the blank: fingers and scripts know these lines. What
 * they have no place for comes behind the path.
 */
#pragma once

#include "base/text.h"
#include "probe/hops.h"

struct path {
	bool numeric;    /* -n: addresses alone */
	bool extensions; /* -e: what routers add to their answers */
	bool back;       /* how long the way back is, where it differs */
	bool mtu;        /* probes are as large as the path takes: sizes are shown where they change */
	bool one_flow;   /* all probes of a hop are alike to routers: several responders are remarkable */
	enum probe_method method;
	uint8_t tos;   /* with which probes are sent */
	uint16_t size; /* with mtu: of the probe that was shown last; begins as 0 */
	/* The name of an address, NOT escaped, NULL where it has none: then the address stands in its place. */
	const char *(*name)(void *context, const struct address *address);
	void *context;
};

/* "traceroute to host (10.0.0.1), 30 hops max, 60 byte packets"; host as the user typed it. */
void path_header(struct text *out, const char *host, const struct address *target, unsigned last, unsigned size);

/*
 * " 1  gate (10.0.0.1)  0.123 ms  0.110 ms  0.101 ms": the probes of a hop in the order of their numbers. Probes that
 * are not answered (in time), or could not be sent, are a star.
 */
void path_hop(struct text *out, struct path *path, unsigned ttl, const struct probe *const *probes, size_t count);

/* The run's probes of a hop (0: of all) in the order of their numbers; the caller frees the list. */
const struct probe **path_probes(const struct match *match, unsigned ttl, size_t *count);

/* " gate (10.0.0.1)", with -n " 10.0.0.1": as it stands in these lines. */
void path_address(struct text *out, const struct path *path, const struct address *address);
/* "MPLS:L=16,E=0,S=1,T=1;INC:3,"eth0",mtu=1500": of RFC 4950 and RFC 5837. Nothing when there is nothing. */
void path_extensions(struct text *out, const struct answer *answer);
/* "0.123", rounded: three decimals of a millisecond. */
void path_time(struct text *out, int64_t ns);

/*
 * What is remarkable: an empty line, then "hop 3: silent: ..." or "hops 3-5: ..." for each; nothing when nothing is.
 * Such lines do not begin as those of hops do.
 */
void path_notes(struct text *out, const struct path *path, const struct hops *hops);
