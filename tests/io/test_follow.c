/* SPDX-License-Identifier: BSD-2-Clause */
/* Capture files that grow while they are read. */
#include "build.h"

#include <poll.h>

#include "io/pcap.h"

static void build_records(struct build *b, unsigned records)
{
	build_pcap(b, PCAP_MAGIC, 1);
	for (unsigned i = 1; i <= records; i++)
		build_record(b, i, i, i, i);
}

static void append(const char *path, const struct build *b, size_t from, size_t to)
{
	int fd = open(path, O_WRONLY | O_APPEND);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, b->text.data + from, to - from), to - from);
	close(fd);
}

static bool wakes(const struct source *source)
{
	struct pollfd p = { .fd = source_fd(source), .events = POLLIN };

	assert_true(p.fd >= 0);
	return poll(&p, 1, 0) == 1;
}

/* The file grows octet by octet from nothing: every octet wakes, records come when they are whole. */
static void follows_octet_by_octet(const struct build *b, unsigned frames)
{
	const struct source_file_options options = { .follow = true };
	struct build empty = { 0 };
	struct source *source;
	struct frame frame;
	struct error err = { "" };
	unsigned seen = 0;

	build_save(&empty, "grows");
	source = source_file_open("grows", &options, &err);
	assert_non_null(source);
	for (size_t at = 0; at < b->text.length; at++) {
		enum source_answer answer;

		assert_int_equal(source_next(source, &frame, &err), SOURCE_AGAIN);
		assert_false(wakes(source));
		append("grows", b, at, at + 1);
		assert_true(wakes(source));
		answer = source_next(source, &frame, &err);
		if (answer == SOURCE_FRAME)
			assert_int_equal(frame.number, ++seen);
		else
			assert_int_equal(answer, SOURCE_AGAIN);
	}
	assert_int_equal(seen, frames);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_AGAIN);
	append("grows", b, 24, 30);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_AGAIN);
	source_stop(source);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_END);
	source_close(source);
}

static void follows_a_growing_file(void **state)
{
	struct build pcap = { 0 }, pcapng = { 0 };

	(void)state;
	build_records(&pcap, 6);
	follows_octet_by_octet(&pcap, 6);
	build_simple(&pcapng, 9, 6);
	follows_octet_by_octet(&pcapng, 6);
	build_release(&pcap);
	build_release(&pcapng);
}

static void following_what_becomes_shorter_ends(void **state)
{
	const struct source_file_options options = { .follow = true };
	struct build b = { 0 };
	struct source *source;
	struct frame frame;
	struct error err;

	(void)state;
	build_records(&b, 1);
	build_save(&b, "shrinks");
	source = source_file_open("shrinks", &options, &err);
	assert_non_null(source);
	assert_next(source, &frame);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_AGAIN);
	assert_int_equal(truncate("shrinks", 10), 0);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_ERROR);
	assert_contains(err.text, "made shorter");
	source_close(source);
	build_release(&b);
}

static void a_text_that_is_followed_is_refused(void **state)
{
	const struct source_file_options options = { .follow = true };
	struct build b = { 0 };
	struct source *source;
	struct frame frame;
	struct error err;

	(void)state;
	text_string(&b.text, "a text, ");
	build_save(&b, "text");
	source = source_file_open("text", &options, &err);
	assert_non_null(source);
	append("text", &b, 0, 8);
	append("text", &b, 0, 8);
	assert_int_equal(source_next(source, &frame, &err), SOURCE_ERROR);
	assert_contains(err.text, "text: not a capture file");
	assert_end(source);
	source_close(source);
	build_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_a_growing_file),
		cmocka_unit_test(following_what_becomes_shorter_ends),
		cmocka_unit_test(a_text_that_is_followed_is_refused),
	};

	return cmocka_run_group_tests_name("follow", tests, enter_directory, leave_directory);
}
