/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe/answer_rows.h"

#include <netinet/in.h>
#include <string.h>

#include "probe/answer.h"

static const char *const part_names[PARTS] = {
	[PART_IP] = "ip",
	[PART_IPV6] = "ipv6",
	[PART_ICMP] = "icmp",
	[PART_ICMPV6] = "icmpv6",
	[PART_UDP] = "udp",
	[PART_TCP] = "tcp",
	[PART_OPTIONS] = "ipv6.opts",
	[PART_ROUTING] = "ipv6.routing",
	[PART_FRAGMENT] = "ipv6.fraghdr",
	[PART_AUTHENTICATION] = "ah",
	[PART_EXTENSION] = "icmp.extension",
};

static const char *const fact_names[PARTS][FACTS] = {
	[PART_IP] = {
		[FACT_SOURCE] = "ip.src", [FACT_TARGET] = "ip.dst", [FACT_TTL] = "ip.ttl", [FACT_TOS] = "ip.dsfield",
		[FACT_LENGTH] = "ip.len", [FACT_NEXT] = "ip.proto", [FACT_ID] = "ip.id",
	},
	[PART_IPV6] = {
		[FACT_SOURCE] = "ipv6.src", [FACT_TARGET] = "ipv6.dst", [FACT_TTL] = "ipv6.hlim",
		[FACT_TOS] = "ipv6.tclass", [FACT_LENGTH] = "ipv6.plen", [FACT_NEXT] = "ipv6.nxt",
		[FACT_LABEL] = "ipv6.flow",
	},
	[PART_ICMP] = {
		[FACT_TYPE] = "icmp.type", [FACT_CODE] = "icmp.code", [FACT_CHECKSUM] = "icmp.checksum",
		[FACT_IDENT] = "icmp.ident", [FACT_SEQ] = "icmp.seq", [FACT_MTU] = "icmp.mtu",
	},
	[PART_ICMPV6] = {
		[FACT_TYPE] = "icmpv6.type", [FACT_CODE] = "icmpv6.code", [FACT_CHECKSUM] = "icmpv6.checksum",
		[FACT_IDENT] = "icmpv6.echo.identifier", [FACT_SEQ] = "icmpv6.echo.sequence_number",
		[FACT_MTU] = "icmpv6.mtu",
	},
	[PART_UDP] = {
		[FACT_SOURCE_PORT] = "udp.srcport", [FACT_TARGET_PORT] = "udp.dstport",
		[FACT_CHECKSUM] = "udp.checksum", [FACT_PAYLOAD] = "udp.payload",
	},
	[PART_TCP] = {
		[FACT_SOURCE_PORT] = "tcp.srcport", [FACT_TARGET_PORT] = "tcp.dstport", [FACT_SEQ] = "tcp.seq_raw",
		[FACT_ACKNOWLEDGED] = "tcp.ack_raw", [FACT_FLAGS] = "tcp.flags",
	},
	[PART_OPTIONS] = { [FACT_NEXT] = "ipv6.hopopts.nxt", [FACT_OTHER_NEXT] = "ipv6.dstopts.nxt" },
	[PART_ROUTING] = { [FACT_NEXT] = "ipv6.routing.nxt" },
	[PART_FRAGMENT] = { [FACT_NEXT] = "ipv6.fraghdr.nxt" },
	[PART_AUTHENTICATION] = { [FACT_NEXT] = "ah.next_header" },
	[PART_EXTENSION] = {
		[FACT_CHECKSUM] = "icmp.ext.checksum.status", [FACT_MPLS_LABEL] = "icmp.mpls.label",
		[FACT_MPLS_EXP] = "icmp.mpls.exp", [FACT_MPLS_BOTTOM] = "icmp.mpls.s",
		[FACT_MPLS_TTL] = "icmp.mpls.ttl", [FACT_ROLE] = "icmp.int_info.role",
		[FACT_INDEX] = "icmp.int_info.index", [FACT_IPV4] = "icmp.int_info.ipv4",
		[FACT_IPV6] = "icmp.int_info.ipv6", [FACT_NAME] = "icmp.int_info.name",
		[FACT_MTU] = "icmp.int_info.mtu",
	},
};

/*
 * What those names stand for. Rows are const tables of the program, so that every run finds the same: this remembers
 * where, and nothing of a run.
 */
static struct {
	const struct dissector *parts[PARTS];
	const struct field_def *rows[PARTS][FACTS];
} known;

static const struct field_def *find_row(const struct dissector *dissector, const char *name)
{
	for (unsigned row = 0; row < dissector->field_count; row++)
		if (!strcmp(dissector->fields[row].name, name))
			return &dissector->fields[row];
	bug("no field %s", name);
}

void answer_want(struct protocols *protocols)
{
	for (unsigned part = 0; part < PARTS; part++) {
		known.parts[part] = protocols_find(part_names[part]);
		for (unsigned fact = 0; fact < FACTS; fact++) {
			if (!fact_names[part][fact])
				continue;
			known.rows[part][fact] = find_row(known.parts[part], fact_names[part][fact]);
			protocols_want_also(protocols, known.rows[part][fact]);
		}
	}
}

enum answer_part answer_part(const struct layer *layer)
{
	unsigned part = 0;

	while (part < PARTS && known.parts[part] != layer->dissector)
		part++;
	return (enum answer_part)part;
}

const struct field *answer_fact(const struct packet *packet, const struct layer *layer, enum answer_part part,
				enum answer_fact fact)
{
	return known.rows[part][fact] ? layer_find(packet, layer, known.rows[part][fact]) : NULL;
}

enum answer_fact answer_fact_of(enum answer_part part, const struct field *field)
{
	unsigned fact = 0;

	while (fact < FACTS && known.rows[part][fact] != field->def)
		fact++;
	return (enum answer_fact)fact;
}

uint64_t answer_number(const struct packet *packet, const struct layer *layer, enum answer_part part,
		       enum answer_fact fact)
{
	const struct field *field = answer_fact(packet, layer, part, fact);

	return field ? field->value.uint : 0;
}

static void address_v4(struct address *out, uint32_t host)
{
	*(struct sockaddr_in *)&out->storage = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(host),
	};
	out->length = sizeof(struct sockaddr_in);
}

static void address_v6(struct address *out, const uint8_t octets[16])
{
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&out->storage;

	v6->sin6_family = AF_INET6;
	memcpy(v6->sin6_addr.s6_addr, octets, 16);
	out->length = sizeof *v6;
}

void answer_field_address(const struct field *field, struct address *out)
{
	*out = (struct address){ .length = 0 };
	if (field->def->type == FIELD_IPV4)
		address_v4(out, (uint32_t)field->value.uint);
	else
		address_v6(out, field->value.bytes);
}

bool answer_address(const struct packet *packet, const struct layer *network, enum answer_fact fact,
		    struct address *out)
{
	const struct field *field = answer_fact(packet, network, answer_part(network), fact);

	if (field)
		answer_field_address(field, out);
	return field != NULL;
}

void answer_port(const struct packet *packet, const struct layer *transport, enum answer_fact fact, struct address *out)
{
	const struct field *field = answer_fact(packet, transport, answer_part(transport), fact);

	if (field)
		address_set_port(out, (uint16_t)field->value.uint);
}
