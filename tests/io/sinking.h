/* SPDX-License-Identifier: BSD-2-Clause */
/* For the tests of sinks: saving a whole source, and a source that captures nothing but what the test gives. */
#pragma once

#include "build.h"

#include "base/mem.h"
#include "io/sink.h"

/* Everything that the source gives goes into the file. */
static inline void save_all(struct source *source, const char *path, const struct sink_options *options)
{
	struct error err = { "" };
	struct sink *sink = sink_open(path, source, options, &err);
	enum source_answer answer;
	struct frame frame;

	if (!sink)
		fail_msg("not opened: %s", err.text);
	while ((answer = source_next(source, &frame, &err)) > 0)
		if (sink_write(sink, &frame, &err))
			fail_msg("not written: %s", err.text);
	assert_int_equal(answer, SOURCE_END);
	if (sink_close(sink, &err))
		fail_msg("not closed: %s", err.text);
}

/* A live source of two interfaces, of which one counts. */
static inline enum source_answer fake_next(struct source *source, struct frame *frame, struct error *err)
{
	(void)source;
	(void)frame;
	(void)err;
	return SOURCE_AGAIN;
}

static inline void fake_stop(struct source *source)
{
	(void)source;
}

static inline void fake_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	(void)source;
	if (!interface)
		*out = (struct source_counters){ 100, 7, COUNTER_UNKNOWN };
}

static inline void fake_close(struct source *source)
{
	free(source);
}

static const struct source_ops fake_ops = {
	.name = "fake",
	.next = fake_next,
	.stop = fake_stop,
	.counters = fake_counters,
	.close = fake_close,
};

static inline struct source *fake_live(void)
{
	static const char *const names[] = { "eth0", "lo" };
	struct source *source = mem_new(1, sizeof *source);

	source->ops = &fake_ops;
	source->nanoseconds = true;
	for (size_t i = 0; i < 2; i++) {
		struct interface *interface = source_add_interface(source);

		interface->name = mem_copy_string(names[i]);
		interface->link = 1;
		interface->tsresol = 9;
	}
	return source;
}

/* A packet of the fake source; its octets are 0, 1, 2... */
static inline struct frame fake_frame(const struct source *source, uint64_t number, uint32_t length)
{
	static const uint8_t octets[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
		27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49,
		50, 51, 52, 53, 54,
	};

	assert_true(length <= sizeof octets);
	return (struct frame){
		.number = number,
		.time = 1700000000 * SECOND + (int64_t)number,
		.data = octets,
		.cap_length = length,
		.wire_length = length + 1,
		.link = 1,
		.has_time = true,
		.interface = source->interfaces[number & 1],
	};
}

/* Reads a file to its end, each frame as fake_frame() made it from `first` on. Returns how many there are. */
static inline unsigned count_frames(const char *path, uint64_t first)
{
	struct error err = { "" };
	struct source *source = source_file_open(path, NULL, &err);
	enum source_answer answer;
	struct frame frame;
	unsigned frames;

	if (!source)
		fail_msg("not read: %s", err.text);
	while ((answer = source_next(source, &frame, &err)) == SOURCE_FRAME) {
		assert_data(&frame);
		if (first && frame.time != 1700000000 * SECOND + (int64_t)(first + frame.number - 1))
			fail_msg("%s: packet %d is not the %dth", path, (int)frame.number, (int)first);
	}
	if (answer != SOURCE_END)
		fail_msg("not whole: %s", err.text);
	frames = (unsigned)source->frames;
	source_close(source);
	return frames;
}
