/* SPDX-License-Identifier: BSD-2-Clause */
/* When writing fails: the error says so, and the file is whole up to its last packet. */
#include "sinking.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

static const enum sink_format formats[] = { SINK_PCAPNG, SINK_PCAP };

/* Writes until it fails; returns how many packets the sink says the file holds. */
static unsigned fill(const char *path, enum sink_format format, bool unbuffered, struct error *err)
{
	struct sink_options options = { .format = format, .unbuffered = unbuffered, .directory = AT_FDCWD };
	struct source *source = fake_live();
	struct sink *sink = sink_open(path, source, &options, err);
	struct error again = { "" };
	unsigned packets = 0;
	int status = 0;

	if (!sink)
		fail_msg("%s", err->text);
	for (unsigned i = 1; !status && i < 100000; i++) {
		struct frame frame = fake_frame(source, i, 40 + i % 14);

		status = sink_write(sink, &frame, err);
	}
	assert_int_equal(status, -1);
	packets = (unsigned)sink_packets(sink);
	assert_int_equal(sink_flush(sink, &again), -1);
	assert_int_equal(sink_close(sink, &again), -1);
	assert_string_equal(again.text, err->text);
	source_close(source);
	return packets;
}

static void a_full_device(void **state)
{
	struct error err = { "" };
	struct sink_options options = { .format = SINK_PCAP, .directory = AT_FDCWD };
	struct frame frames[2];
	struct source *source = fake_live(), *list;
	struct sink *sink;

	(void)state;
	frames[0] = frames[1] = fake_frame(source, 1, 5);
	list = source_list_open(frames, 2);
	sink = sink_open("/dev/full", list, &options, &err);
	assert_non_null(sink);
	assert_int_equal(sink_write(sink, &frames[0], &err), 0);
	assert_int_equal(sink_close(sink, &err), -1);
	assert_string_equal(err.text, "/dev/full: the disk is full after 0 packets");
	source_close(list);
	/* A live capture says it before it begins. */
	assert_null(sink_open("/dev/full", source, &options, &err));
	assert_string_equal(err.text, "/dev/full: the disk is full after 0 packets");
	source_close(source);
}

/* The limit falls into the middle of a record: the kernel writes a part, and then no more. */
static void a_file_that_may_not_grow(void **state)
{
	struct rlimit before, limit;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	for (unsigned i = 0; i < 4; i++) {
		struct error err = { "" };
		char says[64];
		unsigned packets;

		limit = before;
		limit.rlim_cur = 700001 + 1000 * i;
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		packets = fill("limited", formats[i / 2], i & 1, &err);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		assert_in_range(packets, 5000, 20000);
		assert_int_equal(count_frames("limited", 1), packets);
		snprintf(says, sizeof says, "limited: the file may not grow any larger after %u packets", packets);
		assert_string_equal(err.text, says);
	}
}

static void fill_small_disk(void)
{
	for (unsigned i = 0; i < 4; i++) {
		struct error err = { "" };
		char says[64];
		unsigned packets = fill("small/file", formats[i / 2], i & 1, &err);

		assert_in_range(packets, 1000, 20000);
		assert_int_equal(count_frames("small/file", 1), packets);
		snprintf(says, sizeof says, "small/file: the disk is full after %u packets", packets);
		assert_string_equal(err.text, says);
		assert_int_equal(remove("small/file"), 0);
	}
}

static void a_full_disk(void **state)
{
	(void)state;
	assert_int_equal(system("mkdir -p small"), 0);
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "small", "tmpfs", 0, "size=400k")) {
		print_message("no right to mount a small disk: %s\n", strerror(errno));
		skip();
	}
	fill_small_disk();
	assert_int_equal(umount("small"), 0);
}

static void a_reader_that_goes_away(void **state)
{
	char path[32];
	struct error err = { "" };
	struct sink_options options = { .format = SINK_PCAPNG, .unbuffered = true, .directory = AT_FDCWD };
	struct source *source = fake_live();
	struct frame frame = fake_frame(source, 1, 5);
	struct sink *sink;
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof path, "/dev/fd/%d", ends[1]);
	sink = sink_open(path, source, &options, &err);
	assert_non_null(sink);
	assert_int_equal(sink_write(sink, &frame, &err), 0);
	close(ends[0]);
	assert_int_equal(sink_write(sink, &frame, &err), -1);
	assert_contains(err.text, ": the reader has gone away after 1 packets");
	assert_int_equal(sink_close(sink, &err), -1);
	close(ends[1]);
	source_close(source);
}

/* What is in the file before us stays: only our own part of a record is taken back. */
static void standard_output_that_is_appended_to(void **state)
{
	static const char before[] = "what was there";
	struct text after = { 0 };
	struct rlimit old, limit;
	struct error err = { "" };
	int saved = dup(STDOUT_FILENO), fd;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	fd = open("appended", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, before, sizeof before), sizeof before);
	close(fd);
	fd = open("appended", O_WRONLY | O_APPEND);
	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 5000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	fill("-", SINK_PCAP, true, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	assert_contains(err.text, "standard output: the file may not grow any larger");
	load_file("appended", &after);
	assert_in_range(after.length, 4900, 5000);
	assert_memory_equal(after.data, before, sizeof before);
	text_release(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_device),
		cmocka_unit_test(a_file_that_may_not_grow),
		cmocka_unit_test(a_full_disk),
		cmocka_unit_test(a_reader_that_goes_away),
		cmocka_unit_test(standard_output_that_is_appended_to),
	};

	return cmocka_run_group_tests_name("sink_full", tests, enter_directory, leave_directory);
}
