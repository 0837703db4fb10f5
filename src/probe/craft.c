/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probes built with libnet. It is used for what all its versions since 1.1.6 do right: a handle that injects nothing
 * (LIBNET_NONE), every packet from nothing and from the end to the beginning, with explicit lengths; the result is
 * looked at before anybody gets it.
 */
#include "probe/craft.h"

#include <netinet/in.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include <libnet.h>
#pragma GCC diagnostic pop

#include "base/mem.h"
#include "packet/dissector.h"

#define WINDOW 5840
#define SEGMENT_OPTION 4 /* octets of the option that says the largest segment */

/* What fills probes: whoever sees one in a capture shall know where it comes from. */
static const char filling[] = "sonde trace: a probe of the path. ";

struct craft {
	struct probe_base base;
	libnet_t *libnet;
	uint8_t payload[PROBE_SIZE];
	size_t filled;               /* octets of it, from the beginning */
	uint8_t data[PROBE_SIZE];
};

/* The parts of one packet, in octets. */
struct shape {
	uint16_t header, transport, payload;
};

typedef libnet_ptag_t build_transport(struct craft *craft, const struct probe_packet *packet,
				      const struct shape *shape);
static build_transport build_udp, build_icmp, build_icmpv6, build_tcp;

static const struct method {
	uint8_t protocol;
	uint8_t header;   /* octets, options of TCP and all */
	uint8_t checksum; /* where in the header it is */
	uint8_t keyed;    /* octets at the beginning of the payload that see to the checksum, and repeat the key */
	build_transport *build;
} methods[PROBE_METHODS][2] = { /* IPv4, IPv6 */
	[PROBE_UDP] = { { IPPROTO_UDP, LIBNET_UDP_H, 6, 4, build_udp },
			{ IPPROTO_UDP, LIBNET_UDP_H, 6, 4, build_udp } },
	[PROBE_ICMP] = { { IPPROTO_ICMP, LIBNET_ICMPV4_ECHO_H, 2, 2, build_icmp },
			 { IPPROTO_ICMPV6, LIBNET_ICMPV6_ECHO_H, 2, 2, build_icmpv6 } },
	[PROBE_TCP] = { { IPPROTO_TCP, LIBNET_TCP_H + SEGMENT_OPTION, 16, 0, build_tcp },
			{ IPPROTO_TCP, LIBNET_TCP_H + SEGMENT_OPTION, 16, 0, build_tcp } },
};

static bool is_v4(const struct craft *craft)
{
	return craft->base.family == AF_INET;
}

static const struct method *method_of(const struct craft *craft)
{
	return &methods[craft->base.method][!is_v4(craft)];
}

/* The octets of an address: 4 or 16. */
static const uint8_t *octets(const struct address *address)
{
	if (address->storage.ss_family == AF_INET)
		return (const uint8_t *)&((const struct sockaddr_in *)&address->storage)->sin_addr;
	return (const uint8_t *)&((const struct sockaddr_in6 *)&address->storage)->sin6_addr;
}

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* ------------------------------------------------------------------------------------------------ its life */

static int check(const struct probe_base *base, struct error *err)
{
	if ((base->family != AF_INET && base->family != AF_INET6) || (unsigned)base->method >= PROBE_METHODS)
		bug("craft: family %d, method %u", base->family, (unsigned)base->method);
	if (base->source.storage.ss_family != base->family || base->target.storage.ss_family != base->family)
		bug("craft: the addresses are of another family than the probes");
	if (base->options_length % 4 || base->options_length > PROBE_OPTIONS)
		return error_set(err, "IPv4 options of %u octets: they must be a multiple of 4, and %u at most",
				 base->options_length, PROBE_OPTIONS);
	return 0;
}

struct craft *craft_new(const struct probe_base *base, struct error *err)
{
	char why[LIBNET_ERRBUF_SIZE] = "";
	struct craft *craft;

	if (check(base, err) < 0)
		return NULL;
	craft = mem_new(1, sizeof *craft);
	craft->base = *base;
	craft->libnet = libnet_init(LIBNET_NONE, NULL, why);
	if (!craft->libnet) {
		free(craft);
		error_set(err, "libnet: %.*s", (int)strcspn(why, "\n"), why);
		return NULL;
	}
	return craft;
}

void craft_free(struct craft *craft)
{
	if (!craft)
		return;
	libnet_destroy(craft->libnet);
	free(craft);
}

/* ------------------------------------------------------------------------------------------------ transport */

/*
 * A checksum of 0 has libnet compute it. The payload is a block of its own and there already, so that nothing hangs on
 * how a builder arranges a header, options and a payload.
 */
static libnet_ptag_t build_udp(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	return libnet_build_udp(packet->source_port, packet->target_port, (uint16_t)(shape->transport + shape->payload),
				0, NULL, 0, craft->libnet, 0);
}

static libnet_ptag_t build_icmp(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	(void)shape;
	return libnet_build_icmpv4_echo(ICMP_ECHO, 0, 0, craft->base.ident, packet->key, NULL, 0, craft->libnet, 0);
}

static libnet_ptag_t build_icmpv6(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	(void)shape;
	return libnet_build_icmpv6_echo(ICMP6_ECHO, 0, 0, craft->base.ident, packet->key, NULL, 0, craft->libnet, 0);
}

static libnet_ptag_t build_tcp(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	uint8_t segment[SEGMENT_OPTION] = { 2, SEGMENT_OPTION };

	put16(segment + 2, is_v4(craft) ? 1460 : 1440); /* what Ethernet takes */
	if (libnet_build_tcp_options(segment, sizeof segment, craft->libnet, 0) < 0)
		return -1;
	return libnet_build_tcp(packet->source_port, packet->target_port, craft->base.sequence + packet->key, 0, TH_SYN,
				WINDOW, 0, 0, (uint16_t)(shape->transport + shape->payload), NULL, 0, craft->libnet, 0);
}

/* ------------------------------------------------------------------------------------------------ network */

static libnet_ptag_t build_ipv4(struct craft *craft, const struct probe_packet *packet)
{
	const struct probe_base *base = &craft->base;
	uint32_t source, target;

	memcpy(&source, octets(&base->source), sizeof source);
	memcpy(&target, octets(&base->target), sizeof target);
	if (base->options_length
	    && libnet_build_ipv4_options(base->options, base->options_length, craft->libnet, 0) < 0)
		return -1;
	return libnet_build_ipv4(packet->size, base->tos, packet->key, base->dont_fragment ? IP_DF : 0, packet->ttl,
				 method_of(craft)->protocol, 0, source, target, NULL, 0, craft->libnet, 0);
}

static libnet_ptag_t build_ipv6(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	struct libnet_in6_addr source, target;

	memcpy(&source, octets(&craft->base.source), sizeof source);
	memcpy(&target, octets(&craft->base.target), sizeof target);
	return libnet_build_ipv6(craft->base.tos, packet->flow_label, (uint16_t)(shape->transport + shape->payload),
				 method_of(craft)->protocol, packet->ttl, source, target, NULL, 0, craft->libnet, 0);
}

/* Blocks are put one before the other: the last octets of the packet come first. Each time from nothing. */
static bool build_blocks(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	libnet_clear_packet(craft->libnet);
	if (shape->payload && libnet_build_data(craft->payload, shape->payload, craft->libnet, 0) < 0)
		return false;
	if (method_of(craft)->build(craft, packet, shape) < 0)
		return false;
	return (is_v4(craft) ? build_ipv4(craft, packet) : build_ipv6(craft, packet, shape)) >= 0;
}

/* ------------------------------------------------------------------------------------------------ checksums */

/* Of the methods that have a say in it. */
static uint16_t wanted(const struct craft *craft, const struct probe_packet *packet)
{
	return craft->base.method == PROBE_UDP ? packet->key : packet->checksum;
}

static uint8_t *checksum_of(struct craft *craft, const struct shape *shape)
{
	return craft->data + shape->header + method_of(craft)->checksum;
}

static uint64_t pseudo_header(const struct craft *craft, const struct shape *shape)
{
	size_t length = is_v4(craft) ? 4 : 16;
	uint8_t rest[4];
	uint64_t sum;

	if (method_of(craft)->protocol == IPPROTO_ICMP)
		return 0;
	put16(rest, shape->transport + shape->payload);
	put16(rest + 2, method_of(craft)->protocol);
	sum = checksum_add(0, octets(&craft->base.source), length);
	sum = checksum_add(sum, octets(&craft->base.target), length);
	return checksum_add(sum, rest, sizeof rest);
}

/* With the checksum that is in it: 0xffff is right. */
static uint16_t sum_transport(const struct craft *craft, const struct shape *shape)
{
	return checksum_fold(checksum_add(pseudo_header(craft, shape), craft->data + shape->header,
					  shape->transport + shape->payload));
}

static void mend_network(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	uint8_t *data = craft->data;

	if (is_v4(craft)) { /* on the way through a raw socket of libnet's the kernel would see to it */
		put16(data + 10, 0);
		put16(data + 10, (uint16_t)~checksum_fold(checksum_add(0, data, shape->header)));
		return;
	}
	/* 1.1.6 has the flow label's last octet twice and its middle never. */
	data[1] = (uint8_t)((data[1] & 0xf0) | (packet->flow_label >> 16 & 0xf));
	put16(data + 2, packet->flow_label & 0xffff);
}

static void mend_transport(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	uint8_t *sum = checksum_of(craft, shape);

	/* libnet adds the two in 16 bits: the carry is lost, as in ICMPv6's longest. */
	if (shape->transport + shape->payload + method_of(craft)->protocol > UINT16_MAX) {
		put16(sum, 0);
		put16(sum, (uint16_t)~sum_transport(craft, shape));
	}
	/* 0 and 0xffff are one number; but in UDP 0 says "no checksum", and a flow of ICMP may have either. */
	if (method_of(craft)->keyed && !get16(sum) && wanted(craft, packet) == 0xffff)
		put16(sum, 0xffff);
}

static void build(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	uint8_t *built = NULL;
	uint32_t length = 0;

	if (!build_blocks(craft, packet, shape) || libnet_pblock_coalesce(craft->libnet, &built, &length) < 0)
		bug("libnet does not build a probe: %s", libnet_geterror(craft->libnet));
	if (length != packet->size)
		bug("libnet built %u octets where %u were asked for", (unsigned)length, packet->size);
	memcpy(craft->data, built, length);
	free(built);
	mend_network(craft, packet, shape);
	mend_transport(craft, packet, shape);
}

/*
 * Builds the packet. With zeros at the beginning of the payload the checksum comes to a sum; what has to be there for
 * the wanted one is the difference of the two, in one's complement.
 */
static void balance(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	uint8_t difference[4];

	put16(craft->payload, 0);
	if (method_of(craft)->keyed == 4)
		put16(craft->payload + 2, packet->key);
	build(craft, packet, shape);
	memcpy(difference, checksum_of(craft, shape), 2);
	put16(difference + 2, (uint16_t)~wanted(craft, packet));
	put16(craft->data + shape->header + shape->transport,
	      checksum_fold(checksum_add(0, difference, sizeof difference)));
	put16(checksum_of(craft, shape), wanted(craft, packet));
}

/* Whether the packet is what was asked for, as far as the keys and the flow hang on it. */
static void verify(struct craft *craft, const struct probe_packet *packet, const struct shape *shape)
{
	const uint8_t *data = craft->data;
	uint8_t begin = is_v4(craft) ? (uint8_t)(0x40 | shape->header / 4) : (uint8_t)(0x60 | craft->base.tos >> 4);

	if (data[0] != begin)
		bug("libnet built a packet that begins with %#x, not %#x", data[0], begin);
	if (is_v4(craft) && checksum_fold(checksum_add(0, data, shape->header)) != 0xffff)
		bug("the header checksum of a probe is wrong");
	if (sum_transport(craft, shape) != 0xffff)
		bug("libnet built a probe with a wrong checksum: key %u", packet->key);
	if (method_of(craft)->keyed && get16(checksum_of(craft, shape)) != wanted(craft, packet))
		bug("the checksum of a probe is %#x, not %#x", get16(checksum_of(craft, shape)),
		    wanted(craft, packet));
}

int craft_probe(struct craft *craft, const struct probe_packet *packet, struct crafted *out, struct error *err)
{
	unsigned least = probe_least(&craft->base);
	struct shape shape = { .transport = method_of(craft)->header };

	if (packet->size < least)
		return error_set(err, "%u octets are too few for a probe: the headers and its key take %u",
				 packet->size, least);
	if (!packet->key)
		bug("craft: a probe without a key");
	shape.header = (uint16_t)(least - shape.transport - method_of(craft)->keyed);
	shape.payload = (uint16_t)(packet->size - shape.header - shape.transport);
	for (; craft->filled < shape.payload; craft->filled++)
		craft->payload[craft->filled] = (uint8_t)filling[craft->filled % (sizeof filling - 1)];
	if (method_of(craft)->keyed)
		balance(craft, packet, &shape);
	else
		build(craft, packet, &shape);
	verify(craft, packet, &shape);
	*out = (struct crafted){ .data = craft->data, .length = packet->size, .header = shape.header };
	return 0;
}
