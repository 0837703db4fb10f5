/* SPDX-License-Identifier: BSD-2-Clause */
/* pcapng: sections of either byte order, every kind of block, options, times, and everything that can be wrong. */
#include "build.h"

#include "io/pcapng.h"

static const bool orders[] = { false, true };
#define EACH_ORDER(i) for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)

/* ------------------------------------------------------------------------------------------- packets */

static void interface_options(struct build *b)
{
	static const uint8_t nanoseconds = 9;

	build_option(b, 2, "eth0", 4);
	build_option(b, 3, "the cable", 9);
	build_option(b, 11, "\0udp port 5555", 14);
	build_option(b, 12, "Linux", 5);
	build_option(b, 15, "a card", 6);
	build_option(b, 9, &nanoseconds, 1);
	build_option(b, 0, NULL, 0);
}

static void reads_packets_and_options(void **state)
{
	(void)state;
	EACH_ORDER (i) {
		struct build b = { .swapped = orders[i] };
		struct source *source;
		struct frame frame;
		uint32_t at = 0;
		uint16_t code, length;
		const uint8_t *value;

		build_section(&b, UINT64_MAX);
		build_end(&b);
		build_interface(&b, 113, 96);
		interface_options(&b);
		build_end(&b);
		build_packet(&b, 0, 0x1234567890abcdef, 7, 90);
		build_option(&b, 1, "note", 4);
		build_option32(&b, 2, 0x202);
		build_option64(&b, 4, 12);
		build_option(&b, 1, NULL, 0);
		build_end(&b);
		source = build_open(&b);
		assert_next(source, &frame);
		assert_true(source->nanoseconds);
		assert_string_equal(frame.interface->name, "eth0");
		assert_string_equal(frame.interface->description, "the cable");
		assert_string_equal(frame.interface->filter, "udp port 5555");
		assert_string_equal(frame.interface->os, "Linux");
		assert_string_equal(frame.interface->hardware, "a card");
		assert_int_equal(frame.interface->snaplen, 96);
		assert_int_equal(frame.interface->tsresol, 9);
		assert_int_equal(frame.link, 113);
		assert_true(frame.time == 0x1234567890abcdef && frame.has_time);
		assert_int_equal(frame.cap_length, 7);
		assert_int_equal(frame.wire_length, 90);
		assert_data(&frame);
		assert_true(frame.has_flags && frame.flags == 0x202);
		assert_true(FRAME_DIRECTION(frame.flags) == FRAME_OUT && frame.flags & FRAME_CHECKSUM_NOT_READY);
		assert_true(frame.has_drops && frame.drops_before == 12);
		assert_true(frame_option(&frame, &at, &code, &value, &length));
		assert_true(code == 1 && length == 4 && !memcmp(value, "note", 4));
		assert_true(frame_option(&frame, &at, &code, &value, &length));
		assert_true(code == 2 && frame_option_uint(&frame, value, length) == 0x202);
		assert_true(frame_option(&frame, &at, &code, &value, &length));
		assert_true(code == 4 && frame_option_uint(&frame, value, length) == 12);
		assert_true(frame_option(&frame, &at, &code, &value, &length));
		assert_true(code == 1 && length == 0);
		assert_false(frame_option(&frame, &at, &code, &value, &length));
		assert_int_equal(frame.block_length, load32(frame.block + 4, orders[i]));
		assert_end(source);
		source_close(source);
		build_release(&b);
	}
}

static void old_packets(void **state)
{
	(void)state;
	EACH_ORDER (i) {
		struct build b = { .swapped = orders[i] };
		struct source *source;
		struct frame frame;

		build_simple(&b, 6, 0);
		for (unsigned drops = 0; drops < 2; drops++) {
			build_begin(&b, 2);
			build16(&b, 0);
			build16(&b, drops ? UINT16_MAX : 5);
			build32(&b, 0);
			build32(&b, 77);
			build32(&b, 3);
			build32(&b, 4);
			build_data(&b, 3, 4);
			build_end(&b);
		}
		source = build_open(&b);
		assert_next(source, &frame);
		assert_true(frame.time == 77000 && frame.cap_length == 3 && frame.wire_length == 4);
		assert_true(frame.has_drops && frame.drops_before == 5);
		assert_next(source, &frame);
		assert_false(frame.has_drops);
		assert_data(&frame);
		source_close(source);
		build_release(&b);
	}
}

static void simple_packets_have_no_time(void **state)
{
	static const struct {
		uint32_t snaplen, wire, room, cap;
	} rows[] = { { 0, 5, 8, 5 }, { 4, 100, 4, 4 }, { 6, 100, 8, 6 }, { 0, 100, 12, 12 }, { 96, 0, 0, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct build b = { 0 };
		struct source *source;
		struct frame frame;

		build_section(&b, UINT64_MAX);
		build_end(&b);
		build_interface(&b, 1, rows[i].snaplen);
		build_end(&b);
		build_begin(&b, 3);
		build32(&b, rows[i].wire);
		build_data(&b, rows[i].room, 4);
		build_end(&b);
		source = build_open(&b);
		assert_next(source, &frame);
		assert_false(frame.has_time);
		assert_int_equal(frame.cap_length, rows[i].cap);
		assert_int_equal(frame.wire_length, rows[i].wire);
		assert_data(&frame);
		assert_end(source);
		source_close(source);
		build_release(&b);
	}
}

/* ------------------------------------------------------------------------------------------- sections, other blocks */

static void reads_sections_of_either_order(void **state)
{
	struct build b = { 0 };
	struct source_counters counters;
	struct source *source;
	struct frame frame;

	(void)state;
	build_everything(&b);
	source = build_open(&b);
	for (unsigned i = 0; i < 12; i++) {
		assert_next(source, &frame);
		assert_int_equal(frame.number, i + 1);
		assert_int_equal(frame.cap_length, 5 + i % 3);
		assert_int_equal(frame.interface->id, i / 3 * 2 + (i % 3 == 1));
		assert_int_equal(frame.link, i % 3 == 1 ? 101 : 1 + i / 3);
		assert_true(frame.time == (1 + i % 3) * 1000000);
	}
	assert_end(source);
	assert_int_equal(source->interface_count, 8);
	source_counters(source, 7, &counters);
	assert_true(counters.received == 103 && counters.dropped == 3 && counters.interface_dropped == COUNTER_UNKNOWN);
	source_counters(source, 6, &counters);
	assert_true(counters.received == COUNTER_UNKNOWN);
	source_close(source);
	build_release(&b);
}

/* Blocks and packets one after the other are the file. */
static void wanted_blocks_are_the_whole_file(void **state)
{
	struct build b = { 0 };
	struct text again = { 0 };
	enum source_answer answer;
	struct source *source;
	struct frame frame;
	struct error err;

	(void)state;
	build_everything(&b);
	source = build_open(&b);
	source->want_blocks = true;
	while ((answer = source_next(source, &frame, &err)) > 0) {
		assert_true(answer == SOURCE_FRAME || answer == SOURCE_BLOCK);
		assert_int_equal(answer == SOURCE_FRAME, frame.data != NULL);
		text_add(&again, frame.block, frame.block_length);
	}
	assert_int_equal(answer, SOURCE_END);
	assert_int_equal(again.length, b.text.length);
	assert_memory_equal(again.data, b.text.data, again.length);
	source_close(source);
	text_release(&again);
	build_release(&b);
}

static void accepted_counts_before_received(void **state)
{
	struct build b = { 0 };
	struct source_counters counters;
	struct source *source;

	(void)state;
	build_simple(&b, 6, 0);
	build_begin(&b, 5);
	build32(&b, 0);
	build64(&b, 0);
	build_option64(&b, 6, 40);
	build_option64(&b, 4, 90);
	build_option64(&b, 5, 2);
	build_option(&b, 0, NULL, 0);
	build_end(&b);
	source = build_open(&b);
	assert_end(source);
	source_counters(source, 0, &counters);
	assert_true(counters.received == 40 && counters.interface_dropped == 2 && counters.dropped == COUNTER_UNKNOWN);
	source_close(source);
	build_release(&b);
}

/* ------------------------------------------------------------------------------------------- times */

static void clocks(void **state)
{
	static const struct {
		uint8_t resolution;
		int64_t offset;
		uint64_t ticks;
		int64_t time;
		bool fine;
	} rows[] = {
		{ 6, 0, 1700000000123456, 1700000000123456000, false },
		{ 9, 0, 1700000000123456789, 1700000000123456789, true },
		{ 0, 0, 17, 17 * SECOND, false },
		{ 3, 0, 17001, 17001000000, false },
		{ 7, 0, 5, 500, true },
		{ 12, 0, 1999, 1, true },
		{ 19, 0, UINT64_MAX, 1844674407, true },
		{ 127, 0, UINT64_MAX, 0, true },
		{ 0x80, 0, 3, 3 * SECOND, false },
		{ 0x81, 0, 3, 1500000000, false },
		{ 0x80 + 10, 0, 1024 * 1700000000ull + 512, 1700000000500000000, false },
		{ 0x80 + 19, 0, 1, 1907, false },
		{ 0x80 + 20, 0, 1, 953, true },
		{ 0x80 + 32, 0, (1700000000ull << 32) + (1u << 31), 1700000000500000000, true },
		{ 0x80 + 127, 0, UINT64_MAX, 0, true },
		{ 6, 1700000000, 5, 1700000000000005000, false },
		{ 6, -1, 500000, -500000000, false },
		{ 0x81, -1, 1, -500000000, false },
		{ 6, 0, UINT64_MAX, INT64_MAX, false },
		{ 0, 0, UINT64_MAX, INT64_MAX, false },
		{ 6, INT64_MAX, UINT64_MAX, INT64_MAX, false },
		{ 6, INT64_MIN, 0, -(INT64_MAX / 2), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pcapng_clock clock;

		pcapng_clock_init(&clock, rows[i].resolution, rows[i].offset);
		if (pcapng_clock_time(&clock, rows[i].ticks) != rows[i].time)
			fail_msg("row %zu: %lld", i, (long long)pcapng_clock_time(&clock, rows[i].ticks));
		assert_int_equal(pcapng_clock_fine(&clock), rows[i].fine);
	}
}

static void resolution_and_offset_are_options(void **state)
{
	static const uint8_t resolution = 0x81;

	(void)state;
	EACH_ORDER (i) {
		struct build b = { .swapped = orders[i] };
		struct source *source;
		struct frame frame;

		build_section(&b, UINT64_MAX);
		build_end(&b);
		build_interface(&b, 1, 0);
		build_option(&b, 9, &resolution, 1);
		build_option64(&b, 14, 1000);
		build_end(&b);
		build_packet(&b, 0, 3, 0, 0);
		build_end(&b);
		source = build_open(&b);
		assert_next(source, &frame);
		assert_true(frame.time == 1001500000000 && !source->nanoseconds && frame.interface->tsresol == 6);
		source_close(source);
		build_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_packets_and_options),
		cmocka_unit_test(old_packets),
		cmocka_unit_test(simple_packets_have_no_time),
		cmocka_unit_test(reads_sections_of_either_order),
		cmocka_unit_test(wanted_blocks_are_the_whole_file),
		cmocka_unit_test(accepted_counts_before_received),
		cmocka_unit_test(clocks),
		cmocka_unit_test(resolution_and_offset_are_options),
	};

	return cmocka_run_group_tests_name("source_pcapng", tests, NULL, NULL);
}
