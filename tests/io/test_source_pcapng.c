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

static void other_blocks(struct build *b)
{
	static const uint32_t types[] = { 4, 0xa, 0xbad, 0x40000bad, 0x80000001, 0x12345678, 9 };

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		build_begin(b, types[i]);
		build_data(b, (uint32_t)(4 * i), 4);
		build_end(b);
	}
}

/* Two sections of different byte order, interfaces between packets, wrong section lengths, blocks not known. */
static void build_everything(struct build *b)
{
	for (unsigned section = 0; section < 4; section++) {
		b->swapped = section & 1;
		build_section(b, section < 2 ? UINT64_MAX : 12);
		build_option(b, 4, "a test", 6);
		build_end(b);
		other_blocks(b);
		build_interface(b, (uint16_t)(1 + section), 0);
		build_end(b);
		build_packet(b, 0, 1000, 5, 5);
		build_end(b);
		build_interface(b, 101, 0);
		build_option(b, 2, "second", 6);
		build_end(b);
		build_packet(b, 1, 2000, 6, 6);
		build_end(b);
		other_blocks(b);
		build_packet(b, 0, 3000, 7, 7);
		build_end(b);
		build_begin(b, 5);
		build32(b, 1);
		build64(b, 0);
		build_option64(b, 4, 100 + section);
		build_option64(b, 7, 3);
		build_end(b);
	}
}

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

/* ------------------------------------------------------------------------------------------- wrong */

/* A section, an interface, one packet and then a block that is made wrong by writing a number into it. */
struct wrong {
	const char *name;
	uint32_t type;
	uint32_t words[8];
	unsigned count;      /* words in its body */
	unsigned at;         /* octet of the block where `value` is written; 99: nowhere */
	uint32_t value;
	const char *says;
};

static const struct wrong wrongs[] = {
	{ "zero length", 9, { 0 }, 2, 4, 0, "a block of 0 octets" },
	{ "length below its frame", 9, { 0 }, 2, 4, 8, "a block of 8 octets" },
	{ "length no multiple of 4", 9, { 0 }, 2, 4, 21, "a block of 21 octets" },
	{ "huge length", 9, { 0 }, 2, 4, 0xfffffffc, "a block of 4294967292 octets" },
	{ "another length at the end", 9, { 0 }, 2, 16, 24, "says 24 at its end" },
	{ "packet of no interface", 6, { 1, 0, 0, 0, 0 }, 5, 99, 0, "interface 1, which the section" },
	{ "packet of the last interface", 6, { UINT32_MAX, 0, 0, 0, 0 }, 5, 99, 0, "interface 4294967295, which" },
	{ "packet longer than its block", 6, { 0, 0, 0, 5, 5, 0 }, 6, 99, 0, "5 octets in a block that has room for 4" },
	{ "packet of absurd length", 6, { 0, 0, 0, UINT32_MAX, 5, 0 }, 6, 99, 0, "has room for 4" },
	{ "packet block cut short", 6, { 0, 0, 0, 0 }, 4, 99, 0, "too short for a packet" },
	{ "simple packet cut short", 3, { 0 }, 0, 99, 0, "too short for a simple packet" },
	{ "interface cut short", 1, { 1 }, 1, 99, 0, "too short for an interface description" },
	{ "statistics cut short", 5, { 0, 0 }, 2, 99, 0, "too short for interface statistics" },
	{ "statistics of no interface", 5, { 7, 0, 0 }, 3, 99, 0, "statistics of interface 7" },
	{ "option of a packet too long", 6, { 0, 0, 0, 0, 0, 0xffff0001 }, 6, 99, 0, "an option of a packet" },
	{ "option of an interface too long", 1, { 1, 0, 0x00080002, 0 }, 4, 99, 0, "an option of an interface" },
	{ "option of the statistics too long", 5, { 0, 0, 0, 0x00050002, 0 }, 5, 99, 0, "an option of the statistics" },
	{ "section without an order", 0x0a0d0d0a, { 1, 1, 0, 0 }, 4, 99, 0, "without a byte order" },
	{ "section of a later version", 0x0a0d0d0a, { 0x1a2b3c4d, 2, 0, 0 }, 4, 99, 0, "version 2" },
	{ "section cut short", 0x0a0d0d0a, { 0x1a2b3c4d, 1, 0 }, 3, 99, 0, "too short for a section" },
};

static void wrong_blocks_end_with_their_offset(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		struct build b = { 0 };
		struct error err = { "" };
		struct source *source;
		struct frame frame;
		char offset[32];

		build_simple(&b, 6, 1);
		snprintf(offset, sizeof offset, "octet %zu ", b.text.length);
		build_begin(&b, wrongs[i].type);
		for (unsigned w = 0; w < wrongs[i].count; w++)
			build32(&b, wrongs[i].words[w]);
		build_end(&b);
		if (wrongs[i].at != 99)
			store32((uint8_t *)b.text.data + b.block + wrongs[i].at, wrongs[i].value, false);
		build_data(&b, 64, 4);
		source = build_open(&b);
		assert_next(source, &frame);
		if (source_next(source, &frame, &err) != SOURCE_ERROR)
			fail_msg("%s: no error", wrongs[i].name);
		assert_contains(err.text, wrongs[i].says);
		assert_contains(err.text, offset);
		assert_end(source);
		source_close(source);
		build_release(&b);
	}
}

static void simple_packet_without_interface(void **state)
{
	struct build b = { 0 };
	struct error err;
	struct source *source;
	struct frame frame;

	(void)state;
	build_section(&b, UINT64_MAX);
	build_end(&b);
	build_begin(&b, 3);
	build32(&b, 0);
	build_end(&b);
	source = build_open(&b);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_ERROR);
	assert_contains(err.text, "before the section describes an interface");
	source_close(source);
	build_release(&b);
}

/* Interfaces of the section before do not count. */
static void interfaces_belong_to_their_section(void **state)
{
	struct build b = { 0 };
	struct error err;
	struct source *source;
	struct frame frame;

	(void)state;
	build_simple(&b, 6, 1);
	build_section(&b, UINT64_MAX);
	build_end(&b);
	build_packet(&b, 0, 1, 1, 1);
	build_end(&b);
	source = build_open(&b);
	assert_next(source, &frame);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_ERROR);
	assert_contains(err.text, "interface 0");
	source_close(source);
	build_release(&b);
}

/* A list that fills its block has no end of options; one that is not whole words long cannot be. */
static void options_without_an_end(void **state)
{
	struct build b = { 0 };
	struct source *source;
	struct frame frame;

	(void)state;
	build_simple(&b, 6, 0);
	build_packet(&b, 0, 1, 1, 1);
	for (unsigned i = 0; i < 10000; i++)
		build_option(&b, 1, NULL, 0);
	build_option32(&b, 2, 1);
	build_end(&b);
	source = build_open(&b);
	assert_next(source, &frame);
	assert_true(frame.has_flags && frame.flags == 1);
	assert_end(source);
	source_close(source);
	build_release(&b);
}

static void too_many_interfaces(void **state)
{
	struct build b = { 0 };
	struct error err;
	struct source *source;
	struct frame frame;

	(void)state;
	build_section(&b, UINT64_MAX);
	build_end(&b);
	for (unsigned i = 0; i <= 65536; i++) {
		build_interface(&b, 1, 0);
		build_end(&b);
	}
	source = build_open(&b);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_ERROR);
	assert_contains(err.text, "more than 65536 interfaces");
	source_close(source);
	build_release(&b);
}

static void cut_anywhere(void **state)
{
	struct build b = { 0 };

	(void)state;
	build_everything(&b);
	for (size_t length = 0; length < b.text.length; length++) {
		struct error err = { "" };
		enum source_answer answer;
		uint8_t *copy;
		struct source *source = build_open_part(&b, length, &copy, &err);
		struct frame frame;

		if (!source) {
			assert_true(length < 12);
			free(copy);
			continue;
		}
		while ((answer = source_next(source, &frame, &err)) == SOURCE_FRAME)
			assert_data(&frame);
		assert_true(source->frames <= 12);
		assert_true(answer == SOURCE_END || answer == SOURCE_ERROR);
		if (answer == SOURCE_ERROR)
			assert_contains(err.text, "cut in the block");
		source_close(source);
		free(copy);
	}
	build_release(&b);
}

/* Every octet of a file changed in turn: whatever is read, it ends. */
static void damage_anywhere(void **state)
{
	static const uint8_t changes[] = { 0x01, 0x80, 0xff };
	struct build b = { 0 };

	(void)state;
	build_everything(&b);
	for (size_t i = 0; i < b.text.length * sizeof changes; i++) {
		struct error err = { "" };
		uint8_t *copy, change = changes[i % sizeof changes];
		enum source_answer answer = SOURCE_ERROR;
		struct source *source;
		struct frame frame;

		b.text.data[i / sizeof changes] ^= (char)change;
		source = build_open_part(&b, b.text.length, &copy, &err);
		while (source && (answer = source_next(source, &frame, &err)) == SOURCE_FRAME)
			assert_true(frame.number <= 12);
		assert_true(answer == SOURCE_END || (answer == SOURCE_ERROR && *err.text));
		source_close(source);
		free(copy);
		b.text.data[i / sizeof changes] ^= (char)change;
	}
	build_release(&b);
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
		cmocka_unit_test(wrong_blocks_end_with_their_offset),
		cmocka_unit_test(simple_packet_without_interface),
		cmocka_unit_test(interfaces_belong_to_their_section),
		cmocka_unit_test(options_without_an_end),
		cmocka_unit_test(too_many_interfaces),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(damage_anywhere),
	};

	return cmocka_run_group_tests_name("source_pcapng", tests, NULL, NULL);
}
