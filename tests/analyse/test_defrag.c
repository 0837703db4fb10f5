/* SPDX-License-Identifier: BSD-2-Clause */
/* Fragments put together: which, when, what is told, and what fragments that never end may cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/defrag.h"
#include "base/mem.h"

#define LINKTYPE_IPV4 228
#define SECOND INT64_C(1000000000)
#define MORE true
#define LAST false

struct world {
	struct protocols *protocols;
	struct packet *packet;
	struct defrag *defrag;
	struct frame frame;
	uint8_t data[70000];
};

static int set_up(void **state)
{
	struct world *w = mem_new(1, sizeof *w);

	w->protocols = protocols_new();
	w->packet = mem_new(1, sizeof *w->packet);
	protocols_want_all(w->protocols);
	w->defrag = defrag_new(w->protocols);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	defrag_free(w->defrag);
	protocols_free(w->protocols);
	free(w->packet);
	free(w);
	return 0;
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* An IPv4 fragment of protocol 253, which nobody knows. Returns what defrag_packet says. */
static enum defrag_answer fragment_at(struct world *w, uint32_t ident, uint32_t offset, bool more, const void *data,
				      uint32_t length, int64_t time)
{
	static const uint8_t header[20] = { 0x45, [8] = 64, 253, [12] = 10, 0, 0, 2, 10, 0, 0, 1 };

	memcpy(w->data, header, sizeof header);
	put16(w->data + 2, 20 + length);
	put16(w->data + 4, ident & 0xffff);
	w->data[15] = (uint8_t)(ident >> 16);
	put16(w->data + 6, offset / 8 | (more ? 0x2000 : 0));
	memcpy(w->data + 20, data, length);
	w->frame = (struct frame){
		.number = w->frame.number + 1,
		.link = LINKTYPE_IPV4,
		.data = w->data,
		.cap_length = 20 + length,
		.wire_length = 20 + length,
		.has_time = true,
		.time = time,
	};
	dissect(w->protocols, &w->frame, w->packet);
	return defrag_packet(w->defrag, w->packet);
}

static enum defrag_answer fragment(struct world *w, uint32_t ident, uint32_t offset, bool more, const char *data)
{
	return fragment_at(w, ident, offset, more, data, (uint32_t)strlen(data), 0);
}

/* The text of all fields of that name, as numbers: "1 2 ". */
static void assert_fields(const struct world *w, const char *name, const char *expected)
{
	struct text all = { 0 };

	for (unsigned i = 0; i < w->packet->field_count; i++)
		if (!strcmp(w->packet->fields[i].def->name, name))
			text_format(&all, "%llu ", (unsigned long long)w->packet->fields[i].value.uint);
	text_char(&all, '\0');
	assert_string_equal(all.data, expected);
	text_release(&all);
}

/* What the packet carries behind IP, once it is whole; NULL: it is not. */
static void assert_carried(const struct world *w, const char *expected)
{
	const struct layer *last = &w->packet->layers[w->packet->layer_count - 1];

	if (!expected) {
		assert_fields(w, "ip.fragment.count", "");
		return;
	}
	assert_non_null(last->base);
	assert_string_equal(last->dissector->name, "data");
	assert_int_equal(last->length, strlen(expected));
	assert_memory_equal(last->base + last->offset, expected, strlen(expected));
}

static void in_order(void **state)
{
	struct world *w = *state;

	assert_int_equal(fragment(w, 1, 0, MORE, "01234567"), DEFRAG_WAITS);
	assert_carried(w, NULL);
	assert_int_equal(fragment(w, 1, 8, MORE, "89abcdef"), DEFRAG_WAITS);
	assert_int_equal(fragment(w, 1, 16, LAST, "gh"), DEFRAG_WHOLE);
	assert_carried(w, "0123456789abcdefgh");
	assert_fields(w, "ip.fragment", "1 2 3 ");
	assert_fields(w, "ip.fragment.count", "3 ");
	assert_fields(w, "ip.reassembled.length", "18 ");
	assert_fields(w, "ip.fragment.overlap", "");
	assert_int_equal(w->packet->layers[1].state, LAYER_OK);
	assert_int_equal(defrag_waiting(w->defrag), 0);
	assert_int_equal(defrag_octets(w->defrag), 0);
}

static void reversed_and_mixed(void **state)
{
	struct world *w = *state;

	fragment(w, 1, 8, LAST, "second");
	fragment(w, 2, 8, LAST, "other");
	fragment(w, 1, 0, MORE, "01234567");
	assert_carried(w, "01234567second");
	assert_fields(w, "ip.fragment", "3 1 ");
	fragment(w, 2, 0, MORE, "abcdefgh");
	assert_carried(w, "abcdefghother");
}

static void not_a_fragment(void **state)
{
	struct world *w = *state;

	assert_int_equal(fragment(w, 1, 0, LAST, "whole"), DEFRAG_NONE);
	assert_int_equal(defrag_waiting(w->defrag), 0);
}

static void first_octets_win(void **state)
{
	struct world *w = *state;

	fragment(w, 1, 0, MORE, "0123456789abcdef");
	fragment(w, 1, 8, MORE, "89ABCDEFghijklmn");
	fragment(w, 1, 8, MORE, "89abcdef");
	fragment(w, 1, 24, LAST, "end");
	assert_carried(w, "0123456789abcdefghijklmnend");
	assert_fields(w, "ip.fragment.overlap", "1 1 ");
	assert_fields(w, "ip.fragment.overlap.conflict", "1 ");
}

static void two_ends(void **state)
{
	struct world *w = *state;

	fragment(w, 1, 8, LAST, "end");
	fragment(w, 1, 8, LAST, "endless");
	fragment(w, 1, 0, MORE, "01234567");
	assert_carried(w, "01234567end");
	assert_fields(w, "ip.fragment.multipletails", "1 ");
	assert_fields(w, "ip.fragment.toolongfragment", "1 ");
}

/* What does not fill 8 octets cannot be continued. */
static void odd_lengths(void **state)
{
	struct world *w = *state;

	fragment(w, 1, 0, MORE, "0123456789");
	fragment(w, 1, 8, LAST, "end");
	assert_carried(w, "01234567end");
}

static void beyond_the_longest_datagram(void **state)
{
	struct world *w = *state;

	assert_int_equal(fragment(w, 1, 65528, LAST, "12345678"), DEFRAG_NONE);
	assert_int_equal(defrag_waiting(w->defrag), 0);
	assert_int_equal(fragment(w, 1, 65528, LAST, "1234567"), DEFRAG_WAITS);
	assert_int_equal(defrag_waiting(w->defrag), 1);
}

static void cut_by_the_snap_length(void **state)
{
	struct world *w = *state;

	fragment(w, 1, 0, MORE, "01234567");
	w->frame.cap_length--;
	w->data[5] = 2;
	dissect(w->protocols, &w->frame, w->packet);
	assert_int_equal(defrag_packet(w->defrag, w->packet), DEFRAG_NONE);
	assert_int_equal(defrag_waiting(w->defrag), 1);
}

static void given_up_after_a_while(void **state)
{
	struct world *w = *state;

	fragment_at(w, 1, 0, MORE, "01234567", 8, 0);
	fragment_at(w, 2, 0, MORE, "01234567", 8, (DEFRAG_TIME + 1) * SECOND);
	assert_int_equal(defrag_waiting(w->defrag), 1);
	fragment_at(w, 1, 8, LAST, "end", 3, (DEFRAG_TIME + 1) * SECOND);
	assert_carried(w, NULL);
}

static void too_many_datagrams(void **state)
{
	struct world *w = *state;

	for (uint32_t i = 0; i < 3 * DEFRAG_DATAGRAMS_MAX; i++)
		fragment(w, i, 0, MORE, "01234567");
	assert_int_equal(defrag_waiting(w->defrag), DEFRAG_DATAGRAMS_MAX);
	fragment(w, 3 * DEFRAG_DATAGRAMS_MAX - 1, 8, LAST, "end");
	assert_carried(w, "01234567end");
	fragment(w, 0, 8, LAST, "end");
	assert_carried(w, NULL);
}

static void too_many_octets(void **state)
{
	struct world *w = *state;

	for (uint32_t i = 0; i < 2000; i++) {
		fragment(w, i, 60000, MORE, "01234567");
		assert_true(defrag_octets(w->defrag) <= DEFRAG_OCTETS_MAX);
	}
	assert_true(defrag_waiting(w->defrag) > 100);
}

static void fewer_octets_when_told(void **state)
{
	struct world *w = *state;

	defrag_limit(w->defrag, DEFRAG_OCTETS_SHORT);
	for (uint32_t i = 0; i < 500; i++) {
		fragment(w, i, 60000, MORE, "01234567");
		assert_true(defrag_octets(w->defrag) <= DEFRAG_OCTETS_SHORT);
	}
	assert_true(defrag_waiting(w->defrag) > 25);
}

static void too_many_fragments(void **state)
{
	struct world *w = *state;

	for (uint32_t i = 0; i < DEFRAG_FRAGMENTS_MAX - 1; i++)
		fragment(w, 1, 0, MORE, "01234567");
	assert_int_equal(defrag_waiting(w->defrag), 1);
	fragment(w, 1, 0, MORE, "01234567");
	assert_int_equal(defrag_waiting(w->defrag), 0);
}

/* The longest datagram in the smallest fragments: all of it is there; as many are named as there is room for. */
static void smallest_fragments(void **state)
{
	struct world *w = *state;
	char eight[9];

	for (uint32_t i = 0; i < 8191; i++) {
		for (unsigned j = 0; j < 8; j++)
			eight[j] = (char)('a' + i % 26);
		eight[8] = '\0';
		fragment(w, 1, 8 * i, i < 8190 ? MORE : LAST, i < 8190 ? eight : "tail");
	}
	assert_fields(w, "ip.fragments", "0 ");
	assert_int_equal(w->packet->field_count, PACKET_MAX_FIELDS);
	assert_int_equal(w->packet->layers[2].length, 8 * 8190 + 4);
	assert_non_null(w->packet->layers[1].problem);
}

static void told_ahead(void **state)
{
	struct world *w = *state;
	struct foresight *foresight = foresight_new();

	defrag_look_ahead(w->defrag, foresight);
	fragment(w, 1, 0, MORE, "01234567");
	fragment(w, 1, 8, LAST, "end");
	foresight_settle(foresight, w->protocols);
	w->frame.number = 0;
	fragment(w, 2, 0, MORE, "01234567");
	foresight_notes(foresight, w->packet);
	assert_fields(w, "ip.reassembled_in", "2 ");
	fragment(w, 2, 8, LAST, "end");
	foresight_notes(foresight, w->packet);
	assert_fields(w, "ip.reassembled_in", "");
	foresight_free(foresight);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reversed_and_mixed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(not_a_fragment, set_up, tear_down),
		cmocka_unit_test_setup_teardown(first_octets_win, set_up, tear_down),
		cmocka_unit_test_setup_teardown(two_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(odd_lengths, set_up, tear_down),
		cmocka_unit_test_setup_teardown(beyond_the_longest_datagram, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cut_by_the_snap_length, set_up, tear_down),
		cmocka_unit_test_setup_teardown(given_up_after_a_while, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_datagrams, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fewer_octets_when_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_fragments, set_up, tear_down),
		cmocka_unit_test_setup_teardown(smallest_fragments, set_up, tear_down),
		cmocka_unit_test_setup_teardown(told_ahead, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("defrag", tests, NULL, NULL);
}
