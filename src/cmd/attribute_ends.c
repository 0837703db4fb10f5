/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/attribute_ends.h"

#include <netinet/in.h>
#include <string.h>

/* What is left of the packet. */
struct rest {
	const uint8_t *at;
	uint32_t length;
};

static uint16_t two(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static bool skip(struct rest *rest, uint32_t octets)
{
	if (rest->length < octets)
		return false;
	rest->at += octets;
	rest->length -= octets;
	return true;
}

/* ------------------------------------------------------------------------------------------------ links */

/* The EtherType that stands in a header, which is skipped, and VLAN tags behind it; 0: there is none. */
static uint16_t type_behind(struct rest *rest, uint32_t header, uint32_t type_at)
{
	uint16_t type;

	if (!skip(rest, header))
		return 0;
	type = two(rest->at - header + type_at);
	while (type == 0x8100 || type == 0x88a8 || type == 0x9100) {
		if (!skip(rest, 4))
			return 0;
		type = two(rest->at - 2);
	}
	return type;
}

static uint16_t version(const struct rest *rest)
{
	if (!rest->length)
		return 0;
	return rest->at[0] >> 4 == 4 ? 0x0800 : rest->at[0] >> 4 == 6 ? 0x86dd : 0;
}

static uint16_t network_type(uint16_t link, struct rest *rest)
{
	static const struct {
		uint16_t link, header, type_at;
	} links[] = { { 1, 14, 12 }, { 276, 20, 0 }, { 113, 16, 14 } };

	for (unsigned i = 0; i < sizeof links / sizeof *links; i++)
		if (link == links[i].link)
			return type_behind(rest, links[i].header, links[i].type_at);
	return link == 101 || link == 228 || link == 229 ? version(rest) : 0;
}

/* ------------------------------------------------------------------------------------------------ networks */

/* The protocol that it carries; -1: none whose ports are here. */
static int ipv4(struct rest *rest, struct registrar_packet *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const uint8_t *header = rest->at;
	uint32_t length;

	if (rest->length < 20 || header[0] >> 4 != 4)
		return -1;
	length = (header[0] & 15u) * 4;
	if (length < 20 || two(header + 6) & 0x1fff || !skip(rest, length))
		return -1;
	for (unsigned i = 0; i < 2; i++) {
		memcpy(out->ends[i].address, mapped, sizeof mapped);
		memcpy(out->ends[i].address + 12, header + 12 + 4 * i, 4);
	}
	return header[9];
}

/* The header behind an extension header, which is skipped; -1: a later fragment, or there is none. */
static int behind_extension(struct rest *rest, int next)
{
	const uint8_t *at = rest->at;

	if (rest->length < 8 || (next == IPPROTO_FRAGMENT && two(at + 2) & 0xfff8))
		return -1;
	return skip(rest, next == IPPROTO_FRAGMENT ? 8 : 8 + at[1] * 8u) ? at[0] : -1;
}

static int ipv6(struct rest *rest, struct registrar_packet *out)
{
	int next;

	if (!skip(rest, 40) || rest->at[-40] >> 4 != 6)
		return -1;
	memcpy(out->ends[OWNER_SOURCE].address, rest->at - 32, 16);
	memcpy(out->ends[OWNER_DESTINATION].address, rest->at - 16, 16);
	next = rest->at[-34];
	while (next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_DSTOPTS ||
	       next == IPPROTO_FRAGMENT)
		next = behind_extension(rest, next);
	return next;
}

/* ------------------------------------------------------------------------------------------------ transports */

bool frame_ends(const struct frame *frame, struct registrar_packet *out)
{
	struct rest rest = { frame->data, frame->cap_length };
	uint16_t type = network_type(frame->link, &rest);
	int protocol = type == 0x0800 ? ipv4(&rest, out) : type == 0x86dd ? ipv6(&rest, out) : -1;

	if ((protocol != IPPROTO_TCP && protocol != IPPROTO_UDP) || rest.length < 4)
		return false;
	out->kind = protocol == IPPROTO_TCP ? SOCKET_TCP : SOCKET_UDP;
	/* SYN without ACK. */
	out->opens = protocol == IPPROTO_TCP && rest.length >= 14 && (rest.at[13] & 0x12) == 0x02;
	out->ends[OWNER_SOURCE].port = two(rest.at);
	out->ends[OWNER_DESTINATION].port = two(rest.at + 2);
	out->time = frame->time;
	return out->ends[0].port && out->ends[1].port;
}
