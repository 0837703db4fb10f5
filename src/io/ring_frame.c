/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "io/ring.h"

#ifndef TP_STATUS_GSO_TCP
#define TP_STATUS_GSO_TCP (1 << 8)
#endif

#define TAG_LENGTH 4
#define MACS_LENGTH 12
#define MOST_INTERFACES 4096 /* in one capture on "any" */

struct sll2 {
	uint16_t protocol, reserved;
	uint32_t index;
	uint16_t hardware;
	uint8_t packet_type, address_length;
	uint8_t address[8];
};

_Static_assert(sizeof(struct sll2) == 20, "LINKTYPE_LINUX_SLL2 headers have 20 octets");

uint32_t ring_flags(uint8_t packet_type, uint32_t status)
{
	static const uint8_t directions[] = {
		[PACKET_HOST] = FRAME_IN | 1 << 2,
		[PACKET_MULTICAST] = FRAME_IN | 2 << 2,
		[PACKET_BROADCAST] = FRAME_IN | 3 << 2,
		[PACKET_OTHERHOST] = FRAME_IN | 4 << 2,
		[PACKET_OUTGOING] = FRAME_OUT,
	};
	uint32_t flags = packet_type < sizeof directions ? directions[packet_type] : FRAME_DIRECTION_UNKNOWN;

	_Static_assert(TP_STATUS_CSUMNOTREADY << 6 == FRAME_CHECKSUM_NOT_READY, "bits moved");
	_Static_assert(TP_STATUS_CSUM_VALID << 3 == FRAME_CHECKSUM_VALID, "bits moved");
	_Static_assert(TP_STATUS_GSO_TCP << 3 == FRAME_TCP_SEGMENTATION, "bits moved");
	return flags | (status & TP_STATUS_CSUMNOTREADY) << 6 |
	       (status & (TP_STATUS_CSUM_VALID | TP_STATUS_GSO_TCP)) << 3;
}

static uint16_t tag_protocol(const struct tpacket3_hdr *header)
{
	return header->tp_status & TP_STATUS_VLAN_TPID_VALID ? header->hv1.tp_vlan_tpid : ETH_P_8021Q;
}

static inline void set_span(const struct ring *ring, struct frame *frame, const uint8_t *data, uint32_t captured,
			    uint32_t length)
{
	frame->data = data;
	frame->cap_length = captured < ring->snaplen ? captured : ring->snaplen;
	frame->wire_length = length;
}

/* The kernel took the tag off; the room before the packet is ours to put it back. */
static void restore_tag(const struct ring *ring, struct tpacket3_hdr *header, struct frame *frame)
{
	uint8_t *old = (uint8_t *)header + header->tp_mac, *data = old - TAG_LENGTH;
	uint16_t tag[] = { htons(tag_protocol(header)), htons((uint16_t)header->hv1.tp_vlan_tci) };

	if (header->tp_snaplen < MACS_LENGTH) {
		set_span(ring, frame, old, header->tp_snaplen, header->tp_len + TAG_LENGTH);
		return;
	}
	memmove(data, old, MACS_LENGTH);
	memcpy(data + MACS_LENGTH, tag, sizeof tag);
	set_span(ring, frame, data, header->tp_snaplen + TAG_LENGTH, header->tp_len + TAG_LENGTH);
}

static void build_raw(struct ring *ring, struct tpacket3_hdr *header, struct frame *frame)
{
	frame->interface = ring->head.interfaces[0];
	set_span(ring, frame, (uint8_t *)header + header->tp_mac, header->tp_snaplen, header->tp_len);
}

static void build_ethernet(struct ring *ring, struct tpacket3_hdr *header, struct frame *frame)
{
	build_raw(ring, header, frame);
	if (__builtin_expect(header->tp_status & TP_STATUS_VLAN_VALID, 0))
		restore_tag(ring, header, frame);
}

/* The kernel gives no name to an interface that is gone by now. */
static void name_interface(struct interface *interface, int index)
{
	char name[IF_NAMESIZE] = "";

	if (!if_indextoname((unsigned)index, name))
		snprintf(name, sizeof name, "if%d", index);
	interface->name = mem_copy_string(name);
}

static struct interface *add_interface(struct ring *ring, int index)
{
	const struct interface *any = ring->head.interfaces[0];
	struct interface *interface = source_add_interface(&ring->head);

	ring->indexes = mem_resize(ring->indexes, ring->head.interface_count, sizeof *ring->indexes);
	ring->indexes[interface->id] = index;
	ring->last = interface->id;
	name_interface(interface, index);
	interface->filter = any->filter ? mem_copy_string(any->filter) : NULL;
	interface->link = any->link;
	interface->snaplen = any->snaplen;
	interface->tsresol = any->tsresol;
	return interface;
}

static struct interface *find_interface(struct ring *ring, int index)
{
	if (!ring->index && ring->indexes && ring->indexes[ring->last] == index)
		return ring->head.interfaces[ring->last];
	if (ring->index)
		return ring->head.interfaces[0];
	for (uint32_t i = 1; i < ring->head.interface_count; i++) {
		if (ring->indexes[i] == index) {
			ring->last = i;
			return ring->head.interfaces[i];
		}
	}
	return ring->head.interface_count < MOST_INTERFACES ? add_interface(ring, index) : ring->head.interfaces[0];
}

static void build_cooked(struct ring *ring, struct tpacket3_hdr *header, struct frame *frame)
{
	const struct sockaddr_ll *from = ring_address(header);
	uint8_t *data = (uint8_t *)header + header->tp_mac;
	uint32_t added = sizeof(struct sll2);
	struct sll2 cooked = {
		.protocol = from->sll_protocol,
		.index = htonl((uint32_t)from->sll_ifindex),
		.hardware = htons(from->sll_hatype),
		.packet_type = from->sll_pkttype,
		.address_length = from->sll_halen,
	};

	if (header->tp_status & TP_STATUS_VLAN_VALID) {
		uint16_t inside[] = { htons((uint16_t)header->hv1.tp_vlan_tci), cooked.protocol };

		added += TAG_LENGTH;
		data -= TAG_LENGTH;
		memcpy(data, inside, sizeof inside);
		cooked.protocol = htons(tag_protocol(header));
	}
	memcpy(cooked.address, from->sll_addr, sizeof cooked.address);
	memcpy(data - sizeof cooked, &cooked, sizeof cooked);
	frame->interface = find_interface(ring, from->sll_ifindex);
	set_span(ring, frame, data - sizeof cooked, header->tp_snaplen + added, header->tp_len + added);
}

void (*ring_builder(enum tap_shape shape))(struct ring *, struct tpacket3_hdr *, struct frame *)
{
	static void (*const builders[])(struct ring *, struct tpacket3_hdr *, struct frame *) = {
		[TAP_ETHERNET] = build_ethernet,
		[TAP_RAW] = build_raw,
		[TAP_COOKED] = build_cooked,
	};

	return builders[shape];
}
