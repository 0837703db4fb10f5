/* SPDX-License-Identifier: BSD-2-Clause */
/* Times and lengths in blocks of pcapng changed, and everything in them that was not meant left alone. */
#include "editing.h"

#include "io/pcap.h"

/* ------------------------------------------------------------------------------------------- nothing */

static void nothing_changes_unasked(void **state)
{
	const struct pcapng_changes nothing = { 0 };
	struct build b = { 0 };
	struct text out = { 0 };

	(void)state;
	build_everything(&b);
	edit_all(&b, &nothing, &out);
	assert_int_equal(out.length, b.text.length);
	assert_memory_equal(out.data, b.text.data, out.length);
	text_release(&out);
	build_release(&b);
}

/* A shift and no comments: every octet but those of the times stays. */
static void only_times_change(void **state)
{
	const struct pcapng_changes shift = { .shift = SECOND, .delete_comments = true };
	const struct pcapng_changes back = { .shift = -SECOND };
	struct build b = { 0 };
	struct text there = { 0 };
	struct build again = { 0 };

	(void)state;
	build_everything(&b);
	edit_all(&b, &shift, &there);
	assert_int_equal(there.length, b.text.length);
	assert_memory_not_equal(there.data, b.text.data, there.length);
	again.text = there;
	there = (struct text){ 0 };
	edit_all(&again, &back, &there);
	assert_memory_equal(there.data, b.text.data, there.length);
	text_release(&there);
	build_release(&again);
	build_release(&b);
}

/* ------------------------------------------------------------------------------------------- times */

/* In the interface's own units, rounded to the nearest. */
static void times_move_by_ticks(void **state)
{
	static const struct {
		uint8_t resolution;
		uint64_t from;
		int64_t shift;
		uint64_t to;
	} cases[] = {
		{ 6, 1000, 1500, 1002 },       { 6, 1000, -1499, 999 },      { 9, 5, 7, 12 },
		{ 0, 100, -10 * SECOND, 90 },  { 3, 7, 1000000, 8 },         { 12, 0, 3, 3000 },
		{ 0x80 | 10, 2048, SECOND, 3072 }, { 0x80 | 20, 0, SECOND / 2, 1 << 19 }, { 0x80, 4, SECOND, 5 },
		{ 6, UINT64_MAX - 1, 1000, UINT64_MAX }, { 6, 3600000000, -3600 * SECOND, 0 },
	};

	(void)state;
	for (unsigned i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
		struct build b = { .swapped = i & 1 };
		const struct pcapng_changes changes = { .shift = cases[i / 2].shift };
		struct text out = { 0 };
		const uint8_t *packet;

		one_packet(&b, cases[i / 2].resolution, cases[i / 2].from);
		edit_all(&b, &changes, &out);
		assert_int_equal(out.length, b.text.length);
		packet = (const uint8_t *)out.data + b.block;
		assert_int_equal(load32(packet + 12, b.swapped), cases[i / 2].to >> 32);
		assert_int_equal(load32(packet + 16, b.swapped), (uint32_t)cases[i / 2].to);
		memcpy(out.data + b.block + 12, b.text.data + b.block + 12, 8);
		assert_memory_equal(out.data, b.text.data, out.length);
		text_release(&out);
		build_release(&b);
	}
}

static void the_frame_tells_its_new_time(void **state)
{
	const struct pcapng_changes changes = { .shift = 90 * SECOND };
	struct build b = { 0 };
	struct error err;
	struct frame frame;

	(void)state;
	build_section(&b, UINT64_MAX);
	build_end(&b);
	build_interface(&b, 1, 0);
	build_option64(&b, 14, 1000); /* if_tsoffset: seconds */
	build_end(&b);
	build_packet(&b, 0, 5000000, 1, 1);
	build_end(&b);
	assert_int_equal(edit_first(&b, &changes, &frame, &err), 0);
	assert_true(frame.time == 1095 * SECOND);
	build_release(&b);
}

static void times_that_cannot_be_said_are_refused(void **state)
{
	const struct pcapng_changes before = { .shift = -SECOND }, after = { .shift = SECOND };
	struct build b = { 0 };

	(void)state;
	one_packet(&b, 6, 999999);
	refused(&b, &before, "packet 1: its time cannot be shifted");
	one_packet(&b, 6, UINT64_MAX - 999999);
	refused(&b, &after, "packet 1: its time cannot be shifted");
	for (unsigned resolution = 29; resolution < 128; resolution++) {
		one_packet(&b, (uint8_t)resolution, 1);
		refused(&b, &after, "cannot be shifted");
	}
	for (unsigned resolution = 64; resolution < 128; resolution++) {
		one_packet(&b, (uint8_t)(0x80 | resolution), 1);
		refused(&b, &after, "cannot be shifted");
	}
	build_release(&b);
}

/* Their time, their first and last; the counters stay, and so does a time of 0, which says that it is not known. */
static void statistics_move_too(void **state)
{
	const struct pcapng_changes changes = { .shift = SECOND };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct build b = { .swapped = i & 1 };
		const bool known = i & 2;
		struct text out = { 0 };
		const uint8_t *at;

		build_section(&b, UINT64_MAX);
		build_end(&b);
		build_interface(&b, 1, 0);
		build_end(&b);
		build_begin(&b, 5);
		build32(&b, 0);
		build32(&b, known);
		build32(&b, 0);
		for (uint16_t code = 2; code <= 3; code++) {
			build16(&b, code);
			build16(&b, 8);
			build32(&b, known);
			build32(&b, 0);
		}
		build_option64(&b, 4, 77);
		build_end(&b);
		edit_all(&b, &changes, &out);
		at = (const uint8_t *)out.data + b.block;
		for (unsigned place = 12; place <= 36; place += 12) {
			assert_int_equal(load32(at + place, b.swapped), known);
			assert_int_equal(load32(at + place + 4, b.swapped), known ? 1000000 : 0);
		}
		assert_true(load64(at + 48, b.swapped) == 77);
		text_release(&out);
		build_release(&b);
	}
}

/* ------------------------------------------------------------------------------------------- lengths */

static void packets_are_cut(void **state)
{
	const struct pcapng_changes changes = { .snap = 6 };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct build b = { .swapped = i };
		struct text out = { 0 };
		struct source *source;
		struct frame frame;
		uint32_t at = 0;

		build_section(&b, UINT64_MAX);
		build_end(&b);
		build_interface(&b, 1, i ? 100 : 0);
		build_end(&b);
		build_interface(&b, 1, 4);
		build_end(&b);
		build_packet(&b, 1, 1, 50, 60);
		build_option(&b, 4444, "stays", 5);
		build_end(&b);
		build_begin(&b, 2); /* the obsolete kind */
		build16(&b, 1);
		build16(&b, 3);
		build64(&b, 0);
		build32(&b, 9);
		build32(&b, 9);
		build_data(&b, 9, 4);
		build_end(&b);
		build_begin(&b, 3);
		build32(&b, 11);
		build_data(&b, 11, 4);
		build_end(&b);
		build_packet(&b, 1, 1, 6, 6);
		build_end(&b);
		edited_open(&b, &changes, &out, &source);
		for (unsigned packet = 0; packet < 4; packet++) {
			static const uint32_t wire[] = { 60, 9, 11, 6 };

			assert_next(source, &frame);
			assert_int_equal(frame.cap_length, 6);
			assert_int_equal(frame.wire_length, wire[packet]);
			assert_data(&frame);
			if (!packet)
				assert_option(&frame, &at, 4444, "stays");
			if (packet == 1)
				assert_true(frame.has_drops && frame.drops_before == 3);
		}
		assert_end(source);
		assert_int_equal(source->interfaces[0]->snaplen, 6);
		assert_int_equal(source->interfaces[1]->snaplen, 4);
		source_close(source);
		text_release(&out);
		build_release(&b);
	}
}

/* ------------------------------------------------------------------------------------------- pcap */

static void frames_without_blocks(void **state)
{
	static const char *const words[] = { "a note" };
	struct pcapng_changes changes = { .shift = -SECOND, .snap = 3, .comments = words, .comment_count = 1 };
	struct build b = { 0 };
	struct error err;
	struct frame frame;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 1);
	build_record(&b, 10, 5, 8, 9);
	assert_int_equal(edit_first(&b, &changes, &frame, &err), 0);
	assert_true(frame.time == 9 * SECOND + 5000 && frame.cap_length == 3 && frame.wire_length == 9);
	changes.shift = -11 * SECOND;
	refused(&b, &changes, "packet 1: its time cannot be shifted");
	changes.shift = INT64_MAX;
	refused(&b, &changes, "packet 1: its time cannot be shifted");
	build_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_changes_unasked),
		cmocka_unit_test(only_times_change),
		cmocka_unit_test(times_move_by_ticks),
		cmocka_unit_test(the_frame_tells_its_new_time),
		cmocka_unit_test(times_that_cannot_be_said_are_refused),
		cmocka_unit_test(statistics_move_too),
		cmocka_unit_test(packets_are_cut),
		cmocka_unit_test(frames_without_blocks),
	};

	return cmocka_run_group_tests_name("pcapng_edit", tests, NULL, NULL);
}
