/* SPDX-License-Identifier: BSD-2-Clause */
/* Saving: pcap and pcapng, from files and live, one into the other, and pcapng copied bit for bit. */
#include "sinking.h"

#include "io/pcap.h"
#include "io/pcapng.h"

static const struct sink_options to_pcap = { .format = SINK_PCAP, .directory = AT_FDCWD };
static const struct sink_options to_pcapng = { .format = SINK_PCAPNG, .directory = AT_FDCWD, .application = "sonde" };

/* ------------------------------------------------------------------------------------------- conversions */

static void assert_same(struct source *a, struct source *b)
{
	struct frame fa, fb;
	struct error err;
	enum source_answer answer;

	while ((answer = source_next(a, &fa, &err)) == SOURCE_FRAME) {
		assert_next(b, &fb);
		assert_true(fa.time == fb.time && fa.has_time == fb.has_time && fa.number == fb.number);
		assert_int_equal(fa.cap_length, fb.cap_length);
		assert_int_equal(fa.wire_length, fb.wire_length);
		assert_int_equal(fa.link, fb.link);
		assert_memory_equal(fa.data, fb.data, fa.cap_length);
	}
	assert_int_equal(answer, SOURCE_END);
	assert_end(b);
}

static struct source *open_file(const char *path)
{
	struct error err = { "" };
	struct source *source = source_file_open(path, NULL, &err);

	if (!source)
		fail_msg("%s", err.text);
	return source;
}

static void round_trip(const struct build *b, const char *path, const struct sink_options *options)
{
	struct source *source = build_open(b), *saved;

	save_all(source, path, options);
	source_close(source);
	source = build_open(b);
	saved = open_file(path);
	assert_same(source, saved);
	source_close(source);
	source_close(saved);
}

static void build_sample(struct build *b, uint32_t magic, bool swapped)
{
	b->swapped = swapped;
	build_pcap(b, magic, 113);
	for (unsigned i = 0; i < 200; i++)
		build_record(b, 1700000000 + i, 999999 - i, i, 2 * i);
}

static void pcap_goes_into_both(void **state)
{
	static const uint32_t magics[] = { PCAP_MAGIC, PCAP_MAGIC_NANOSECONDS, PCAP_MAGIC_MODIFIED };

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		struct build b = { 0 };

		if (magics[i / 2] == PCAP_MAGIC_MODIFIED) {
			b.swapped = i & 1;
			build_pcap(&b, PCAP_MAGIC_MODIFIED, 1);
		} else {
			build_sample(&b, magics[i / 2], i & 1);
		}
		round_trip(&b, "out.pcap", &to_pcap);
		round_trip(&b, "out.pcapng", &to_pcapng);
		build_release(&b);
	}
}

static void plain_pcap_stays_the_same_file(void **state)
{
	struct build b = { 0 };
	struct text saved = { 0 };
	struct source *source;

	(void)state;
	build_sample(&b, PCAP_MAGIC, false);
	store32((uint8_t *)b.text.data + 16, CAPTURE_SNAPLEN, false);
	source = build_open(&b);
	save_all(source, "same.pcap", &to_pcap);
	source_close(source);
	load_file("same.pcap", &saved);
	assert_int_equal(saved.length, b.text.length);
	assert_memory_equal(saved.data, b.text.data, saved.length);
	text_release(&saved);
	build_release(&b);
}

static void empty_captures_keep_their_link_type(void **state)
{
	struct build b = { 0 };
	struct source *source, *saved;

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 113);
	source = build_open(&b);
	save_all(source, "empty.pcapng", &to_pcapng);
	source_close(source);
	source = open_file("empty.pcapng");
	save_all(source, "empty.pcap", &to_pcap);
	source_close(source);
	saved = open_file("empty.pcap");
	assert_end(saved);
	assert_int_equal(saved->interfaces[0]->link, 113);
	source_close(saved);
	build_release(&b);
}

static void pcapng_goes_into_pcap(void **state)
{
	struct build b = { 0 };
	struct text saved = { 0 };

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		b.swapped = i;
		build_simple(&b, i ? 6 : 9, 30);
		round_trip(&b, "out.pcap", &to_pcap);
		load_file("out.pcap", &saved);
		assert_int_equal(load32((uint8_t *)saved.data, false), i ? PCAP_MAGIC : PCAP_MAGIC_NANOSECONDS);
		text_release(&saved);
		build_release(&b);
	}
}

static void two_link_types_do_not_fit_into_pcap(void **state)
{
	struct build b = { 0 };
	struct error err = { "" };
	struct source *source;
	struct sink *sink;
	struct frame frame;

	(void)state;
	build_simple(&b, 6, 2);
	build_interface(&b, 101, 0);
	build_end(&b);
	build_packet(&b, 1, 5, 5, 5);
	build_end(&b);
	source = build_open(&b);
	sink = sink_open("two.pcap", source, &to_pcap, &err);
	for (unsigned i = 0; i < 2; i++) {
		assert_next(source, &frame);
		assert_int_equal(sink_write(sink, &frame, &err), 0);
	}
	assert_next(source, &frame);
	assert_int_equal(sink_write(sink, &frame, &err), -1);
	assert_contains(err.text, "two.pcap: packet 3 has link type 101");
	assert_int_equal(sink_packets(sink), 2);
	assert_int_equal(sink_close(sink, &err), 0);
	source_close(source);
	assert_int_equal(count_frames("two.pcap", 0), 2);
	build_release(&b);
}

static void times_that_a_format_cannot_say(void **state)
{
	static const struct {
		const struct sink_options *options;
		int64_t time;
		int status;
	} rows[] = {
		{ &to_pcap, -1, -1 },
		{ &to_pcap, 4294967295 * SECOND + 999999999, 0 },
		{ &to_pcap, 4294967296 * SECOND, -1 },
		{ &to_pcapng, -1, -1 },
		{ &to_pcapng, 4294967296 * SECOND, 0 },
		{ &to_pcapng, INT64_MAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct source *source = fake_live();
		struct frame frame = fake_frame(source, 0, 5);
		struct error err = { "" };
		struct sink *sink = sink_open("times", source, rows[i].options, &err);

		frame.time = rows[i].time;
		assert_int_equal(sink_write(sink, &frame, &err), rows[i].status);
		assert_int_equal(sink_packets(sink), rows[i].status + 1);
		assert_int_equal(sink_close(sink, &err), 0);
		source_close(source);
		source = open_file("times");
		if (!rows[i].status) {
			assert_next(source, &frame);
			assert_true(frame.time == rows[i].time);
		}
		assert_end(source);
		source_close(source);
	}
}

/* ------------------------------------------------------------------------------------------- live */

static void live_pcapng_says_everything(void **state)
{
	struct sink_options options = to_pcapng;
	struct source *source = fake_live(), *saved;
	struct source_counters counters;
	struct error err = { "" };
	struct frame frame;
	struct sink *sink;

	(void)state;
	options.capture_filter = "udp";
	options.comment = "lab 3";
	sink = sink_open("live.pcapng", source, &options, &err);
	assert_non_null(sink);
	saved = open_file("live.pcapng");
	assert_end(saved);
	assert_int_equal(saved->interface_count, 2);
	source_close(saved);
	for (unsigned i = 0; i < 10; i++) {
		frame = fake_frame(source, i, i);
		frame.has_flags = i > 4;
		frame.flags = FRAME_OUT | FRAME_CHECKSUM_NOT_READY;
		frame.has_drops = i > 6;
		frame.drops_before = i;
		assert_int_equal(sink_write(sink, &frame, &err), 0);
	}
	assert_int_equal(sink_packets(sink), 10);
	assert_int_equal(sink_close(sink, &err), 0);
	saved = open_file("live.pcapng");
	for (unsigned i = 0; i < 10; i++) {
		assert_next(saved, &frame);
		assert_true(frame.time == 1700000000 * SECOND + i && frame.wire_length == i + 1);
		assert_int_equal(frame.cap_length, i);
		assert_string_equal(frame.interface->name, i & 1 ? "lo" : "eth0");
		assert_string_equal(frame.interface->filter, "udp");
		assert_int_equal(frame.has_flags, i > 4);
		assert_int_equal(frame.flags, i > 4 ? FRAME_OUT | FRAME_CHECKSUM_NOT_READY : 0);
		assert_int_equal(frame.has_drops, i > 6);
		assert_int_equal(frame.drops_before, i > 6 ? i : 0);
	}
	assert_end(saved);
	source_counters(saved, 0, &counters);
	assert_true(counters.received == 100 && counters.dropped == 7 && counters.interface_dropped == COUNTER_UNKNOWN);
	source_counters(saved, 1, &counters);
	assert_true(counters.received == COUNTER_UNKNOWN && counters.dropped == COUNTER_UNKNOWN);
	source_close(saved);
	source_close(source);
}

/* The numbers of an interface statistics block: its options, by code. */
static uint64_t statistic(const struct frame *block, uint16_t wanted)
{
	struct frame list = { .options = block->block + 20, .options_length = block->block_length - 24 };
	uint32_t at = 0;
	uint16_t code, length;
	const uint8_t *value;

	while (frame_option(&list, &at, &code, &value, &length))
		if (code == wanted)
			return frame_option_uint(&list, value, length);
	return COUNTER_UNKNOWN;
}

static void statistics_leave_out_what_is_not_known(void **state)
{
	(void)state;
	for (unsigned filtered = 0; filtered < 2; filtered++) {
		struct sink_options options = to_pcapng;
		struct source *source = fake_live(), *saved;
		struct error err = { "" };
		struct frame frame = fake_frame(source, 1, 9);
		unsigned seen = 0;
		struct sink *sink;

		options.capture_filter = filtered ? "udp" : NULL;
		sink = sink_open("isb.pcapng", source, &options, &err);
		assert_int_equal(sink_write(sink, &frame, &err), 0);
		assert_int_equal(sink_close(sink, &err), 0);
		source_close(source);
		saved = open_file("isb.pcapng");
		saved->want_blocks = true;
		while (source_next(saved, &frame, &err) > 0) {
			if (frame.data || load32(frame.block, false) != BLOCK_STATISTICS)
				continue;
			assert_int_equal(load32(frame.block + 8, false), seen);
			assert_int_equal(statistic(&frame, STATISTICS_RECEIVED),
					 seen || filtered ? COUNTER_UNKNOWN : 100);
			assert_int_equal(statistic(&frame, STATISTICS_FILTER_ACCEPT), seen ? COUNTER_UNKNOWN : 100);
			assert_int_equal(statistic(&frame, STATISTICS_OS_DROPPED), seen ? COUNTER_UNKNOWN : 7);
			assert_true(statistic(&frame, STATISTICS_DROPPED) == COUNTER_UNKNOWN);
			assert_int_equal(statistic(&frame, STATISTICS_DELIVERED), seen);
			assert_true(statistic(&frame, STATISTICS_START) != COUNTER_UNKNOWN);
			assert_true(statistic(&frame, STATISTICS_END) != COUNTER_UNKNOWN);
			seen++;
		}
		assert_int_equal(seen, 2);
		source_close(saved);
	}
}

static void unbuffered_is_in_the_file_at_once(void **state)
{
	struct sink_options options = to_pcap;
	struct source *source = fake_live();
	struct error err = { "" };
	struct sink *sink;

	(void)state;
	options.unbuffered = true;
	sink = sink_open("now.pcap", source, &options, &err);
	for (unsigned i = 0; i < 5; i++) {
		struct frame frame = fake_frame(source, i + 1, 20 + i);

		assert_int_equal(count_frames("now.pcap", 1), i);
		assert_int_equal(sink_write(sink, &frame, &err), 0);
	}
	assert_int_equal(sink_bytes(sink), 24 + 5 * 16 + 20 + 21 + 22 + 23 + 24);
	assert_int_equal(sink_close(sink, &err), 0);
	assert_int_equal(count_frames("now.pcap", 1), 5);
	source_close(source);
}

static void a_file_is_not_written_over_itself(void **state)
{
	struct build b = { 0 };
	struct error err = { "" };
	struct source *source;

	(void)state;
	build_sample(&b, PCAP_MAGIC, false);
	build_save(&b, "self.pcap");
	source = open_file("self.pcap");
	assert_null(sink_open("./self.pcap", source, &to_pcap, &err));
	assert_contains(err.text, "this file is being read");
	source_close(source);
	assert_int_equal(count_frames("self.pcap", 0), 200);
	build_release(&b);
}

static void relative_to_a_directory(void **state)
{
	struct sink_options options = to_pcap;
	struct source *source = fake_live();
	struct error err = { "" };

	(void)state;
	assert_int_equal(system("mkdir below"), 0);
	options.directory = open("below", O_RDONLY | O_DIRECTORY);
	assert_true(options.directory >= 0);
	assert_int_equal(sink_close(sink_open("inside.pcap", source, &options, &err), &err), 0);
	assert_int_equal(count_frames("below/inside.pcap", 0), 0);
	assert_null(sink_open("none/inside.pcap", source, &options, &err));
	assert_string_equal(err.text, "none/inside.pcap: cannot write: No such file or directory");
	close(options.directory);
	source_close(source);
}

/* Packets longer than the sink's buffer. */
static void long_packets(void **state)
{
	struct build b = { 0 };

	(void)state;
	build_pcap(&b, PCAP_MAGIC, 1);
	for (unsigned i = 0; i < 3; i++) {
		build_record(&b, 1, 2, 1 << (20 + 2 * i), 1);
		build_record(&b, 1, 2, 100000, 1);
	}
	round_trip(&b, "long.pcap", &to_pcap);
	round_trip(&b, "long.pcapng", &to_pcapng);
	build_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcap_goes_into_both),
		cmocka_unit_test(plain_pcap_stays_the_same_file),
		cmocka_unit_test(empty_captures_keep_their_link_type),
		cmocka_unit_test(pcapng_goes_into_pcap),
		cmocka_unit_test(two_link_types_do_not_fit_into_pcap),
		cmocka_unit_test(times_that_a_format_cannot_say),
		cmocka_unit_test(live_pcapng_says_everything),
		cmocka_unit_test(statistics_leave_out_what_is_not_known),
		cmocka_unit_test(unbuffered_is_in_the_file_at_once),
		cmocka_unit_test(a_file_is_not_written_over_itself),
		cmocka_unit_test(relative_to_a_directory),
		cmocka_unit_test(long_packets),
	};

	return cmocka_run_group_tests_name("sink", tests, enter_directory, leave_directory);
}
