/* SPDX-License-Identifier: BSD-2-Clause */
/* Packed captures: gzip and Zstandard, whole, in several members, cut and damaged. */
#include "build.h"

#include <zlib.h>
#include <zstd.h>

#include "io/pcap.h"

#define RECORDS 4000

static void pack_gzip(const void *from, size_t length, struct text *out)
{
	z_stream z = { 0 };
	size_t bound;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	bound = deflateBound(&z, length) + 64;
	z.next_in = (Bytef *)(uintptr_t)from;
	z.avail_in = (uInt)length;
	z.next_out = (Bytef *)text_room(out, bound);
	z.avail_out = (uInt)bound;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->length += z.total_out;
	deflateEnd(&z);
}

static void pack_zstd(const void *from, size_t length, struct text *out)
{
	size_t bound = ZSTD_compressBound(length);
	size_t n = ZSTD_compress(text_room(out, bound), bound, from, length, 3);

	assert_false(ZSTD_isError(n));
	out->length += n;
}

typedef void packer(const void *from, size_t length, struct text *out);
static packer *const packers[] = { pack_gzip, pack_zstd };

static void build_many(struct build *b)
{
	build_pcap(b, PCAP_MAGIC, 1);
	for (unsigned i = 0; i < RECORDS; i++)
		build_record(b, i, 2, i % 300, i);
}

static unsigned count(struct source *source, enum source_answer *answer, struct error *err)
{
	struct frame frame;
	unsigned frames = 0;

	while ((*answer = source_next(source, &frame, err)) == SOURCE_FRAME) {
		assert_int_equal(frame.cap_length, frames % 300);
		assert_data(&frame);
		frames++;
	}
	return frames;
}

/* In memory and as a file; the second half is a member of its own. */
static void unpacks(void **state)
{
	(void)state;
	for (size_t p = 0; p < sizeof packers / sizeof *packers; p++) {
		struct build b = { 0 }, packed = { 0 };
		enum source_answer answer;
		struct error err = { "" };
		struct source *source;
		size_t half;

		build_many(&b);
		half = b.text.length / 2;
		packers[p](b.text.data, half, &packed.text);
		packers[p](b.text.data + half, b.text.length - half, &packed.text);
		source = build_open(&packed);
		assert_int_equal(count(source, &answer, &err), RECORDS);
		assert_int_equal(answer, SOURCE_END);
		source_close(source);
		build_save(&packed, "packed.pcap");
		source = source_file_open("packed.pcap", NULL, &err);
		assert_non_null(source);
		assert_int_equal(count(source, &answer, &err), RECORDS);
		assert_int_equal(answer, SOURCE_END);
		source_close(source);
		build_release(&packed);
		build_release(&b);
	}
}

static void cut_gives_what_it_holds_and_an_error(void **state)
{
	(void)state;
	for (size_t p = 0; p < sizeof packers / sizeof *packers; p++) {
		struct build b = { 0 }, packed = { 0 };

		build_many(&b);
		packers[p](b.text.data, b.text.length, &packed.text);
		for (size_t length = 0; length < packed.text.length; length += length < 64 ? 1 : 97) {
			struct error err = { "" };
			enum source_answer answer;
			uint8_t *copy;
			struct source *source = build_open_part(&packed, length, &copy, &err);

			if (source) {
				assert_true(count(source, &answer, &err) <= RECORDS);
				assert_int_equal(answer, SOURCE_ERROR);
				assert_contains(err.text, "the file is cut");
				assert_end(source);
			}
			assert_true(strlen(err.text) > 0);
			source_close(source);
			free(copy);
		}
		build_release(&packed);
		build_release(&b);
	}
}

/* Checksums find damage anywhere in gzip; whatever zstd finds or not, reading ends. */
static void damage_ends_it(void **state)
{
	(void)state;
	for (size_t p = 0; p < sizeof packers / sizeof *packers; p++) {
		struct build b = { 0 }, packed = { 0 };

		build_pcap(&b, PCAP_MAGIC, 1);
		for (unsigned i = 0; i < 40; i++)
			build_record(&b, i, 2, i, i);
		packers[p](b.text.data, b.text.length, &packed.text);
		for (size_t at = 10; at < packed.text.length; at++) {
			enum source_answer answer = SOURCE_ERROR;
			struct error err = { "" };
			struct source *source;
			struct frame frame;

			packed.text.data[at] ^= 0x55;
			source = source_memory_open((uint8_t *)packed.text.data, packed.text.length, &err);
			while (source && (answer = source_next(source, &frame, &err)) == SOURCE_FRAME)
				assert_true(frame.number <= 100);
			if (packers[p] == pack_gzip)
				assert_int_equal(answer, SOURCE_ERROR);
			else
				assert_true(answer == SOURCE_ERROR || answer == SOURCE_END);
			source_close(source);
			packed.text.data[at] ^= 0x55;
		}
		build_release(&packed);
		build_release(&b);
	}
}

static void packed_text_is_no_capture(void **state)
{
	struct build packed = { 0 };
	struct error err = { "" };

	(void)state;
	pack_gzip("just words", 10, &packed.text);
	assert_null(source_memory_open((uint8_t *)packed.text.data, packed.text.length, &err));
	assert_contains(err.text, "begins with \"just words\"");
	build_release(&packed);
}

static void packed_is_not_followed(void **state)
{
	const struct source_file_options options = { .follow = true };
	struct build b = { 0 }, packed = { 0 };
	struct error err = { "" };

	(void)state;
	build_many(&b);
	pack_gzip(b.text.data, b.text.length, &packed.text);
	build_save(&packed, "packed");
	assert_null(source_file_open("packed", &options, &err));
	assert_contains(err.text, "cannot be followed");
	build_release(&packed);
	build_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks),
		cmocka_unit_test(cut_gives_what_it_holds_and_an_error),
		cmocka_unit_test(damage_ends_it),
		cmocka_unit_test(packed_text_is_no_capture),
		cmocka_unit_test(packed_is_not_followed),
	};

	return cmocka_run_group_tests_name("packed", tests, enter_directory, leave_directory);
}
