/* SPDX-License-Identifier: BSD-2-Clause */
/* pcapng copied into pcapng: bit for bit, whatever is in it. */
#include "sinking.h"

static const struct sink_options to_pcapng = { .format = SINK_PCAPNG, .directory = AT_FDCWD, .application = "sonde" };

static void build_rich(struct build *b)
{
	static const uint8_t nanoseconds = 9;

	for (unsigned section = 0; section < 3; section++) {
		b->swapped = section & 1;
		build_section(b, UINT64_MAX);
		build_option(b, 4, "another tool", 12);
		build_option(b, 2988, "\0\0\0\x01" "custom", 10);
		build_option(b, 0, NULL, 0);
		build_end(b);
		build_interface(b, 1, 0);
		build_option(b, 9, &nanoseconds, 1);
		build_option(b, 9999, "not known", 9);
		build_end(b);
		for (unsigned i = 1; i < 20; i++) {
			build_packet(b, 0, 100 * i, i, i);
			build_option(b, 1, "a comment", 9);
			build_option(b, 8, "12345678", 8);
			build_end(b);
			build_begin(b, i & 1 ? 0xbad : 0x40000bad);
			build_data(b, 4 * i, 4);
			build_end(b);
		}
		build_begin(b, 4);
		build_data(b, 8, 4);
		build_end(b);
	}
}

static void pcapng_is_copied_bit_for_bit(void **state)
{
	struct build b = { 0 };
	struct text saved = { 0 };
	struct source *source;

	(void)state;
	build_rich(&b);
	source = build_open(&b);
	save_all(source, "copy.pcapng", &to_pcapng);
	source_close(source);
	load_file("copy.pcapng", &saved);
	assert_int_equal(saved.length, b.text.length);
	assert_memory_equal(saved.data, b.text.data, saved.length);
	text_release(&saved);
	build_release(&b);
}

/* Packets may be missing in a copy, so the length of the section is not known; nothing else changes. */
static void only_the_length_of_a_section_changes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct build b = { .swapped = i };
		struct text saved = { 0 };
		struct source *source;

		build_section(&b, 20);
		build_end(&b);
		build_interface(&b, 1, 0);
		build_end(&b);
		source = build_open(&b);
		save_all(source, "copy.pcapng", &to_pcapng);
		source_close(source);
		load_file("copy.pcapng", &saved);
		assert_int_equal(saved.length, b.text.length);
		assert_true(load64((uint8_t *)saved.data + 16, i) == UINT64_MAX);
		memcpy(saved.data + 16, b.text.data + 16, 8);
		assert_memory_equal(saved.data, b.text.data, saved.length);
		text_release(&saved);
		build_release(&b);
	}
}

/* The comment of the section at the file's beginning, as a reader finds it; the other options stay. */
static void our_comment_joins_a_copy(void **state)
{
	static const char *const comments[] = { "x", "four", "a comment of the copy" };
	struct sink_options options = to_pcapng;

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		struct build b = { .swapped = i & 1 };
		struct text saved = { 0 };
		struct frame head = { 0 };
		struct source *source;
		uint32_t at = 0, length;
		uint16_t code, size;
		const uint8_t *value;

		options.comment = comments[i / 2 % 3];
		build_section(&b, UINT64_MAX);
		if (i >= 6)
			build_option(&b, 4, "tool", 4);
		build_end(&b);
		build_interface(&b, 1, 0);
		build_end(&b);
		build_packet(&b, 0, 1, 9, 9);
		build_end(&b);
		source = build_open(&b);
		save_all(source, "comment.pcapng", &options);
		source_close(source);
		assert_int_equal(count_frames("comment.pcapng", 0), 1);
		load_file("comment.pcapng", &saved);
		length = load32((uint8_t *)saved.data + 4, b.swapped);
		head.options = (uint8_t *)saved.data + 24;
		head.options_length = length - 28;
		head.options_swapped = b.swapped;
		assert_true(frame_option(&head, &at, &code, &value, &size));
		assert_true(code == 1 && size == strlen(options.comment) && !memcmp(value, options.comment, size));
		assert_int_equal(frame_option(&head, &at, &code, &value, &size), i >= 6);
		if (i >= 6)
			assert_true(code == 4 && size == 4 && !memcmp(value, "tool", 4));
		text_release(&saved);
		build_release(&b);
	}
}

/* Frames of a swapped pcapng file that are written one by one get options in our byte order. */
static void options_are_turned_round(void **state)
{
	struct build b = { .swapped = true };
	struct error err;
	struct source *list, *saved, *source;
	struct frame frame, copy;
	uint32_t at = 0;
	uint16_t code, length;
	const uint8_t *value;

	(void)state;
	build_simple(&b, 6, 0);
	build_packet(&b, 0, 7, 3, 3);
	build_option(&b, 1, "note", 4);
	build_option32(&b, 2, 0x201);
	build_option64(&b, 4, 0x1122334455667788);
	build_option64(&b, 5, 99);
	build16(&b, 8);
	build16(&b, 8);
	build32(&b, 1234);
	build32(&b, 5678);
	build_end(&b);
	source = build_open(&b);
	assert_next(source, &copy);
	list = source_list_open(&copy, 1);
	save_all(list, "turned.pcapng", &to_pcapng);
	saved = source_file_open("turned.pcapng", NULL, &err);
	assert_next(saved, &frame);
	assert_false(frame.options_swapped);
	assert_true(frame.time == 7000 && frame.flags == 0x201 && frame.drops_before == 0x1122334455667788);
	assert_true(frame_option(&frame, &at, &code, &value, &length) && code == 1 && !memcmp(value, "note", 4));
	assert_true(frame_option(&frame, &at, &code, &value, &length) && code == 2);
	assert_true(frame_option(&frame, &at, &code, &value, &length) && code == 4);
	assert_true(frame_option(&frame, &at, &code, &value, &length) && code == 5);
	assert_int_equal(frame_option_uint(&frame, value, length), 99);
	assert_true(frame_option(&frame, &at, &code, &value, &length) && code == 8 && length == 8);
	assert_int_equal(frame_option_uint(&frame, value, 4), 1234);
	assert_int_equal(frame_option_uint(&frame, value + 4, 4), 5678);
	source_close(saved);
	source_close(list);
	source_close(source);
	build_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcapng_is_copied_bit_for_bit),
		cmocka_unit_test(only_the_length_of_a_section_changes),
		cmocka_unit_test(our_comment_joins_a_copy),
		cmocka_unit_test(options_are_turned_round),
	};

	return cmocka_run_group_tests_name("sink_copy", tests, enter_directory, leave_directory);
}
