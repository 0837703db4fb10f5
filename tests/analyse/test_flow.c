/* SPDX-License-Identifier: BSD-2-Clause */
/* Conversations: which packets belong together, how they are numbered and counted, and what is forgotten. */
#include "following.h"

static void both_directions_are_one(void **state)
{
	struct world *w = *state;
	struct flow *flow = datagram(w, 2, 40000, 1, 5555);

	assert_non_null(flow);
	assert_int_equal(w->side, 0);
	assert_ptr_equal(datagram(w, 1, 5555, 2, 40000), flow);
	assert_int_equal(w->side, 1);
	assert_ptr_equal(datagram(w, 2, 40000, 1, 5555), flow);
	assert_int_equal(w->side, 0);
	assert_int_equal(flows_count(w->flows), 1);
	assert_int_equal(flow->ends[0].port, 40000);
	assert_int_equal(flow->ends[1].port, 5555);
	assert_memory_equal(flow->ends[1].address, "\x0a\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(flow->address_length, 4);
	assert_string_equal(flow->protocol->name, "udp");
}

static void another_port_or_host_is_another(void **state)
{
	struct world *w = *state;
	struct flow *flow = datagram(w, 2, 40000, 1, 5555);

	assert_ptr_not_equal(datagram(w, 2, 40001, 1, 5555), flow);
	assert_ptr_not_equal(datagram(w, 3, 40000, 1, 5555), flow);
	/* The same ends, crossed: neither of the two directions. */
	assert_ptr_not_equal(datagram(w, 1, 40000, 2, 5555), flow);
	assert_int_equal(flows_count(w->flows), 4);
	assert_int_equal(w->flow->number, 3);
}

static void who_talks_to_itself_has_one_side(void **state)
{
	struct world *w = *state;
	struct flow *flow = datagram(w, 1, 5555, 1, 5555);

	assert_ptr_equal(datagram(w, 1, 5555, 1, 5555), flow);
	assert_int_equal(w->side, 0);
}

static void each_protocol_counts_from_zero(void **state)
{
	struct world *w = *state;

	assert_int_equal(datagram(w, 2, 40000, 1, 80)->number, 0);
	UP(w, 0, SYN, 1, 0, 0);
	assert_int_equal(w->flow->number, 0);
	assert_string_equal(w->flow->protocol->name, "tcp");
	assert_int_equal(datagram(w, 2, 40001, 1, 80)->number, 1);
	assert_int_equal(flows_count(w->flows), 3);
}

static void packets_are_counted_by_side(void **state)
{
	struct world *w = *state;
	struct flow *flow;

	w->frame.time = 1000;
	datagram(w, 2, 40000, 1, 5555);
	w->frame.time = 3000;
	datagram(w, 1, 5555, 2, 40000);
	w->frame.time = 7000;
	flow = datagram(w, 1, 5555, 2, 40000);
	assert_int_equal(flow->sent[0].packets, 1);
	assert_int_equal(flow->sent[1].packets, 2);
	assert_int_equal(flow->sent[0].octets, 28);
	assert_int_equal(flow->sent[1].octets, 56);
	assert_int_equal(flow->first_frame, 1);
	assert_int_equal(flow->last_frame, 3);
	assert_int_equal(flow->first_time, 1000);
	assert_int_equal(flow->last_time, 7000);
}

static void ports_are_needed(void **state)
{
	struct world *w = *state;

	memset(w->data + 20, 0, 8);
	dissect_ipv4(w, 1, 2, 1, 8);
	assert_null(flows_packet(w->flows, w->packet, &w->side));
	dissect_ipv4(w, UDP, 2, 1, 3);
	assert_null(flows_packet(w->flows, w->packet, &w->side));
	assert_int_equal(flows_count(w->flows), 0);
}

static void quote(struct world *w, uint16_t from_port, uint16_t to_port)
{
	static const uint8_t icmp[8] = { 3, 3 };
	static const uint8_t quoted[20] = { 0x45, 0, 0, 28, 0, 0, 0, 0, 64, UDP, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1 };

	memcpy(w->data + 20, icmp, sizeof icmp);
	memcpy(w->data + 28, quoted, sizeof quoted);
	put16(w->data + 48, from_port);
	put16(w->data + 50, to_port);
	put32(w->data + 52, 8 << 16);
	dissect_ipv4(w, 1, 1, 2, 36);
}

static void a_quoted_packet_finds_its_conversation(void **state)
{
	struct world *w = *state;
	struct flow *flow;

	datagram(w, 3, 40000, 1, 5555);
	flow = datagram(w, 2, 40000, 1, 5555);
	datagram(w, 1, 5555, 2, 40000);
	quote(w, 40000, 5555);
	assert_null(flows_packet(w->flows, w->packet, &w->side));
	assert_ptr_equal(flows_quoted(w->flows, w->packet, &w->side), flow);
	assert_int_equal(w->side, 0);
	assert_int_equal(flow->sent[0].packets, 1);
	quote(w, 40000, 5556);
	assert_null(flows_quoted(w->flows, w->packet, &w->side));
	assert_int_equal(flows_count(w->flows), 2);
}

static void a_renewed_one_leaves_the_old_as_it_was(void **state)
{
	struct world *w = *state;
	struct flow *other, *old, *fresh;

	w->frame.time = 1000;
	old = datagram(w, 2, 40000, 1, 5555);
	other = datagram(w, 3, 40000, 1, 5555);
	w->frame.time = 2000;
	assert_ptr_equal(datagram(w, 1, 5555, 2, 40000), old);
	fresh = flows_renew(w->flows, old, w->packet, &w->side);
	assert_ptr_not_equal(fresh, old);
	assert_int_equal(w->side, 0);
	assert_int_equal(old->sent[0].packets + old->sent[1].packets, 1);
	assert_int_equal(old->sent[1].octets, 0);
	assert_int_equal(old->last_frame, 1);
	assert_int_equal(old->last_time, 1000);
	assert_int_equal(fresh->number, 2);
	assert_int_equal(fresh->ends[0].port, 5555);
	assert_int_equal(fresh->sent[0].packets, 1);
	assert_int_equal(fresh->first_frame, 3);
	/* Its packets go to the new one; the order of the last packets is right. */
	assert_ptr_equal(datagram(w, 2, 40000, 1, 5555), fresh);
	assert_ptr_equal(flows_next(w->flows, NULL), old);
	assert_ptr_equal(flows_next(w->flows, old), other);
	assert_ptr_equal(flows_next(w->flows, other), fresh);
	assert_null(flows_next(w->flows, fresh));
	assert_int_equal(flows_count(w->flows), 3);
}

static void the_silent_one_is_forgotten(void **state)
{
	struct world *w = world_new(3);
	struct flow *first;

	(void)state;
	first = datagram(w, 2, 1, 1, 5555);
	datagram(w, 2, 2, 1, 5555);
	datagram(w, 2, 3, 1, 5555);
	datagram(w, 2, 1, 1, 5555);
	assert_int_equal(flows_forgotten(w->flows), 0);
	datagram(w, 2, 4, 1, 5555);
	assert_int_equal(w->forgotten, 1);
	assert_int_equal(flows_forgotten(w->flows), 1);
	assert_int_equal(flows_count(w->flows), 3);
	assert_ptr_equal(datagram(w, 2, 1, 1, 5555), first);
	/* Port 2 speaks again: a new conversation, with a new number. */
	assert_int_equal(datagram(w, 2, 2, 1, 5555)->number, 4);
	assert_int_equal(w->flow->sent[0].packets, 1);
	world_free(w);
}

static void a_renewed_one_is_forgotten_too(void **state)
{
	struct world *w = world_new(2);

	(void)state;
	datagram(w, 2, 1, 1, 5555);
	for (unsigned i = 0; i < 10; i++)
		w->flow = flows_renew(w->flows, datagram(w, 2, 1, 1, 5555), w->packet, &w->side);
	assert_int_equal(flows_count(w->flows), 2);
	assert_int_equal(flows_forgotten(w->flows), 9);
	assert_ptr_equal(datagram(w, 1, 5555, 2, 1), flows_next(w->flows, flows_next(w->flows, NULL)));
	world_free(w);
}

static void many_are_found_again(void **state)
{
	struct world *w = *state;

	for (uint32_t i = 0; i < 50000; i++)
		assert_int_equal(datagram(w, 2 + i / 1000, (uint16_t)(1 + i % 1000), 1, 5555)->number, i);
	for (uint32_t i = 0; i < 50000; i++)
		assert_int_equal(datagram(w, 1, 5555, 2 + i / 1000, (uint16_t)(1 + i % 1000))->number, i);
	assert_int_equal(flows_count(w->flows), 50000);
	assert_int_equal(flows_next(w->flows, NULL)->number, 0);
}

static void addresses_become_text(void **state)
{
	struct flow_end four = { .address = { 10, 0, 0, 1 }, .port = 5555 };
	struct flow_end six = { .address = { 0x20, 1, 0x0d, 0xb8, [15] = 1 }, .port = 7 };
	struct text text = { 0 };

	(void)state;
	flow_end_text(&four, 4, &text);
	text_char(&text, ' ');
	flow_end_text(&six, 16, &text);
	text_char(&text, '\0');
	assert_string_equal(text.data, "10.0.0.1:5555 [2001:db8::1]:7");
	text_release(&text);
}

static void multicast_is_known(void **state)
{
	static const struct {
		uint8_t address[4], length;
		bool many;
	} cases[] = {
		{ { 10, 0, 0, 255 }, 4, false }, { { 224, 0, 0, 1 }, 4, true },  { { 239, 255, 255, 255 }, 4, true },
		{ { 255, 255, 255, 255 }, 4, true }, { { 255, 255, 255, 254 }, 4, false }, { { 0xff, 2 }, 16, true },
		{ { 0xfe, 0x80 }, 16, false }, { { 224 }, 16, false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct flow flow = { .address_length = cases[i].length };

		memcpy(flow.ends[1].address, cases[i].address, 4);
		assert_int_equal(flow_end_is_multicast(&flow, 1), cases[i].many);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(both_directions_are_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_port_or_host_is_another, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_talks_to_itself_has_one_side, set_up, tear_down),
		cmocka_unit_test_setup_teardown(each_protocol_counts_from_zero, set_up, tear_down),
		cmocka_unit_test_setup_teardown(packets_are_counted_by_side, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ports_are_needed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_quoted_packet_finds_its_conversation, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_renewed_one_leaves_the_old_as_it_was, set_up, tear_down),
		cmocka_unit_test(the_silent_one_is_forgotten),
		cmocka_unit_test(a_renewed_one_is_forgotten_too),
		cmocka_unit_test_setup_teardown(many_are_found_again, set_up, tear_down),
		cmocka_unit_test(addresses_become_text),
		cmocka_unit_test(multicast_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
