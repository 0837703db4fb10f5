/* SPDX-License-Identifier: BSD-2-Clause */
/* Comments added to blocks of pcapng, and taken out of them. */
#include "editing.h"

#include "io/pcap.h"

/* Whether the list had an end or just ended, and whether there was one at all. */
static void comments_join_the_options(void **state)
{
	static const char *const words[] = { "one", "second comment", "" };

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		const struct pcapng_changes changes = { .comments = words, .comment_count = 3 };
		struct build b = { .swapped = i & 1 };
		struct text out = { 0 };
		struct source *source;
		struct frame frame;
		uint32_t at = 0;

		build_simple(&b, 6, 0);
		build_packet(&b, 0, 3, i % 5, 9);
		if (i >= 4)
			build_option(&b, 30000, "unknown", 7);
		if (i >= 4)
			build_option(&b, 1, "old", 3);
		if (i >= 8)
			build_option(&b, 0, NULL, 0);
		build_end(&b);
		build_packet(&b, 0, 4, 2, 2);
		build_end(&b);
		edited_open(&b, &changes, &out, &source);
		assert_next(source, &frame);
		assert_int_equal(frame.cap_length, i % 5);
		assert_data(&frame);
		if (i >= 4)
			assert_option(&frame, &at, 30000, "unknown");
		if (i >= 4)
			assert_option(&frame, &at, 1, "old");
		for (unsigned k = 0; k < 3; k++)
			assert_option(&frame, &at, 1, words[k]);
		assert_int_equal(frame.options_length, at + 4);
		assert_next(source, &frame);
		assert_end(source);
		source_close(source);
		text_release(&out);
		build_release(&b);
	}
}

/* Everything that can carry a comment, in the order of a file. */
static void begin_section(struct build *b)
{
	build_section(b, UINT64_MAX);
}

static void begin_interface(struct build *b)
{
	build_interface(b, 1, 0);
}

static void begin_packet(struct build *b)
{
	build_packet(b, 0, 9, 5, 5);
}

static void begin_statistics(struct build *b)
{
	build_begin(b, 5);
	build32(b, 0);
	build64(b, 0);
}

static void begin_names(struct build *b)
{
	build_begin(b, 4);
	build16(b, 1);
	build16(b, 6);
	text_add(&b->text, "\n\0\0\1a\0\0\0", 8);
	build32(b, 0);
}

static void begin_secrets(struct build *b)
{
	build_begin(b, 10);
	build32(b, 0x544c534b);
	build32(b, 3);
	text_add(&b->text, "key", 4);
}

static void build_commented(struct build *b, bool comments)
{
	static void (*const begin[])(struct build *) = {
		begin_section, begin_interface, begin_packet, begin_statistics, begin_names, begin_secrets,
	};

	for (unsigned i = 0; i < sizeof begin / sizeof *begin; i++) {
		begin[i](b);
		build_option(b, 2988, "\0\0\0\1x", 5);
		if (comments)
			build_option(b, 1, "to be taken out", 15);
		build_option(b, 0, NULL, 0);
		build_end(b);
	}
}

static void comments_are_taken_out(void **state)
{
	const struct pcapng_changes changes = { .delete_comments = true };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct build b = { .swapped = i }, bare = { .swapped = i };
		struct text out = { 0 };

		build_commented(&b, true);
		build_commented(&bare, false);
		edit_all(&b, &changes, &out);
		assert_int_equal(out.length, bare.text.length);
		assert_memory_equal(out.data, bare.text.data, out.length);
		text_release(&out);
		build_release(&bare);
		build_release(&b);
	}
}

static void what_has_no_room_is_refused(void **state)
{
	char *longest = malloc(65537);
	const char *words[300];
	struct pcapng_changes changes = { .comments = words, .comment_count = 1 };
	struct build b = { 0 };
	struct error err;
	struct frame frame;

	(void)state;
	assert_non_null(longest);
	memset(longest, 'x', 65536);
	longest[65536] = '\0';
	for (unsigned i = 0; i < 300; i++)
		words[i] = longest;
	one_packet(&b, 6, 1);
	refused(&b, &changes, "a comment of 65536 octets");
	longest[65535] = '\0';
	assert_int_equal(edit_first(&b, &changes, &frame, &err), 0);
	changes.comment_count = 300;
	refused(&b, &changes, "more than readers take");
	build_release(&b);
	build_simple(&b, 6, 0);
	build_begin(&b, 3);
	build32(&b, 4);
	build_data(&b, 4, 4);
	build_end(&b);
	changes.comment_count = 1;
	refused(&b, &changes, "Simple Packet Block");
	build_release(&b);
	free(longest);
}

static void a_comment_on_a_frame_without_a_block(void **state)
{
	static const char *const words[] = { "a note" };
	const struct pcapng_changes changes = { .comments = words, .comment_count = 1 };
	struct pcapng_editor *editor = pcapng_editor_new();
	struct build b = { .swapped = true };
	struct source *source;
	struct error err;
	struct frame frame;
	uint32_t at = 0;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 1);
	build_record(&b, 10, 5, 8, 9);
	source = build_open(&b);
	assert_next(source, &frame);
	assert_int_equal(pcapng_edit(editor, &frame, &changes, &err), 0);
	assert_option(&frame, &at, 1, "a note");
	assert_int_equal(frame.options_length, at + 4);
	source_close(source);
	pcapng_editor_free(editor);
	build_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_join_the_options),
		cmocka_unit_test(comments_are_taken_out),
		cmocka_unit_test(what_has_no_room_is_refused),
		cmocka_unit_test(a_comment_on_a_frame_without_a_block),
	};

	return cmocka_run_group_tests_name("pcapng_edit_comments", tests, NULL, NULL);
}
