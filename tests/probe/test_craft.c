/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes octet by octet, and as the dissectors see them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "crafting.h"
#include "packet/dissect.h"

static const uint8_t router_alert[] = { 0x94, 4, 0, 0, 1, 1, 1, 1 };

#define HOSTS4 "c0000201" "c6336402"
#define HOSTS6 "20010db8000000000000000000000001" "20010db8000100000000000000000002"

/* DSCP EF, not to be fragmented, with options: `dressed` probes; else nothing of it. */
static const struct row {
	int version;
	enum probe_method method;
	bool dressed;
	uint16_t key, checksum, more; /* octets beyond the least */
	const char *hex;
} rows[] = {
	{ 4, PROBE_UDP, false, 1, 0, 0,
	  "45000020000100000711c795" HOSTS4 "9c40829a000c0001" "f4c10001" },
	{ 4, PROBE_UDP, true, 0xffff, 0, 1,
	  "47b80029ffff40000711eece" HOSTS4 "9404000001010101" "9c40829a000dffff" "8fc1ffff65" },
	{ 6, PROBE_UDP, false, 1, 0, 0,
	  "600abcde000c1107" HOSTS6 "9c40829a000c0001" "85830001" },
	{ 6, PROBE_UDP, true, 0xffff, 0, 1,
	  "6b8abcde000d1107" HOSTS6 "9c40829a000dffff" "2083ffff65" },
	{ 4, PROBE_ICMP, false, 1, 0xbeef, 0,
	  "4500001e000100000701c7a7" HOSTS4 "0800beef12340001" "26db" },
	{ 4, PROBE_ICMP, true, 0xffff, 0xffff, 1,
	  "47b80027ffff40000701eee0" HOSTS4 "9404000001010101" "0800ffff1234ffff" "77cb6e" },
	{ 6, PROBE_ICMP, false, 1, 0xbeef, 0,
	  "600abcde000a3a07" HOSTS6 "8000beef12340001" "5320" },
	{ 6, PROBE_ICMP, true, 0xffff, 0, 1,
	  "6b8abcde000b3a07" HOSTS6 "800000001234ffff" "a40f6e" },
	{ 4, PROBE_TCP, false, 1, 0, 0,
	  "4500002c000100000706c794" HOSTS4 "9c40829afffffff100000000600216d076520000020405b4" },
	{ 4, PROBE_TCP, true, 0xffff, 0, 1,
	  "47b80035ffff40000706eecd" HOSTS4 "9404000001010101"
	  "9c40829a0000ffef00000000600216d003530000020405b4" "73" },
	{ 6, PROBE_TCP, false, 1, 0, 0,
	  "600abcde00180607" HOSTS6 "9c40829afffffff100000000600216d007280000020405a0" },
	{ 6, PROBE_TCP, true, 0xffff, 0, 1,
	  "6b8abcde00190607" HOSTS6 "9c40829a0000ffef00000000600216d094280000020405a0" "73" },
};

static struct probe_base base_of_row(const struct row *row)
{
	struct probe_base base = base_of(row->version, row->method);

	if (row->dressed) {
		base.tos = 0xb8;
		base.dont_fragment = true;
		base.options_length = row->version == 4 ? sizeof router_alert : 0;
		memcpy(base.options, router_alert, sizeof router_alert);
	}
	return base;
}

static struct craft *craft_row(const struct row *row, unsigned size, struct crafted *out)
{
	struct probe_base base = base_of_row(row);
	struct probe_packet packet = packet_of(row->key, row->checksum, (uint16_t)size);
	struct error err;
	struct craft *craft = craft_new(&base, &err);

	assert_non_null(craft);
	assert_int_equal(craft_probe(craft, &packet, out, &err), 0);
	assert_int_equal(out->length, size);
	assert_int_equal(out->header, row->version == 4 ? 20 + base.options_length : 40);
	return craft;
}

static unsigned least_of(const struct row *row)
{
	struct probe_base base = base_of_row(row);

	return probe_least(&base);
}

static void golden_octets(void **state)
{
	char hex[2 * 128 + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct crafted out;
		struct craft *craft = craft_row(&rows[i], least_of(&rows[i]) + rows[i].more, &out);

		for (size_t k = 0; k < out.length; k++)
			snprintf(hex + 2 * k, 3, "%02x", out.data[k]);
		if (strcmp(hex, rows[i].hex) != 0)
			fail_msg("row %zu: %s", i, hex);
		craft_free(craft);
	}
}

/* ------------------------------------------------------------------------------------------------ as dissected */

/* What a row's probe has. */
static const struct {
	int version;
	int method; /* -1: all */
	const char *name;
	uint64_t plain, dressed; /* values */
} fields[] = {
	{ 4, -1, "ip.ttl", 7, 7 },
	{ 4, -1, "ip.id", 1, 0xffff },
	{ 4, -1, "ip.dsfield", 0, 0xb8 },
	{ 4, -1, "ip.flags.df", 0, 1 },
	{ 4, -1, "ip.checksum.status", CHECKSUM_GOOD, CHECKSUM_GOOD },
	{ 6, -1, "ipv6.hlim", 7, 7 },
	{ 6, -1, "ipv6.tclass", 0, 0xb8 },
	{ 6, -1, "ipv6.flow", FLOW_LABEL, FLOW_LABEL },
	{ 0, PROBE_UDP, "udp.srcport", SOURCE_PORT, SOURCE_PORT },
	{ 0, PROBE_UDP, "udp.dstport", TARGET_PORT, TARGET_PORT },
	{ 0, PROBE_UDP, "udp.checksum", 1, 0xffff },
	{ 0, PROBE_UDP, "udp.checksum.status", CHECKSUM_GOOD, CHECKSUM_GOOD },
	{ 4, PROBE_ICMP, "icmp.type", 8, 8 },
	{ 4, PROBE_ICMP, "icmp.checksum", 0xbeef, 0xffff },
	{ 4, PROBE_ICMP, "icmp.checksum.status", CHECKSUM_GOOD, CHECKSUM_GOOD },
	{ 4, PROBE_ICMP, "icmp.ident", IDENT, IDENT },
	{ 4, PROBE_ICMP, "icmp.seq", 1, 0xffff },
	{ 6, PROBE_ICMP, "icmpv6.type", 128, 128 },
	{ 6, PROBE_ICMP, "icmpv6.checksum", 0xbeef, 0 },
	{ 6, PROBE_ICMP, "icmpv6.checksum.status", CHECKSUM_GOOD, CHECKSUM_GOOD },
	{ 6, PROBE_ICMP, "icmpv6.echo.identifier", IDENT, IDENT },
	{ 6, PROBE_ICMP, "icmpv6.echo.sequence_number", 1, 0xffff },
	{ 0, PROBE_TCP, "tcp.srcport", SOURCE_PORT, SOURCE_PORT },
	{ 0, PROBE_TCP, "tcp.dstport", TARGET_PORT, TARGET_PORT },
	{ 0, PROBE_TCP, "tcp.flags", 2, 2 },
	{ 0, PROBE_TCP, "tcp.seq_raw", SEQUENCE + 1, (uint32_t)(SEQUENCE + 0xffff) },
	{ 0, PROBE_TCP, "tcp.checksum.status", CHECKSUM_GOOD, CHECKSUM_GOOD },
	{ 4, PROBE_TCP, "tcp.options.mss_val", 1460, 1460 },
	{ 6, PROBE_TCP, "tcp.options.mss_val", 1440, 1440 },
};

static uint64_t value_of(const struct packet *packet, const char *name)
{
	for (unsigned i = 0; i < packet->field_count; i++)
		if (!strcmp(packet->fields[i].def->name, name))
			return packet->fields[i].value.uint;
	fail_msg("%s is not there", name);
	return 0;
}

static void assert_fields(const struct packet *packet, const struct row *row)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		uint64_t wanted = row->dressed ? fields[i].dressed : fields[i].plain, value;

		if ((fields[i].version && fields[i].version != row->version)
		    || (fields[i].method >= 0 && fields[i].method != (int)row->method))
			continue;
		value = value_of(packet, fields[i].name);
		if (value != wanted)
			fail_msg("%s is %#llx, not %#llx", fields[i].name, (unsigned long long)value,
				 (unsigned long long)wanted);
	}
	for (unsigned i = 0; i < packet->layer_count; i++)
		assert_int_equal(packet->layers[i].state, LAYER_OK);
}

static void every_size_is_sound(void **state)
{
	static const unsigned sizes[] = { 128, 129, 576, 1500, 1501, 9001, 65516, 65517, 65518, 65534, 65535 };
	struct protocols *protocols = protocols_new();
	struct packet *packet = mem_new(1, sizeof *packet);

	(void)state;
	protocols_want_all(protocols);
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t k = 0; k < COUNT(sizes) + 2; k++) {
			struct crafted out;
			unsigned size = k < COUNT(sizes) ? sizes[k] : least_of(&rows[i]) + (unsigned)(k - COUNT(sizes));
			struct craft *craft = craft_row(&rows[i], size, &out);
			struct frame frame = { .number = 1, .link = 101, .data = out.data, .cap_length = size,
					       .wire_length = size };

			assert_int_equal(header_sum(&out), 0xffff);
			assert_int_equal(transport_sum(&out), 0xffff);
			dissect(protocols, &frame, packet);
			assert_fields(packet, &rows[i]);
			craft_free(craft);
		}
	}
	free(packet);
	protocols_free(protocols);
}

/* One handle for all sizes: nothing of a long probe is left in a short one. */
static void probes_do_not_hang_on_earlier_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned size = least_of(&rows[i]) + 1;
		struct probe_packet packet = packet_of(rows[i].key, rows[i].checksum, PROBE_SIZE);
		struct crafted first, again;
		struct craft *craft = craft_row(&rows[i], size, &first), *other = craft_row(&rows[i], size, &again);
		struct error err;

		assert_int_equal(craft_probe(other, &packet, &again, &err), 0);
		packet.key ^= 0x5555;
		assert_int_equal(craft_probe(other, &packet, &again, &err), 0);
		packet = packet_of(rows[i].key, rows[i].checksum, (uint16_t)size);
		assert_int_equal(craft_probe(other, &packet, &again, &err), 0);
		assert_int_equal(again.length, first.length);
		assert_memory_equal(again.data, first.data, first.length);
		craft_free(craft);
		craft_free(other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_octets),
		cmocka_unit_test(every_size_is_sound),
		cmocka_unit_test(probes_do_not_hang_on_earlier_ones),
	};

	return cmocka_run_group_tests_name("probe/craft", tests, NULL, NULL);
}
