/* SPDX-License-Identifier: BSD-2-Clause */
/* The layers and rows that answers are read from, by what they mean: the same for IPv4 and IPv6. */
#pragma once

#include "packet/dissect.h"
#include "probe/probe.h"

enum answer_part {
	PART_IP, PART_IPV6, PART_ICMP, PART_ICMPV6, PART_UDP, PART_TCP,
	PART_OPTIONS, PART_ROUTING, PART_FRAGMENT, PART_AUTHENTICATION, /* between IPv6 and what it carries */
	PART_EXTENSION, /* of ICMP */
	PARTS
};

enum answer_fact {
	/* of IP */
	FACT_SOURCE, FACT_TARGET, FACT_TTL, FACT_TOS, FACT_LENGTH, FACT_NEXT, FACT_OTHER_NEXT, FACT_ID, FACT_LABEL,
	/* of ICMP */
	FACT_TYPE, FACT_CODE, FACT_CHECKSUM, FACT_IDENT, FACT_SEQ, FACT_MTU,
	/* of UDP and TCP */
	FACT_SOURCE_PORT, FACT_TARGET_PORT, FACT_PAYLOAD, FACT_ACKNOWLEDGED, FACT_FLAGS,
	/* of extensions */
	FACT_MPLS_LABEL, FACT_MPLS_EXP, FACT_MPLS_BOTTOM, FACT_MPLS_TTL, FACT_ROLE, FACT_INDEX, FACT_IPV4, FACT_IPV6,
	FACT_NAME,
	FACTS
};

/* Which of them the layer is; PARTS: none. */
enum answer_part answer_part(const struct layer *layer);
/* The fact of a layer that is `part`; NULL: it was not there to be read. */
const struct field *answer_fact(const struct packet *packet, const struct layer *layer, enum answer_part part,
				enum answer_fact fact);
/* The same as a number: 0 when it is not there. */
uint64_t answer_number(const struct packet *packet, const struct layer *layer, enum answer_part part,
		       enum answer_fact fact);
/* Which fact of the part the field is; FACTS: none. */
enum answer_fact answer_fact_of(enum answer_part part, const struct field *field);
/* The address that a field of IPv4 or IPv6 has, without a port. */
void answer_field_address(const struct field *field, struct address *out);
/* Addresses and ports of a network layer and of what it carries; what is not there stays as it is. */
bool answer_address(const struct packet *packet, const struct layer *network, enum answer_fact fact,
		    struct address *out);
void answer_port(const struct packet *packet, const struct layer *transport, enum answer_fact fact,
		 struct address *out);
