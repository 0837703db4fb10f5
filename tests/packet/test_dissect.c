/* SPDX-License-Identifier: BSD-2-Clause */
/* The dissect loop over whole frames: which layers it makes, what it leaves over, and how far it goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "packet/dissect.h"
#include "packet/dissector.h"

#define MACS "020000000001020000000002"
#define ARP_REQUEST "00010800060400010200000000020a0000020000000000000a000001"
#define ARP_GRATUITOUS "00010800060400020200000000020a0000020200000000020a000002"
#define IP_UDP "4500001e00010000401166cc0a0000020a0000019c409c41000a4aec6869"
#define IPV6_HOSTS "fe800000000000000000000000000002fe800000000000000000000000000001"
#define IPV6_UDP "60000000000a1140" IPV6_HOSTS "9c409c41000a61ea6869"
#define FIVE_OCTETS "4500002100010000401166c90a0000020a0000019c409c41000d6f7d68656c6c6f"

struct world {
	struct protocols *protocols;
	struct packet *packet;
	struct frame frame;
	uint8_t data[4096];
};

static int set_up(void **state)
{
	struct world *w = mem_new(1, sizeof *w);

	w->protocols = protocols_new();
	w->packet = mem_new(1, sizeof *w->packet);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	protocols_free(w->protocols);
	free(w->packet);
	free(w);
	return 0;
}

static uint8_t digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void dissect_hex(struct world *w, uint16_t link, const char *hex)
{
	uint32_t length = (uint32_t)strlen(hex) / 2;

	assert_true(length <= sizeof w->data);
	for (uint32_t i = 0; i < length; i++)
		w->data[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	w->frame = (struct frame){
		.number = 1, .link = link, .data = w->data, .cap_length = length, .wire_length = length,
	};
	dissect(w->protocols, &w->frame, w->packet);
}

static void dissect_cut(struct world *w, uint32_t length)
{
	w->frame.cap_length = length;
	dissect(w->protocols, &w->frame, w->packet);
}

static const struct field *field_named(const struct packet *packet, const char *name)
{
	for (unsigned i = 0; i < packet->field_count; i++)
		if (!strcmp(packet->fields[i].def->name, name))
			return &packet->fields[i];
	return NULL;
}

static uint64_t uint_of(const struct world *w, const char *name)
{
	const struct field *field = field_named(w->packet, name);

	if (!field)
		fail_msg("%s is not there", name);
	return field->value.uint;
}

static const struct layer *layer_named(const struct packet *packet, const char *name)
{
	for (unsigned i = 0; i < packet->layer_count; i++)
		if (!strcmp(packet->layers[i].dissector->name, name))
			return &packet->layers[i];
	fail_msg("there is no layer %s", name);
	return NULL;
}

static void assert_span(const struct field *field, const char *text)
{
	assert_non_null(field);
	assert_int_equal(field->length, strlen(text));
	assert_memory_equal(field->value.bytes, text, strlen(text));
}

/* ------------------------------------------------------------------------------------------------ protocols */

static const struct {
	uint16_t link;
	const char *hex;
	const char *protocols;
	const char *field; /* one that shows that the header was understood */
	uint64_t value;
} packets[] = {
	{ 1, MACS "0800" IP_UDP, "eth:ip:udp:data", "udp.checksum.status", CHECKSUM_GOOD },
	{ 1, MACS "88a800c88100a0070806" ARP_REQUEST, "eth:ieee8021ad:vlan:arp", "ieee8021ad.id", 200 },
	{ 1, MACS "0806" ARP_GRATUITOUS, "eth:arp", "arp.isgratuitous", 1 },
	{ 1, MACS "0806" ARP_REQUEST, "eth:arp", "arp.opcode", 1 },
	{ 1, MACS "0026aaaa0300000008" "00" IP_UDP, "eth:llc:ip:udp:data", "llc.type", 0x0800 },
	{ 1, MACS "81000001" "0026aaaa0300000008" "00" IP_UDP, "eth:vlan:llc:ip:udp:data", "vlan.len", 38 },
	{ 1, MACS "000742420302030400000000", "eth:llc:data", "llc.dsap", 0x42 },
	{ 1, MACS "0004ffff0004", "eth:data", "eth.len", 4 },
	{ 1, MACS "05ee0000", "eth:data", "eth.invalid_lentype", 0x05ee },
	{ 1, MACS "88470001004000011140" IP_UDP, "eth:mpls:mpls:ip:udp:data", "mpls.label", 16 },
	{ 113, "0004000100060200000000020000" "0806" ARP_REQUEST, "sll:arp", "sll.pkttype", 4 },
	{ 276, "08000000000000030001" "00060200000000020000" IP_UDP, "sll:ip:udp:data", "sll.ifindex", 3 },
	{ 0, "00000002" IP_UDP, "null:ip:udp:data", "null.family", 2 },
	{ 0, "1e000000" IPV6_UDP, "null:ipv6:udp:data", "null.family", 30 },
	{ 108, "00000018" IPV6_UDP, "null:ipv6:udp:data", "null.family", 24 },
	{ 101, IP_UDP, "raw:ip:udp:data", "raw.version", 4 },
	{ 101, IPV6_UDP, "raw:ipv6:udp:data", "udp.checksum.status", CHECKSUM_GOOD },
	{ 228, IP_UDP, "ip:udp:data", "ip.checksum.status", CHECKSUM_GOOD },
	{ 229, IPV6_UDP, "ipv6:udp:data", "ipv6.plen", 10 },
	{ 9, "ff030021" IP_UDP, "ppp:ip:udp:data", "ppp.protocol", 0x21 },
	{ 9, "21" IP_UDP, "ppp:ip:udp:data", "ppp.protocol", 0x21 },
	{ 104, "0f000800" IP_UDP, "chdlc:ip:udp:data", "chdlc.protocol", 0x0800 },
	{ 107, "082103cc" IP_UDP, "fr:ip:udp:data", "fr.dlci", 34 },
	{ 107, "08210800" IP_UDP, "fr:ip:udp:data", "fr.chdlctype", 0x0800 },
	{ 228, "4500003a00010000402f66920a0000020a0000012000080000000007" IP_UDP, "ip:gre:ip:udp:data", "gre.key", 7 },
	{ 228, "4500004e00010000402f667e0a0000020a000001100088be000000011064000200000000" MACS "0806" ARP_REQUEST,
	  "ip:gre:erspan:eth:arp", "erspan.spanid", 2 },
	{ 228, "470000240001000040114fbb0a0000020a00000107070801020304009c409c410008b359", "ip:udp", "ip.rec_rt",
	  0x01020304 },
	{ 228, "4600002800010000" "4002fbb60a000002e0000016940400002200e9fd0000000104000000efff0001", "ip:igmp",
	  "igmp.checksum.status", CHECKSUM_GOOD },
	{ 228, "4500003600010000403366920a0000020a0000011104000000000001000000020102030405060708090a0b0c"
	  "9c409c41000a4aec6869", "ip:ah:udp:data", "ah.sequence", 2 },
	{ 228, "4500002000010000403266a90a0000020a0000010000000100000002deadbeef", "ip:esp", "esp.spi", 1 },
	{ 229, "6000000000120040" IPV6_HOSTS "11000502000001009c409c41000a61ea6869", "ipv6:ipv6.opts:udp:data",
	  "ipv6.hopopts.nxt", 17 },
	/* The checksum is over the address at the end of the route, not over the one in the header. */
	{ 229, "6000000000222b40fe800000000000000000000000000002fe800000000000000000000000000005"
	  "1102000100000000fe8000000000000000000000000000019c409c41000a61ea6869", "ipv6:ipv6.routing:udp:data",
	  "udp.checksum.status", CHECKSUM_GOOD },
	/* The payload length is in the jumbo option; the last octet is padding. */
	{ 229, "6000000000000040" IPV6_HOSTS "1100c204000000129c409c41000a61ea686900", "ipv6:ipv6.opts:udp:data",
	  "udp.checksum.status", CHECKSUM_GOOD },
	{ 147, "0102", "data", "data.len", 2 },
};

static void headers_are_understood(void **state)
{
	struct world *w = *state;

	protocols_want_all(w->protocols);
	for (size_t i = 0; i < sizeof packets / sizeof *packets; i++) {
		dissect_hex(w, packets[i].link, packets[i].hex);
		assert_span(field_named(w->packet, "frame.protocols"), packets[i].protocols);
		assert_int_equal(uint_of(w, packets[i].field), packets[i].value);
	}
}

static void summary_is(const struct world *w, const char *name, const char *expected)
{
	const struct layer *layer = layer_named(w->packet, name);
	struct text out = { 0 };

	layer->dissector->summary(w->packet, layer, &out);
	text_char(&out, '\0');
	assert_string_equal(out.data, expected);
	text_release(&out);
}

static void summaries(void **state)
{
	struct world *w = *state;

	protocols_want_brief(w->protocols);
	dissect_hex(w, 1, MACS "0806" ARP_REQUEST);
	summary_is(w, "arp", "who has 10.0.0.1? tell 10.0.0.2");
	dissect_hex(w, 1, MACS "0806" ARP_GRATUITOUS);
	summary_is(w, "arp", "10.0.0.2 is at 02:00:00:00:00:02 (gratuitous)");
	dissect_hex(w, 228, "4600002800010000" "4002fbb60a000002e0000016940400002200e9fd0000000104000000efff0001");
	summary_is(w, "igmp", "membership report, version 3: change to exclude 239.255.0.1");
	dissect_hex(w, 1, MACS "000742420302030400000000");
	summary_is(w, "llc", "LLC UI to SAP 0x42 (spanning tree)");
	dissect_hex(w, 147, "0102");
	summary_is(w, "frame", "Link type 147, user 0");
}

/* ------------------------------------------------------------------------------------------------ the loop */

static void roles_and_main_layer(void **state)
{
	struct world *w = *state;

	protocols_want_brief(w->protocols);
	dissect_hex(w, 1, MACS "0800" FIVE_OCTETS);
	assert_int_equal(packet_role(w->packet, ROLE_SRC_ADDR)->value.uint, 0x0a000002);
	assert_int_equal(packet_role(w->packet, ROLE_DST_PORT)->value.uint, 40001);
	assert_int_equal(packet_role(w->packet, ROLE_LINK_SRC)->value.bytes[5], 2);
	assert_string_equal(w->packet->layers[w->packet->main_layer].dissector->name, "udp");
	assert_int_equal(w->packet->layers[0].field_count, 0);
}

static void padding_is_not_data(void **state)
{
	struct world *w = *state;

	protocols_want_all(w->protocols);
	dissect_hex(w, 1, MACS "0800" FIVE_OCTETS "00000000");
	assert_int_equal(uint_of(w, "data.len"), 5);
	assert_int_equal(uint_of(w, "padding.len"), 4);
	assert_int_equal(layer_named(w->packet, "padding")->offset, 47);
	assert_int_equal(layer_named(w->packet, "padding")->state, LAYER_OK);
}

/* Cut anywhere: never malformed, and the layer that the capture ends in says so, be it at its first octet. */
static void cuts(void **state)
{
	struct world *w = *state;

	protocols_want_all(w->protocols);
	dissect_hex(w, 1, MACS "0800" FIVE_OCTETS);
	for (uint32_t length = 0; length < 47; length++) {
		dissect_cut(w, length);
		assert_int_equal(w->packet->layers[w->packet->layer_count - 1].state, LAYER_CUT);
	}
	dissect_cut(w, 14);
	assert_int_equal(layer_named(w->packet, "eth")->state, LAYER_OK);
	assert_int_equal(layer_named(w->packet, "ip")->state, LAYER_CUT);
	dissect_cut(w, 42);
	assert_int_equal(layer_named(w->packet, "data")->state, LAYER_CUT);
	assert_int_equal(uint_of(w, "udp.checksum.status"), CHECKSUM_UNVERIFIED);
}

static void malformed_lengths(void **state)
{
	struct world *w = *state;

	protocols_want_all(w->protocols);
	dissect_hex(w, 228, "4500002200010000401166c80a0000020a0000019c409c41000d6f7d68656c6c6f");
	assert_int_equal(layer_named(w->packet, "ip")->state, LAYER_MALFORMED);
	dissect_hex(w, 228, "4500001300010000401166c90a0000020a0000019c409c41000d6f7d68656c6c6f");
	assert_int_equal(layer_named(w->packet, "ip")->state, LAYER_MALFORMED);
	assert_int_equal(w->packet->layer_count, 3);
	dissect_hex(w, 228, "4400002100010000401166c90a0000020a000001");
	assert_string_equal(layer_named(w->packet, "ip")->problem, "a header length below 20");
	dissect_hex(w, 228, "46000018000100004011fbb60a0000020a00000107010000");
	assert_int_equal(layer_named(w->packet, "ip")->state, LAYER_MALFORMED);
}

static void fragments(void **state)
{
	struct world *w = *state;

	protocols_want_all(w->protocols);
	dissect_hex(w, 228, "4500002400012000401146c60a0000020a0000019c409c4107d0abcd7878787878787878");
	assert_int_equal(layer_named(w->packet, "udp")->state, LAYER_OK);
	assert_int_equal(uint_of(w, "udp.checksum.status"), CHECKSUM_UNVERIFIED);
	dissect_hex(w, 228, "4500001c00010002401166cc0a0000020a0000017979797979797979");
	assert_int_equal(layer_named(w->packet, "ip")->state, LAYER_OPAQUE);
	assert_int_equal(uint_of(w, "data.len"), 8);
	dissect_hex(w, 229, "6000000000102c40" IPV6_HOSTS "11000018000000096162636465666768");
	assert_int_equal(layer_named(w->packet, "ipv6.fraghdr")->state, LAYER_OPAQUE);
	assert_int_equal(uint_of(w, "ipv6.fraghdr.offset"), 3);
}

/* A length of zero: the frame was captured before the hardware cut it. Its checksum is not computed, not bad. */
static void segmented_frames(void **state)
{
	struct world *w = *state;

	protocols_want_all(w->protocols);
	dissect_hex(w, 228, "4500000000010000401166ea0a0000020a0000019c409c41000d123468656c6c6f");
	assert_int_equal(layer_named(w->packet, "ip")->state, LAYER_OK);
	assert_int_equal(uint_of(w, "data.len"), 5);
	assert_int_equal(uint_of(w, "udp.checksum.status"), CHECKSUM_OFFLOAD);
	w->data[2] = 0;
	w->data[3] = 33;
	dissect_cut(w, 33);
	assert_int_equal(uint_of(w, "udp.checksum.status"), CHECKSUM_BAD);
	w->frame.flags = FRAME_CHECKSUM_NOT_READY;
	dissect_cut(w, 33);
	assert_int_equal(uint_of(w, "udp.checksum.status"), CHECKSUM_OFFLOAD);
}

static void tags_without_end(void **state)
{
	struct world *w = *state;

	protocols_want_all(w->protocols);
	for (size_t i = 12; i + 4 <= sizeof w->data; i += 4)
		memcpy(w->data + i, "\x81\x00\x00\x01", 4);
	w->frame = (struct frame){
		.link = 1, .data = w->data, .cap_length = sizeof w->data, .wire_length = sizeof w->data,
	};
	dissect(w->protocols, &w->frame, w->packet);
	assert_int_equal(w->packet->layer_count, PACKET_MAX_LAYERS);
}

static void options_without_end(void **state)
{
	struct world *w = *state;

	protocols_want_all(w->protocols);
	dissect_hex(w, 229, "6000000008000040" IPV6_HOSTS "11ff");
	memset(w->data + 42, 0, 2046);
	w->frame.wire_length = 2088;
	dissect_cut(w, 2088);
	assert_int_equal(w->packet->field_count, PACKET_MAX_FIELDS);
	assert_non_null(layer_named(w->packet, "ipv6.opts")->problem);
}

/* ------------------------------------------------------------------------------------------------ the run's tables */

static void wanted_fields_only(void **state)
{
	struct world *w = *state;
	const struct dissector *owner;

	protocols_want_field(w->protocols, protocols_field("ip.dsfield.ecn", &owner));
	protocols_want_field(w->protocols, protocols_field("udp.port", &owner));
	assert_string_equal(owner->name, "udp");
	dissect_hex(w, 228, FIVE_OCTETS);
	assert_int_equal(w->packet->field_count, 3);
	assert_string_equal(w->packet->fields[0].def->name, "ip.dsfield.ecn");
	assert_string_equal(w->packet->fields[1].def->name, "udp.srcport");
	assert_string_equal(w->packet->fields[2].def->name, "udp.dstport");
	assert_null(protocols_field("ip.no_such", &owner));
	assert_string_equal(protocols_nearest_field("ip.srx"), "ip.src");
}

static void decode_as(void **state)
{
	struct world *w = *state;
	struct error err = { "" };

	protocols_want_all(w->protocols);
	assert_int_equal(protocols_decode_as(w->protocols, "udp.port==40000-40001,echo", &err), 0);
	dissect_hex(w, 228, FIVE_OCTETS);
	assert_span(field_named(w->packet, "frame.protocols"), "ip:udp:echo");
	assert_int_equal(protocols_decode_as(w->protocols, "udp.port==1,exho", &err), -1);
	assert_non_null(strstr(err.text, "did you mean 'echo'"));
	assert_int_equal(protocols_decode_as(w->protocols, "udp.port==65536,echo", &err), -1);
	assert_int_equal(protocols_decode_as(w->protocols, "udp.port==9-1,echo", &err), -1);
	assert_int_equal(protocols_decode_as(w->protocols, "no.such==1,echo", &err), -1);
	assert_int_equal(protocols_decode_as(w->protocols, "echo", &err), -1);
}

/* What the capture says of a packet: its interface, and the options of a pcapng block. */
static void frame_fields(void **state)
{
	static const uint8_t options[] = {
		1, 0, 2, 0, 'h', 'i', 0, 0, 1, 0, 3, 0, 'y', 'o', 'u', 0, 4, 0, 8, 0, 9, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0,
	};
	char name[] = "eth0";
	struct interface interface = { .name = name, .id = 2 };
	struct world *w = *state;

	protocols_want_all(w->protocols);
	dissect_hex(w, 228, FIVE_OCTETS);
	w->frame.interface = &interface;
	w->frame.options = options;
	w->frame.options_length = sizeof options;
	w->frame.options_swapped = __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__;
	w->frame.has_flags = true;
	w->frame.flags = 2 | FRAME_CHECKSUM_NOT_READY;
	w->frame.has_time = true;
	w->frame.time = 5000000001;
	w->frame.first_time = 4000000000;
	dissect_cut(w, 33);
	assert_span(field_named(w->packet, "frame.interface_name"), "eth0");
	assert_span(field_named(w->packet, "frame.comment"), "hi");
	assert_int_equal(uint_of(w, "frame.interface_id"), 2);
	assert_int_equal(uint_of(w, "frame.drop_count"), 9);
	assert_int_equal(uint_of(w, "frame.packet_flags_direction"), 2);
	assert_int_equal(uint_of(w, "frame.packet_flags_checksum_not_ready"), 1);
	assert_true(field_named(w->packet, "frame.time_relative")->value.time == 1000000001);
	assert_int_equal(uint_of(w, "frame.cap_len"), 33);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(headers_are_understood), TEST(summaries),           TEST(roles_and_main_layer),
		TEST(padding_is_not_data),    TEST(cuts),                TEST(malformed_lengths),
		TEST(fragments),              TEST(segmented_frames),    TEST(tags_without_end),
		TEST(options_without_end),    TEST(wanted_fields_only),  TEST(decode_as),
		TEST(frame_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
