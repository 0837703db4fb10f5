/* SPDX-License-Identifier: BSD-2-Clause */
/* Capture files: what is one and what is not, pcap in all its variants, files that are cut, files that grow. */
#include "build.h"

#include "io/pcap.h"

/* ------------------------------------------------------------------------------------------- pcap */

struct variant {
	uint32_t magic;
	bool swapped;
	unsigned extra;  /* octets more in a record's header */
	int64_t scale;   /* ns */
};

static const struct variant variants[] = {
	{ PCAP_MAGIC, false, 0, 1000 },
	{ PCAP_MAGIC, true, 0, 1000 },
	{ PCAP_MAGIC_NANOSECONDS, false, 0, 1 },
	{ PCAP_MAGIC_NANOSECONDS, true, 0, 1 },
	{ PCAP_MAGIC_MODIFIED, false, 8, 1000 },
	{ PCAP_MAGIC_MODIFIED, true, 8, 1000 },
};

static void build_variant(struct build *b, const struct variant *variant, unsigned records)
{
	b->swapped = variant->swapped;
	build_pcap(b, variant->magic, 1);
	for (unsigned i = 1; i <= records; i++) {
		build32(b, 1700000000 + i);
		build32(b, 999000 + i);
		build32(b, i);
		build32(b, i + 5);
		text_fill(&b->text, '\x7f', variant->extra);
		build_data(b, i, 1);
	}
}

static void reads_every_variant(void **state)
{
	(void)state;
	for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
		struct build b = { 0 };
		struct source *source;
		struct frame frame;

		build_variant(&b, &variants[v], 50);
		source = build_open(&b);
		assert_int_equal(source->nanoseconds, variants[v].scale == 1);
		assert_int_equal(source->interfaces[0]->link, 1);
		for (unsigned i = 1; i <= 50; i++) {
			assert_next(source, &frame);
			assert_int_equal(frame.number, i);
			assert_int_equal(frame.cap_length, i);
			assert_int_equal(frame.wire_length, i + 5);
			assert_int_equal(frame.link, 1);
			assert_true(frame.has_time && !frame.has_flags && !frame.interface && !frame.block);
			assert_true(frame.time == (1700000000 + i) * SECOND + (999000 + i) * variants[v].scale);
			assert_data(&frame);
		}
		assert_end(source);
		assert_end(source);
		source_close(source);
		build_release(&b);
	}
}

static void header_alone_is_empty(void **state)
{
	struct build b = { 0 };
	struct source *source;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 101);
	source = build_open(&b);
	assert_int_equal(source->interfaces[0]->link, 101);
	assert_end(source);
	source_close(source);
	build_release(&b);
}

static void link_type_without_its_upper_bits(void **state)
{
	struct build b = { 0 };
	struct source *source;
	struct frame frame;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 0x24000001);
	build_record(&b, 1, 2, 4, 4);
	source = build_open(&b);
	assert_next(source, &frame);
	assert_int_equal(frame.link, 1);
	source_close(source);
	build_release(&b);
}

static void more_than_the_snaplen_is_kept(void **state)
{
	struct build b = { 0 };
	struct source *source;
	struct frame frame;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 1);
	store32((uint8_t *)b.text.data + 16, 10, false);
	build_record(&b, 1, 2, 100, 60);
	source = build_open(&b);
	assert_next(source, &frame);
	assert_int_equal(frame.cap_length, 100);
	assert_int_equal(frame.wire_length, 60);
	source_close(source);
	build_release(&b);
}

static void versions(void **state)
{
	static const struct {
		uint16_t major, minor;
		uint32_t cap; /* of a record that says 6 first and 4 then; 0: refused */
	} rows[] = { { 2, 4, 6 }, { 2, 3, 4 }, { 2, 2, 4 }, { 543, 0, 4 }, { 1, 4, 0 }, { 3, 0, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct build b = { 0 };
		struct error err = { "" };
		struct source *source;
		struct frame frame;

		build_pcap(&b, PCAP_MAGIC, 1);
		store16((uint8_t *)b.text.data + 4, rows[i].major, false);
		store16((uint8_t *)b.text.data + 6, rows[i].minor, false);
		build_record(&b, 1, 2, 6, 4);
		source = source_memory_open((uint8_t *)b.text.data, b.text.length, &err);
		if (rows[i].cap) {
			assert_next(source, &frame);
			assert_int_equal(frame.cap_length, rows[i].cap);
			assert_int_equal(frame.wire_length, 10 - rows[i].cap);
		} else {
			assert_null(source);
			assert_contains(err.text, "version");
		}
		source_close(source);
		build_release(&b);
	}
}

/* ------------------------------------------------------------------------------------------- bad files */

static void absurd_length_ends_with_its_offset(void **state)
{
	struct build b = { 0 };
	struct error err = { "" };
	struct source *source;
	struct frame frame;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 1);
	build_record(&b, 1, 2, 10, 10);
	build_record(&b, 1, 2, 0, 0);
	store32((uint8_t *)b.text.data + 24 + 26 + 8, 0xfffffff0, false);
	source = build_open(&b);
	assert_next(source, &frame);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_ERROR);
	assert_contains(err.text, "octet 50 ");
	assert_contains(err.text, "4294967280");
	assert_end(source);
	source_close(source);
	build_release(&b);
}

/* Every cut gives the whole records before it, then one error; at a boundary there is none. */
static void cut_anywhere(void **state)
{
	(void)state;
	for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
		struct build b = { 0 };

		build_variant(&b, &variants[v], 5);
		for (size_t length = 0; length <= b.text.length; length++) {
			struct error err = { "" };
			uint8_t *copy;
			struct source *source = build_open_part(&b, length, &copy, &err);
			size_t boundary = 24, record = 1;
			enum source_answer answer;
			struct frame frame;

			if (length < 24) {
				assert_null(source);
				assert_true(strlen(err.text) > 0);
				free(copy);
				continue;
			}
			while (boundary + 16 + variants[v].extra + record <= length)
				boundary += 16 + variants[v].extra + record++;
			while ((answer = source_next(source, &frame, &err)) == SOURCE_FRAME)
				assert_data(&frame);
			assert_int_equal(source->frames, record - 1);
			assert_int_equal(answer, boundary == length ? SOURCE_END : SOURCE_ERROR);
			if (answer == SOURCE_ERROR)
				assert_contains(err.text, "cut in packet");
			assert_end(source);
			source_close(source);
			free(copy);
		}
		build_release(&b);
	}
}

static void cut_says_packet_and_octet(void **state)
{
	struct build b = { 0 };
	struct error err;
	struct source *source;
	struct frame frame;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 1);
	build_record(&b, 1, 2, 10, 10);
	build_record(&b, 1, 2, 10, 10);
	b.text.length -= 3;
	build_save(&b, "lab.pcap");
	source = source_file_open("lab.pcap", NULL, &err);
	assert_non_null(source);
	assert_next(source, &frame);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_ERROR);
	assert_string_equal(err.text, "lab.pcap: cut in packet 2 at octet 50: only its first 23 octets are there; "
				      "what came before was read");
	source_close(source);
	build_release(&b);
}

static void strangers_are_refused_by_name(void **state)
{
	static const struct {
		const char *content;
		size_t length;
		const char *says;
	} rows[] = {
		{ "", 0, "strange: not a capture file: it is empty" },
		{ "a", 1, "begins with \"a\"" },
		{ "hello world\nmore", 16, "begins with \"hello world\"" },
		{ "GET \x1b[31m", 9, "begins with \"GET \"" },
		{ "\x7f" "ELF\x02\x01\x01\x00\x00", 9, "begins with the octets 7f454c4602010100" },
		{ "\x0a\x0d\x0d\x0a" "and a text after it", 23, "begins with the octets 0a0d0d0a" },
		{ "\xfd" "7zXZ\x00", 6, "an xz file; unpack it first" },
		{ "\xd4\xc3\xb2\xa1\x02", 5, "strange: cut in the file header at octet 5" },
		{ "\x0a\x0d\x0d\x0a\x1c", 5, "strange: cut in the section header at octet 5" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct build b = { 0 };
		struct error err = { "" };

		text_add(&b.text, rows[i].content, rows[i].length);
		build_save(&b, "strange");
		assert_null(source_file_open("strange", NULL, &err));
		assert_contains(err.text, rows[i].says);
		build_release(&b);
	}
}

static void what_is_no_file_is_refused(void **state)
{
	struct error err;

	(void)state;
	assert_null(source_file_open("none.pcap", NULL, &err));
	assert_string_equal(err.text, "none.pcap: cannot open: No such file or directory");
	assert_null(source_file_open(".", NULL, &err));
	assert_contains(err.text, "a directory");
}

/* ------------------------------------------------------------------------------------------- large, standard input */

/* Records longer than the window, and many that straddle its ends. */
static void records_of_all_lengths(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 60, 65535, 131072, 300000, 1, 1 << 24, 5 };
	struct build b = { 0 };
	struct source *source;
	struct frame frame;
	struct error err;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 1);
	for (unsigned i = 0; i < 5000; i++)
		build_record(&b, 1, 2, i % 200, i);
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
		build_record(&b, 1, 2, lengths[i], lengths[i]);
	build_save(&b, "long.pcap");
	source = source_file_open("long.pcap", NULL, &err);
	assert_non_null(source);
	for (unsigned i = 0; i < 5000; i++) {
		assert_next(source, &frame);
		assert_int_equal(frame.cap_length, i % 200);
		assert_data(&frame);
	}
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		assert_next(source, &frame);
		assert_int_equal(frame.cap_length, lengths[i]);
		assert_data(&frame);
	}
	assert_end(source);
	source_close(source);
	build_release(&b);
}

static void standard_input_is_a_dash(void **state)
{
	int saved = dup(STDIN_FILENO), ends[2];
	struct build b = { 0 };
	struct source *source;
	struct frame frame;
	struct error err;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 1);
	build_record(&b, 1, 2, 3, 4);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], b.text.data, b.text.length), b.text.length);
	assert_int_equal(write(ends[1], b.text.data + 24, 7), 7);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	source = source_file_open("-", NULL, &err);
	assert_non_null(source);
	assert_next(source, &frame);
	assert_int_equal(frame.wire_length, 4);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_ERROR);
	assert_contains(err.text, "standard input: cut in packet 2 at octet 43");
	source_close(source);
	dup2(saved, STDIN_FILENO);
	close(saved);
	build_release(&b);
}

/* ------------------------------------------------------------------------------------------- list */

static void a_list_gives_frames_as_they_are(void **state)
{
	static const uint8_t octets[] = { 1, 2, 3 };
	const struct frame frames[] = {
		{ .number = 7, .time = 5, .data = octets, .cap_length = 3, .wire_length = 3, .link = 1 },
		{ .number = 9, .time = 4, .data = octets, .cap_length = 2, .wire_length = 3, .link = 101 },
	};
	struct source *source = source_list_open(frames, 2);
	struct source_counters counters;
	struct frame frame;

	(void)state;
	assert_next(source, &frame);
	assert_int_equal(frame.number, 7);
	assert_next(source, &frame);
	assert_int_equal(frame.number, 9);
	assert_int_equal(frame.link, 101);
	assert_end(source);
	source_counters(source, 0, &counters);
	assert_true(counters.received == COUNTER_UNKNOWN && counters.dropped == COUNTER_UNKNOWN);
	assert_int_equal(source_fd(source), -1);
	source_close(source);
	source_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_variant),
		cmocka_unit_test(header_alone_is_empty),
		cmocka_unit_test(link_type_without_its_upper_bits),
		cmocka_unit_test(more_than_the_snaplen_is_kept),
		cmocka_unit_test(versions),
		cmocka_unit_test(absurd_length_ends_with_its_offset),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(cut_says_packet_and_octet),
		cmocka_unit_test(strangers_are_refused_by_name),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(records_of_all_lengths),
		cmocka_unit_test(standard_input_is_a_dash),
		cmocka_unit_test(a_list_gives_frames_as_they_are),
	};

	return cmocka_run_group_tests_name("source_file", tests, enter_directory, leave_directory);
}
