/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How probes leave and answers come in. With CAP_NET_RAW: what libnet built goes out of a raw socket, and a packet
 * socket sees every answer as it is. Without: the kernel builds the probes of ordinary sockets (UDP, ping sockets,
 * connect() of TCP), and its error queues (IP_RECVERR) tell what came back.
 *
 * Every socket call is told to the narrator. Nothing here waits.
 */
#pragma once

#include "base/error.h"
#include "io/source.h"
#include "net/sock.h"
#include "probe/probe.h"

struct wire_options {
	const struct narrator *narrator; /* may be NULL */
	const char *interface;           /* NULL: any */
	bool no_rights;                  /* do as if CAP_NET_RAW were missing */
	/* Called with every probe and answer as the wire carried it, for saving; NULL: nobody wants them. */
	int (*save)(void *context, const struct frame *frame, struct error *err);
	void *context;
};

struct wire;

/*
 * Opens what base->method needs. base->source may be empty: it becomes the address that the kernel would send from.
 * *source_port: which one (0: any), then what it became. ident and sequence that are 0 are chosen. NULL with err: no
 * route, no right and no other way...
 */
struct wire *wire_open(struct probe_base *base, const struct wire_options *options, uint16_t *source_port,
		       struct error *err);
void wire_close(struct wire *wire); /* NULL is allowed */

/* What this way of probing cannot do or see, and thereby how it is done: a name and sentences for people. */
struct wire_limits {
	const char *name;        /* "raw", "UDP and IP_RECVERR", ... */
	bool flows;              /* ports, label and checksum are as the probe says; else a port for each probe */
	bool headers;            /* the IP header that came back is seen: DSCP, translation, the answer's TTL */
	const char *missing;     /* what cannot be seen, as a sentence; NULL: nothing */
};
const struct wire_limits *wire_limits(const struct wire *wire);
/* Frames that save() gets are this source's; NULL without rights, and without save(). */
struct source *wire_source(struct wire *wire);

/*
 * Sends and sets `sent`, and packet.source_port where the kernel chose another. -1 with errno when the kernel refuses;
 * EMSGSIZE: the probe is larger than the MTU of the own link.
 */
int wire_send(struct wire *wire, struct probe *probe);

/* When the probe of that key left, as the kernel stamped it: told after the fact, and before its answer is. */
typedef void wire_left(void *context, uint16_t key, int64_t time);

/*
 * The next answer that is there: 1; 0: none now; -1 with err when nothing more can come. left (may be NULL) is called
 * for the stamps that have come in.
 */
int wire_receive(struct wire *wire, struct answer *answer, wire_left *left, void *context, struct error *err);

/* Readable when there may be an answer or a stamp (an epoll descriptor, of which the wire is the owner). */
int wire_fd(const struct wire *wire);

/* The MTU of the link that the probes leave by, in octets; 0: not known. */
uint32_t wire_mtu(const struct wire *wire);
