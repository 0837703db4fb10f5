/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMP extensions without rights: the kernel gives what stands behind the quoted header, and where the extension begins
 * in that. Everything before is put in front again, so that extensions are read by the same dissector everywhere.
 */
#include <netinet/in.h>
#include <string.h>

#include "probe/answer.h"
#include "probe/wire_parts.h"

#define LINK_RAW 101 /* LINKTYPE_RAW: the packet begins with IP */
#define ICMP_HEADER 8
#define UDP_HEADER 8
#define HEADERS 96   /* two IP headers, ICMP, UDP */

struct builder {
	uint8_t octets[HEADERS + WIRE_DATA];
	size_t length;
};

static void put16(struct builder *b, size_t value)
{
	b->octets[b->length++] = (uint8_t)(value >> 8);
	b->octets[b->length++] = (uint8_t)value;
}

static void put_host(struct builder *b, const struct address *address)
{
	const struct sockaddr_in *v4 = (const void *)&address->storage;
	const struct sockaddr_in6 *v6 = (const void *)&address->storage;
	size_t length = address->storage.ss_family == AF_INET ? sizeof v4->sin_addr : sizeof v6->sin6_addr;

	memcpy(b->octets + b->length, length == sizeof v4->sin_addr ? (const void *)&v4->sin_addr : &v6->sin6_addr,
	       length);
	b->length += length;
}

/* A header in front of `payload` octets. What nobody reads of it stays 0. */
static void put_ip(struct builder *b, const struct address *from, const struct address *to, uint8_t protocol,
		   size_t payload)
{
	uint8_t *at = b->octets + b->length;

	if (from->storage.ss_family == AF_INET) {
		at[0] = 0x45;
		at[2] = (uint8_t)((20 + payload) >> 8);
		at[3] = (uint8_t)(20 + payload);
		at[8] = 1;
		at[9] = protocol;
		b->length += 12;
	} else {
		at[0] = 0x60;
		at[4] = (uint8_t)(payload >> 8);
		at[5] = (uint8_t)payload;
		at[6] = protocol;
		at[7] = 1;
		b->length += 8;
	}
	put_host(b, from);
	put_host(b, to);
}

/* The length of what is quoted stands in words of 4 octets, in ICMPv6 of 8 (RFC 4884 section 4). */
static void put_icmp(struct builder *b, const struct sock_extended_err *error, size_t quoted)
{
	uint8_t *at = b->octets + b->length;

	at[0] = error->ee_type;
	at[1] = error->ee_code;
	if (error->ee_origin == SO_EE_ORIGIN_ICMP6)
		at[4] = (uint8_t)(quoted / 8);
	else
		at[5] = (uint8_t)(quoted / 4);
	b->length += ICMP_HEADER;
}

static void build(struct builder *b, const struct wire *wire, const struct wire_message *message,
		  const struct probe_packet *packet, const struct answer *answer)
{
	const size_t header = wire->base.family == AF_INET ? 20 : 40;
	const size_t udp = wire->base.method == PROBE_UDP ? UDP_HEADER : 0;
	const size_t quoted = header + udp + message->error.ee_rfc4884.len;

	put_ip(b, &answer->from, &wire->base.source, wire->base.family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6,
	       ICMP_HEADER + header + udp + message->length);
	put_icmp(b, &message->error, quoted);
	put_ip(b, &wire->base.source, &wire->base.target, answer->quote.protocol, quoted - header);
	if (udp) {
		put16(b, packet->source_port);
		put16(b, packet->target_port);
		put16(b, quoted - header);
		put16(b, packet->key);
	}
	memcpy(b->octets + b->length, message->data, message->length);
	b->length += message->length;
}

void wire_answer_extension(struct wire *wire, const struct wire_message *message, const struct probe_packet *packet,
			   struct answer *answer)
{
	struct builder b = { .length = 0 };
	struct frame frame = {
		.number = 1, .data = b.octets, .link = LINK_RAW,
		.has_flags = true, .flags = FRAME_CHECKSUM_NOT_READY,
	};
	struct answer extended;

	if (!message->error.ee_rfc4884.len || message->error.ee_rfc4884.len >= message->length)
		return;
	build(&b, wire, message, packet, answer);
	frame.cap_length = frame.wire_length = (uint32_t)b.length;
	wire_dissect(wire, &frame);
	if (!answer_read(wire->packet, &extended))
		return;
	answer->label_count = extended.label_count;
	memcpy(answer->labels, extended.labels, sizeof answer->labels);
	answer->interface_count = extended.interface_count;
	memcpy(answer->interfaces, extended.interfaces, sizeof answer->interfaces);
	answer->bad_extension = extended.bad_extension;
}
