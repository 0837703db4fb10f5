/* SPDX-License-Identifier: BSD-2-Clause */
/* A router that says its MPLS labels: they are seen with rights and without, by every method. */
#include "wiring.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#define QUOTED 128 /* octets that are quoted before an extension, at least */

/* Label 4711, traffic class 5, bottom of the stack, TTL 3, and what makes it an extension (RFC 4884, 4950). */
static const uint8_t labels[] = { 0, 8, 1, 1, 0x01, 0x26, 0x7b, 0x03 };

static uint16_t sum(const uint8_t *data, size_t length)
{
	uint32_t total = 0;

	for (size_t i = 0; i < length; i += 2)
		total += (uint32_t)(data[i] << 8 | data[i + 1]);
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)~total;
}

static void put_sum(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* The error on a packet, from its ICMP header on. */
static size_t make_error(uint8_t *out, const uint8_t *packet, size_t length, bool v6)
{
	uint8_t *extension = out + 8 + QUOTED;

	memset(out, 0, 8 + QUOTED);
	out[0] = v6 ? 3 : 11;
	out[v6 ? 4 : 5] = v6 ? QUOTED / 8 : QUOTED / 4;
	memcpy(out + 8, packet, length < QUOTED ? length : QUOTED);
	memcpy(extension, "\x20\0\0\0", 4);
	memcpy(extension + 4, labels, sizeof labels);
	put_sum(extension + 2, sum(extension, 4 + sizeof labels));
	/* That of ICMPv6 the kernel computes. */
	if (!v6)
		put_sum(out + 2, sum(out, 8 + QUOTED + 4 + sizeof labels));
	return 8 + QUOTED + 4 + sizeof labels;
}

/* Answers whatever comes for 10.7.0.77 and fd00:7::77. */
static void answer_all(void)
{
	int ear = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL));
	int v4 = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	int v6 = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	struct address ours[] = { wiring_address("10.9.0.1"), wiring_address("fd00:9::1") };
	uint8_t packet[2048], error[2048];
	struct sockaddr_ll from;

	raise(SIGSTOP);
	for (;;) {
		socklen_t size = sizeof from;
		ssize_t got = recvfrom(ear, packet, sizeof packet, 0, (struct sockaddr *)&from, &size);
		bool six = got > 40 && packet[0] >> 4 == 6;

		if (got < 20 || from.sll_pkttype == PACKET_OUTGOING || packet[six ? 39 : 19] != (six ? 0x77 : 77))
			continue;
		if (sendto(six ? v6 : v4, error, make_error(error, packet, (size_t)got, six), 0,
			   (struct sockaddr *)&ours[six].storage, ours[six].length) < 0)
			_exit(1);
	}
}

static int setup(void **state)
{
	return wiring_setup_peer(state, answer_all);
}

static void ask(enum probe_method method, const char *target, bool no_rights)
{
	struct wire_options options = { .no_rights = no_rights };
	struct wiring w = { .base = wiring_base(method, target) };
	struct error err = { "" };
	const char *wrong;

	w.wire = wire_open(&w.base, &options, &w.source_port, &err);
	if (!w.wire)
		fail_msg("%s", err.text);
	wiring_plan(&w, KEY, 9, CLOSED_PORT);
	wrong = wiring_ask(&w, &err);
	if (wrong)
		fail_msg("%s, method %u, without rights %u: %s", target, (unsigned)method, no_rights, wrong);
	assert_int_equal(w.answer.kind, ANSWER_EXCEEDED);
	if (w.answer.label_count != 1)
		fail_msg("%s, method %u, without rights %u: no label", target, (unsigned)method, no_rights);
	assert_int_equal(w.answer.labels[0].label, 4711);
	assert_int_equal(w.answer.labels[0].exp, 5);
	assert_true(w.answer.labels[0].bottom);
	assert_int_equal(w.answer.labels[0].ttl, 3);
	assert_false(w.answer.bad_extension);
	wire_close(w.wire);
}

static void with_rights(void **state)
{
	(void)state;
	networks_need(&nets);
	for (unsigned method = 0; method < PROBE_METHODS; method++) {
		ask(method, "10.7.0.77", false);
		ask(method, "fd00:7::77", false);
	}
}

static void without_rights(void **state)
{
	(void)state;
	networks_need(&nets);
	for (unsigned method = 0; method < PROBE_METHODS; method++) {
		ask(method, "10.7.0.77", true);
		ask(method, "fd00:7::77", true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_rights),
		cmocka_unit_test(without_rights),
	};

	return cmocka_run_group_tests_name("wire", tests, setup, wiring_teardown_peer);
}
