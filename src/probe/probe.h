/* SPDX-License-Identifier: BSD-2-Clause */
/* What is sent to find a path, and what comes back: plain values, which all of src/probe and its outputs share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"

enum probe_method { PROBE_UDP, PROBE_ICMP, PROBE_TCP, PROBE_METHODS };

#define PROBE_TTLS 255u     /* hops are numbered 1 to 255 */
#define PROBE_MOST 65535u   /* probes of a run: each has a key of its own */
#define PROBE_SIZE 65535u   /* octets of the longest probe, IP header and all */
#define PROBE_OPTIONS 40u   /* octets of IPv4 options at most */

/* What tells the probes of one run from each other and from everybody else's; the same for the whole run. */
struct probe_base {
	int family;               /* AF_INET, AF_INET6 */
	enum probe_method method;
	struct address source;    /* without a port */
	struct address target;    /* without a port */
	uint16_t ident;           /* ICMP: the identifier */
	uint32_t sequence;        /* TCP: a probe's sequence number is this plus its key */
	uint8_t tos;              /* DSCP and ECN: type of service, traffic class */
	bool dont_fragment;       /* IPv4; IPv6 routers never do */
	uint8_t options[PROBE_OPTIONS]; /* IPv4 options, a multiple of 4 octets */
	uint8_t options_length;
};

/*
 * A packet to be built. What routers choose a path by is the same for all probes of a flow: addresses, protocol, ports
 * (UDP, TCP), type, code, checksum and identifier (ICMP), flow label (IPv6). The key is where they do not look: the
 * identification of IPv4 is the key for all methods, besides
 *	UDP   the checksum is the key (the payload's first two octets see to that), and so are the payload's next two
 *	ICMP  the sequence number is the key; the first two octets of the payload keep the checksum what it is
 *	TCP   sequence number: base.sequence + key
 */
struct probe_packet {
	uint8_t ttl;
	uint16_t key;             /* 1 to PROBE_MOST */
	uint16_t source_port;     /* UDP, TCP */
	uint16_t target_port;     /* UDP, TCP */
	uint16_t checksum;        /* ICMP: what every probe of the flow has */
	uint32_t flow_label;      /* IPv6: 20 bits */
	uint16_t size;            /* octets, IP header and all; probe_least() at least */
};

/* ------------------------------------------------------------------------------------------------ answers */

enum answer_kind {
	ANSWER_EXCEEDED,      /* ICMP: the TTL ran out here */
	ANSWER_UNREACHABLE,   /* ICMP destination unreachable, packet too big (IPv6), parameter problem */
	ANSWER_ECHO,          /* ICMP echo reply */
	ANSWER_TCP_OPEN,      /* SYN and ACK: somebody listens */
	ANSWER_TCP_CLOSED,    /* RST */
	ANSWER_UDP,           /* a datagram from the port that was asked */
	ANSWER_KINDS
};

#define ANSWER_LABELS 16 /* of MPLS; of a longer stack the first */

/* RFC 4950 section 2.1. */
struct answer_label {
	uint32_t label;       /* 20 bits */
	uint8_t exp;          /* traffic class, 3 bits */
	bool bottom;
	uint8_t ttl;
};

/* RFC 5837 section 4: an interface of the router that answers. */
struct answer_interface {
	uint8_t role;         /* 0: the packet came in by it; 1: a part of that; 2: was to go out by it; 3: next hop */
	bool has_index, has_mtu;
	uint32_t index, mtu;
	struct address address; /* length 0: not told */
	char name[64];        /* "": not told; ends with NUL, not escaped */
};
#define ANSWER_INTERFACES 4

/* What came back of the probe within an ICMP error: what it was when it got there. */
struct answer_quote {
	bool there;           /* of the IP header, so much that the addresses are known */
	bool seen;            /* false: the kernel told which probe it was and kept the IP header for itself */
	uint8_t protocol;     /* number of IANA's */
	struct address source, target; /* with ports, where they are quoted and the protocol has them */
	uint8_t ttl, tos;
	uint16_t id;          /* IPv4 */
	uint16_t length;      /* IPv4: total length; IPv6: payload length and 40 */
	uint32_t flow_label;  /* IPv6 */
	bool has_transport;   /* the first eight octets of what the IP header carries */
	uint16_t checksum;    /* UDP, ICMP */
	uint16_t ident, seq;  /* ICMP echo */
	uint32_t sequence;    /* TCP */
	bool has_payload_key; /* UDP: octets 3 and 4 of the payload are quoted */
	uint16_t payload_key;
};

struct answer {
	enum answer_kind kind;
	int family;
	struct address from;   /* who answers; the port for UDP and TCP */
	uint8_t type, code;    /* of ICMP */
	uint8_t ttl;           /* with which the answer arrived; 0: not known */
	uint32_t mtu;          /* of the next link, where a packet was too big for it; 0: not told */
	uint16_t ident, seq;   /* ANSWER_ECHO */
	uint32_t acknowledged; /* ANSWER_TCP_*: the acknowledgement number */
	struct address to;     /* with the port for UDP and TCP: who is answered */
	struct answer_quote quote;
	unsigned label_count;
	struct answer_label labels[ANSWER_LABELS];
	unsigned interface_count;
	struct answer_interface interfaces[ANSWER_INTERFACES];
	bool bad_extension;    /* an extension structure whose checksum or lengths are wrong */
	int64_t time;          /* when it arrived, ns since 1970 by the kernel's clock; 0: not known */
	int64_t seen;          /* when this program saw it, ns of CLOCK_MONOTONIC */
};

/* ------------------------------------------------------------------------------------------------ a probe's life */

enum probe_state {
	PROBE_PLANNED,  /* waits to be sent */
	PROBE_FLYING,
	PROBE_ANSWERED,
	PROBE_EXPIRED,  /* no answer in time; one may still come, late */
	PROBE_FAILED    /* could not be sent from here: error */
};

/* One probe of the run. */
struct probe {
	struct probe_packet packet;
	uint32_t number;      /* from 0, in the order of sending */
	uint16_t flow;        /* index of its flow, from 0 */
	uint32_t round;       /* from 0: repetitions of the hop, or rounds of a run that goes on */
	enum probe_state state;
	int error;            /* PROBE_FAILED: errno */
	int64_t sent;         /* when this program sent it, ns of CLOCK_MONOTONIC */
	int64_t sent_time;    /* when it left, ns since 1970 by the kernel's clock; 0: the kernel does not tell */
	bool arrived;         /* the answer came from the destination */
	struct answer *answer; /* the first that came; NULL: none. Owned by the run */
	uint16_t late;        /* answers after it had expired, the first of which is `answer` */
	uint16_t again;       /* answers after the first */
	bool rewritten;       /* the quotation differs from what was sent: a translator (NAT) is on the way */
	bool guessed;         /* the quotation was too short to be certain */
};

#define PROBE_NO_TIME INT64_MIN

/* From leaving to arriving by the kernel's clocks, ns; PROBE_NO_TIME: they are not known, or there is no answer. */
int64_t probe_kernel_time(const struct probe *probe);
/* The same by the program's own clock. */
int64_t probe_program_time(const struct probe *probe);
/* The first where it is known, else the second. */
int64_t probe_round_trip(const struct probe *probe);

/* Octets of the smallest probe: all headers, and what the key needs of a payload. */
uint16_t probe_least(const struct probe_base *base);
