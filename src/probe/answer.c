/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe/answer.h"

#include <netinet/in.h>

#include "probe/answer_parts.h"
#include "probe/answer_rows.h"

/* What ICMP messages are as answers; the first row that fits. Others are no answers. */
static const struct {
	enum answer_part part;
	uint8_t type;
	int code; /* ANY: each */
	enum answer_kind kind;
} icmp_kinds[] = {
#define ANY (-1)
	{ PART_ICMP, 0, ANY, ANSWER_ECHO },          { PART_ICMP, 3, ANY, ANSWER_UNREACHABLE },
	{ PART_ICMP, 11, 0, ANSWER_EXCEEDED },       { PART_ICMP, 12, ANY, ANSWER_UNREACHABLE },
	{ PART_ICMPV6, 1, ANY, ANSWER_UNREACHABLE }, { PART_ICMPV6, 2, ANY, ANSWER_UNREACHABLE },
	{ PART_ICMPV6, 3, 0, ANSWER_EXCEEDED },      { PART_ICMPV6, 4, ANY, ANSWER_UNREACHABLE },
	{ PART_ICMPV6, 129, ANY, ANSWER_ECHO },
};

/* A time exceeded of another code was waited for by whoever puts fragments together: no router on the way. */
static bool icmp_kind(enum answer_part part, struct answer *answer)
{
	for (size_t i = 0; i < sizeof icmp_kinds / sizeof *icmp_kinds; i++)
		if (icmp_kinds[i].part == part && icmp_kinds[i].type == answer->type &&
		    (icmp_kinds[i].code == ANY || icmp_kinds[i].code == answer->code)) {
			answer->kind = icmp_kinds[i].kind;
			return true;
		}
	return false;
}

static bool read_icmp(const struct packet *packet, unsigned at, struct answer *answer)
{
	const struct layer *layer = &packet->layers[at];
	enum answer_part part = answer_part(layer);
	const struct field *seq = answer_fact(packet, layer, part, FACT_SEQ);

	if (!answer_fact(packet, layer, part, FACT_CODE))
		return false;
	answer->type = (uint8_t)answer_number(packet, layer, part, FACT_TYPE);
	answer->code = (uint8_t)answer_number(packet, layer, part, FACT_CODE);
	if (!icmp_kind(part, answer))
		return false;
	if (answer->kind == ANSWER_ECHO) {
		answer->ident = (uint16_t)answer_number(packet, layer, part, FACT_IDENT);
		answer->seq = seq ? (uint16_t)seq->value.uint : 0;
		return seq != NULL;
	}
	answer->mtu = (uint32_t)answer_number(packet, layer, part, FACT_MTU);
	answer_extension_read(packet, answer);
	return answer_quote_read(packet, at + 1, &answer->quote);
}

static void read_ports(const struct packet *packet, const struct layer *layer, struct answer *answer)
{
	answer_port(packet, layer, FACT_SOURCE_PORT, &answer->from);
	answer_port(packet, layer, FACT_TARGET_PORT, &answer->to);
}

static bool read_udp(const struct packet *packet, unsigned at, struct answer *answer)
{
	const struct layer *layer = &packet->layers[at];

	read_ports(packet, layer, answer);
	answer->kind = ANSWER_UDP;
	/* Who echoes sends the key back. */
	answer_payload_key(packet, layer, &answer->quote);
	return answer_fact(packet, layer, PART_UDP, FACT_CHECKSUM) != NULL;
}

enum { TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };

static bool read_tcp(const struct packet *packet, unsigned at, struct answer *answer)
{
	const struct layer *layer = &packet->layers[at];
	unsigned flags = (unsigned)answer_number(packet, layer, PART_TCP, FACT_FLAGS);

	read_ports(packet, layer, answer);
	answer->kind = flags & TCP_RST ? ANSWER_TCP_CLOSED : ANSWER_TCP_OPEN;
	answer->acknowledged = (uint32_t)answer_number(packet, layer, PART_TCP, FACT_ACKNOWLEDGED);
	return flags & TCP_RST || (flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
}

static const struct {
	enum answer_part part;
	int family; /* of the network layer below; AF_UNSPEC: any */
	bool (*read)(const struct packet *packet, unsigned at, struct answer *answer);
} readers[] = {
	{ PART_ICMP, AF_INET, read_icmp },
	{ PART_ICMPV6, AF_INET6, read_icmp },
	{ PART_UDP, AF_UNSPEC, read_udp },
	{ PART_TCP, AF_UNSPEC, read_tcp },
};

static bool read_network(const struct packet *packet, const struct layer *layer, struct answer *answer)
{
	enum answer_part part = answer_part(layer);

	answer->family = part == PART_IP ? AF_INET : AF_INET6;
	answer->ttl = (uint8_t)answer_number(packet, layer, part, FACT_TTL);
	return answer_address(packet, layer, FACT_SOURCE, &answer->from) &&
	       answer_address(packet, layer, FACT_TARGET, &answer->to);
}

static bool read_transport(const struct packet *packet, unsigned at, struct answer *answer)
{
	enum answer_part part = answer_part(&packet->layers[at]);

	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
		if (readers[i].part == part && (!readers[i].family || readers[i].family == answer->family))
			return readers[i].read(packet, at, answer);
	return false;
}

bool answer_read(const struct packet *packet, struct answer *answer)
{
	bool addressed = false;

	*answer = (struct answer){ .time = packet->frame->has_time ? packet->frame->time : 0 };
	for (unsigned at = 0; at < packet->layer_count && !packet->layers[at].quoted; at++) {
		enum answer_part part = answer_part(&packet->layers[at]);

		if (part <= PART_IPV6)
			addressed = read_network(packet, &packet->layers[at], answer);
		else if (part <= PART_TCP)
			return addressed && read_transport(packet, at, answer);
	}
	return false;
}
