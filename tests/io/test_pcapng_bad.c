/* SPDX-License-Identifier: BSD-2-Clause */
/* pcapng files that are wrong, cut or damaged: what can be read is read, and it ends. */
#include "build.h"

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
	{ "packet longer than its block", 6, { 0, 0, 0, 5, 5, 0 }, 6, 99, 0, "5 octets in a block that" },
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
		cmocka_unit_test(wrong_blocks_end_with_their_offset),
		cmocka_unit_test(simple_packet_without_interface),
		cmocka_unit_test(interfaces_belong_to_their_section),
		cmocka_unit_test(options_without_an_end),
		cmocka_unit_test(too_many_interfaces),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(damage_anywhere),
	};

	return cmocka_run_group_tests_name("pcapng_bad", tests, NULL, NULL);
}
