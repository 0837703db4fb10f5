/* SPDX-License-Identifier: BSD-2-Clause */
/* Capture filters over frames, and the kernel's program for a packet whose header is not there yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "io/bpf.h"
#include "io/tap_filter.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Ethernet, IPv4, UDP from 12345 to 5555 with 4 octets. */
static const uint8_t udp[] = {
	2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 8, 0,
	0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x30, 0x39, 0x15, 0xb3, 0, 12, 0, 0, 'd', 'a', 't', 'e',
};

static void frames_pass_or_not(void **state)
{
	static const struct {
		const char *expression;
		uint16_t link;
		size_t offset;
		bool passes;
	} rows[] = {
		{ "udp port 5555", 1, 0, true },
		{ "udp port 5556", 1, 0, false },
		{ "", 1, 0, true },
		{ "ether src 02:00:00:00:00:08", 1, 0, true },
		{ "len = 46", 1, 0, true },
		{ "vlan", 1, 0, false },
		{ "udp port 5555", 101, 14, true }, /* LINKTYPE_RAW, which libpcap knows by another number */
		{ "ip6", 101, 14, false },
		{ "udp port 5555", 228, 14, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t length = (uint32_t)(sizeof udp - rows[i].offset);
		struct frame frame = { .data = udp + rows[i].offset, .cap_length = length, .wire_length = length,
				       .link = rows[i].link };
		struct error err = { "" };
		struct bpf *bpf = bpf_new(rows[i].expression, rows[i].link, 65535, &err);

		if (!bpf)
			fail_msg("%s", err.text);
		if (bpf_match(bpf, &frame) != rows[i].passes)
			fail_msg("%s on link type %u", rows[i].expression, rows[i].link);
		frame.link = 105;
		assert_false(bpf_match(bpf, &frame));
		bpf_free(bpf);
	}
	bpf_free(NULL);
}

static void no_snapshot_length_is_the_longest(void **state)
{
	struct frame frame = { .data = udp, .cap_length = sizeof udp, .wire_length = sizeof udp, .link = 1 };
	struct error err = { "" };
	struct bpf *bpf = bpf_new("udp", 1, 0, &err);

	(void)state;
	assert_non_null(bpf);
	assert_true(bpf_match(bpf, &frame));
	bpf_free(bpf);
}

static void refusals(void **state)
{
	static const struct {
		const char *expression;
		uint16_t link;
		const char *says;
		bool display;
	} rows[] = {
		{ "udp port", 1, "capture filter 'udp port': ", false },
		{ "udp.port == 5555", 1, "syntax error", true },
		{ "ip.src==10.0.0.1", 1, "syntax error", true },
		{ "tcp.flags.syn", 1, "capture filter", true },
		{ "inbound", 1, "known only while capturing", false },
		{ "ether src 02:00:00:00:00:08", 101, "capture filter", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { "" };

		assert_null(bpf_new(rows[i].expression, rows[i].link, 65535, &err));
		if (!strstr(err.text, rows[i].says) || (strstr(err.text, "display filter") != NULL) != rows[i].display)
			fail_msg("%s", err.text);
	}
}

static void vlan_is_a_word(void **state)
{
	static const struct {
		const char *expression;
		bool mentions;
	} rows[] = {
		{ "vlan", true }, { "udp or (VLAN 5)", true }, { "not vlan and ip", true }, { "host vlan7", false },
		{ "host myvlan or vlan", true }, { "udp", false }, { "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(bpf_mentions_vlan(rows[i].expression), rows[i].mentions);
}

/* Which filters the kernel decides alone; the others are asked about the finished frame. */
static void what_the_kernel_decides(void **state)
{
	static const struct {
		const char *expression;
		uint16_t link;
		enum tap_shape shape;
		bool alone;
	} rows[] = {
		{ "udp port 5555", 1, TAP_ETHERNET, true },
		{ "len > 100", 1, TAP_ETHERNET, true },
		{ "inbound", 1, TAP_ETHERNET, true },
		{ "udp port 5555", 101, TAP_RAW, true },
		{ "udp port 5555", 276, TAP_COOKED, true },
		{ "inbound and ip6", 276, TAP_COOKED, true },
		{ "len > 100", 276, TAP_COOKED, false },
		{ "ether[1] = 3", 276, TAP_COOKED, false },
		{ "ether[4:4] = 3", 276, TAP_COOKED, true },
	};
	struct tap_filter *filter = mem_new(1, sizeof *filter);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { "" };
		struct tap_filter_options options = { .shape = rows[i].shape, .snaplen = 65535 };
		struct bpf *bpf = bpf_new_live(rows[i].expression, rows[i].link, 65535, &err);

		assert_non_null(bpf);
		options.bpf = bpf;
		if (tap_filter_make(filter, &options) != rows[i].alone)
			fail_msg("%s", rows[i].expression);
		bpf_free(bpf);
	}
	free(filter);
}

static void without_a_filter_there_is_only_the_direction(void **state)
{
	static const struct {
		enum capture_direction direction;
		unsigned loopback;
		bool only;
		size_t steps;
	} rows[] = {
		{ CAPTURE_INOUT, 0, false, 1 }, { CAPTURE_IN, 0, false, 4 }, { CAPTURE_OUT, 0, false, 4 },
		{ CAPTURE_INOUT, 1, true, 4 }, { CAPTURE_INOUT, 1, false, 6 },
	};
	struct tap_filter *filter = mem_new(1, sizeof *filter);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tap_filter_options options = { .direction = rows[i].direction, .loopback = rows[i].loopback,
						      .only_loopback = rows[i].only, .snaplen = 77 };

		assert_true(tap_filter_make(filter, &options));
		assert_int_equal(filter->count, rows[i].steps);
		assert_int_equal(filter->steps[filter->count - 1].operand, 77);
	}
	free(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_pass_or_not),
		cmocka_unit_test(no_snapshot_length_is_the_longest),
		cmocka_unit_test(refusals),
		cmocka_unit_test(vlan_is_a_word),
		cmocka_unit_test(what_the_kernel_decides),
		cmocka_unit_test(without_a_filter_there_is_only_the_direction),
	};

	return cmocka_run_group_tests_name("bpf", tests, NULL, NULL);
}
