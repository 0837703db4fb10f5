/* SPDX-License-Identifier: BSD-2-Clause */
/* The cursor: what it reads and records, where it stops, and the verdicts it leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "packet/dissector.h"

enum { BYTE, WORD, WORD_LOW, WORD_HIGH, LONG, SIGNED, ADDRESS, REST, ROWS };

static const struct field_def fields[ROWS] = {
	[BYTE] = { "test.byte", "Byte", FIELD_UINT, 1 },
	[WORD] = { "test.word", "Word", FIELD_HEX, 2 },
	[WORD_LOW] = { "test.word.low", "Low", FIELD_UINT, 2, .depth = 1, .mask = 0x00ff },
	[WORD_HIGH] = { "test.word.high", "High", FIELD_UINT, 2, .depth = 1, .mask = 0xf000 },
	[LONG] = { "test.long", "Long", FIELD_UINT, 8 },
	[SIGNED] = { "test.signed", "Signed", FIELD_INT, 2 },
	[ADDRESS] = { "test.address", "Address", FIELD_MAC, 6, .role = ROLE_LINK_SRC },
	[REST] = { "test.rest", "Rest", FIELD_BYTES, 0 },
};

static const struct dissector test_dissector = {
	.name = "test", .title = "Test", .fields = fields, .field_count = ROWS,
};

static const uint8_t octets[16] = {
	0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0xff, 0xfe, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16,
};

struct world {
	struct parse p;
	struct packet packet;
	struct frame frame;
	uint8_t want[ROWS + 1];
};

/* A parse over the first `captured` octets of a packet that claims `claimed`. */
static void begin(struct world *w, uint32_t captured, uint32_t claimed)
{
	memset(w, 0, sizeof *w);
	memset(w->want, WANT_VALUE, ROWS);
	w->want[WORD] |= WANT_PARTS;
	memset(w->packet.roles, 0xff, sizeof w->packet.roles);
	w->frame = (struct frame){ .data = octets, .cap_length = captured, .wire_length = claimed };
	w->packet.frame = &w->frame;
	w->packet.layers[0].dissector = &test_dissector;
	w->p = (struct parse){
		.base = octets, .end = captured, .claim = claimed, .want = w->want, .fields = fields,
		.packet = &w->packet, .layer = &w->packet.layers[0], .frame = &w->frame,
	};
}

static void numbers_in_network_order(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 16, 16);
	assert_int_equal(parse_uint(&w.p, BYTE), 1);
	assert_int_equal(parse_uint(&w.p, WORD), 0x0203);
	assert_int_equal(parse_consumed(&w.p), 3);
	assert_int_equal(parse_peek(&w.p, 1, 2), 0x0506);
	assert_int_equal(parse_left(&w.p), 13);
	assert_int_equal(w.packet.field_count, 4);
	assert_int_equal(w.packet.fields[1].value.uint, 0x0203);
	assert_int_equal(w.packet.fields[1].offset, 1);
	assert_int_equal(w.packet.fields[1].length, 2);
	assert_ptr_equal(w.packet.fields[2].def, &fields[WORD_LOW]);
	assert_int_equal(w.packet.fields[2].value.uint, 3);
	assert_int_equal(w.packet.fields[3].value.uint, 0);
}

static void eight_octets_and_signs(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 16, 16);
	assert_true(parse_uint(&w.p, LONG) == 0x0102030405060708);
	assert_int_equal(parse_uint(&w.p, SIGNED), 0xfffe);
	assert_int_equal((int64_t)w.packet.fields[1].value.uint, -2);
}

static void little_endian(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 16, 16);
	assert_int_equal(parse_uint_le(&w.p, WORD), 0x0201);
	assert_int_equal(w.packet.fields[0].value.uint, 0x0201);
}

static void only_what_is_wanted(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 16, 16);
	memset(w.want, 0, sizeof w.want);
	w.want[WORD] = WANT_PARTS;
	w.want[WORD_HIGH] = WANT_VALUE;
	parse_uint(&w.p, BYTE);
	parse_uint(&w.p, WORD);
	parse_fixed(&w.p, ADDRESS);
	assert_int_equal(w.packet.field_count, 1);
	assert_ptr_equal(w.packet.fields[0].def, &fields[WORD_HIGH]);
	assert_int_equal(w.packet.roles[ROLE_LINK_SRC], -1);
	assert_int_equal(w.p.position, 9);
}

static void spans_and_roles(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 16, 16);
	assert_ptr_equal(parse_fixed(&w.p, ADDRESS), octets);
	assert_ptr_equal(parse_rest(&w.p, REST), octets + 6);
	assert_null(parse_rest(&w.p, REST));
	assert_int_equal(w.packet.field_count, 2);
	assert_int_equal(w.packet.fields[1].length, 10);
	assert_ptr_equal(packet_role(&w.packet, ROLE_LINK_SRC), &w.packet.fields[0]);
	assert_false(parse_more(&w.p));
	assert_int_equal(w.packet.layers[0].state, LAYER_OK);
}

static void cut_when_the_capture_is_short(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 3, 16);
	parse_uint(&w.p, WORD);
	assert_false(parse_whole(&w.p));
	assert_int_equal(parse_uint(&w.p, WORD), 0);
	assert_int_equal(w.packet.layers[0].state, LAYER_CUT);
	assert_int_equal(w.packet.layers[0].problem_offset, 2);
	assert_int_equal(w.packet.field_count, 3);
}

static void malformed_when_the_packet_is_short(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 3, 3);
	parse_uint(&w.p, WORD);
	parse_uint(&w.p, WORD);
	assert_int_equal(w.packet.layers[0].state, LAYER_MALFORMED);
	assert_non_null(w.packet.layers[0].problem);
}

/* One octet is left after the overrun, but nothing is read any more. */
static void overruns_stick(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 3, 3);
	parse_uint(&w.p, LONG);
	assert_int_equal(parse_uint(&w.p, BYTE), 0);
	assert_null(parse_bytes(&w.p, REST, 0));
	assert_null(parse_rest(&w.p, REST));
	parse_add(&w.p, BYTE, 7, 0, 0);
	parse_add_span(&w.p, REST, octets, 1);
	parse_malformed(&w.p, "later");
	assert_false(parse_more(&w.p));
	assert_int_equal(w.packet.field_count, 0);
	assert_string_equal(w.packet.layers[0].problem, "the packet ends before the field does");
}

static void quotations_and_fragments_end_by_right(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 3, 3);
	parse_quotation(&w.p);
	parse_uint(&w.p, LONG);
	assert_int_equal(w.packet.layers[0].state, LAYER_CUT);
	begin(&w, 3, 3);
	w.p.network.fragment = true;
	parse_uint(&w.p, LONG);
	assert_int_equal(w.packet.layers[0].state, LAYER_CUT);
}

static void parts_have_an_end(void **state)
{
	struct world w;
	struct parse_part part;

	(void)state;
	begin(&w, 16, 16);
	part = parse_enter(&w.p, 3);
	parse_uint(&w.p, WORD);
	parse_leave(&w.p, part);
	assert_int_equal(w.p.position, 3);
	assert_int_equal(parse_left(&w.p), 13);
	part = parse_enter(&w.p, 1);
	parse_uint(&w.p, WORD);
	parse_leave(&w.p, part);
	assert_int_equal(w.packet.layers[0].state, LAYER_MALFORMED);
	assert_true(w.p.failed);
}

static void parts_longer_than_their_holder(void **state)
{
	struct world w;
	struct parse_part part;

	(void)state;
	begin(&w, 16, 16);
	part = parse_enter(&w.p, 17);
	assert_int_equal(w.packet.layers[0].state, LAYER_MALFORMED);
	parse_rest(&w.p, REST);
	parse_leave(&w.p, part);
	assert_int_equal(w.p.position, 16);
}

static void parts_of_a_cut_packet(void **state)
{
	struct world w;
	struct parse_part part;

	(void)state;
	begin(&w, 4, 16);
	part = parse_enter(&w.p, 8);
	parse_uint(&w.p, WORD);
	parse_leave(&w.p, part);
	assert_int_equal(w.packet.layers[0].state, LAYER_CUT);
}

static void payload_narrows(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 16, 16);
	parse_skip(&w.p, 2);
	parse_payload(&w.p, 4);
	assert_int_equal(parse_left(&w.p), 4);
	assert_int_equal(w.p.padding_from, 6);
	assert_int_equal(w.p.padding_to, 16);
	parse_payload(&w.p, 3);
	assert_int_equal(w.p.padding_from, 5);
	assert_int_equal(w.p.padding_to, 16);
	assert_int_equal(parse_claimed(&w.p), 3);
}

static void payload_that_is_not_there(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 8, 16);
	parse_payload(&w.p, 16);
	assert_int_equal(w.packet.layers[0].state, LAYER_OK);
	parse_payload(&w.p, 17);
	assert_int_equal(w.packet.layers[0].state, LAYER_MALFORMED);
	assert_int_equal(parse_claimed(&w.p), 16);
	begin(&w, 8, 16);
	w.p.network.fragment = true;
	parse_payload(&w.p, 17);
	assert_int_equal(w.packet.layers[0].state, LAYER_OK);
	begin(&w, 8, 16);
	w.p.segmented = true;
	parse_payload(&w.p, 17);
	assert_int_equal(w.packet.layers[0].state, LAYER_OK);
}

static void peeks_see_no_further_than_the_end(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 4, 16);
	assert_int_equal(parse_peek(&w.p, 2, 2), 0x0304);
	assert_int_equal(parse_peek(&w.p, 3, 2), 0);
	assert_int_equal(parse_peek(&w.p, UINT32_MAX, 1), 0);
	assert_int_equal(w.packet.layers[0].state, LAYER_OK);
}

static void more_fields_than_fit(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 16, 16);
	for (unsigned i = 0; i < PACKET_MAX_FIELDS + 8; i++)
		parse_add(&w.p, BYTE, i, 0, 0);
	assert_int_equal(w.packet.field_count, PACKET_MAX_FIELDS);
	assert_non_null(w.packet.layers[0].problem);
}

static void text_from_outside(void **state)
{
	static const char name[] = "eth0";
	struct world w;

	(void)state;
	begin(&w, 16, 16);
	parse_add_outside(&w.p, REST, name, 4);
	assert_int_equal(w.packet.field_count, 1);
	assert_ptr_equal(w.packet.fields[0].value.bytes, name);
	assert_int_equal(w.packet.fields[0].length, 4);
	assert_int_equal(w.packet.fields[0].offset, 0);
}

static void verdicts_have_a_first_reason(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 16, 16);
	parse_opaque(&w.p, "encrypted");
	assert_int_equal(w.packet.layers[0].state, LAYER_OPAQUE);
	parse_malformed(&w.p, "first");
	parse_malformed(&w.p, "second");
	parse_opaque(&w.p, "third");
	assert_int_equal(w.packet.layers[0].state, LAYER_MALFORMED);
	assert_string_equal(w.packet.layers[0].problem, "first");
}

/* RFC 1071 section 3 has this sum; an odd octet counts as the high one of a last pair. */
static void checksums(void **state)
{
	static const uint8_t example[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

	(void)state;
	assert_int_equal(checksum_fold(checksum_add(0, example, 8)), 0xddf2);
	assert_int_equal(checksum_fold(checksum_add(0, example, 3)), 0xf201);
	assert_int_equal(checksum_fold(checksum_add(0, example, 0)), 0);
	assert_int_equal(checksum_fold(checksum_add(checksum_add(0, example, 4), example + 4, 4)), 0xddf2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_network_order),
		cmocka_unit_test(eight_octets_and_signs),
		cmocka_unit_test(little_endian),
		cmocka_unit_test(only_what_is_wanted),
		cmocka_unit_test(spans_and_roles),
		cmocka_unit_test(cut_when_the_capture_is_short),
		cmocka_unit_test(malformed_when_the_packet_is_short),
		cmocka_unit_test(overruns_stick),
		cmocka_unit_test(quotations_and_fragments_end_by_right),
		cmocka_unit_test(parts_have_an_end),
		cmocka_unit_test(parts_longer_than_their_holder),
		cmocka_unit_test(parts_of_a_cut_packet),
		cmocka_unit_test(payload_narrows),
		cmocka_unit_test(payload_that_is_not_there),
		cmocka_unit_test(peeks_see_no_further_than_the_end),
		cmocka_unit_test(more_fields_than_fit),
		cmocka_unit_test(text_from_outside),
		cmocka_unit_test(verdicts_have_a_first_reason),
		cmocka_unit_test(checksums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
