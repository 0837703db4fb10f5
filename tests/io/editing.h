/* SPDX-License-Identifier: BSD-2-Clause */
/* For the tests of the block editor: files put through it. */
#pragma once

#include "build.h"

#include "io/pcapng_edit.h"

/* Every block of the file through the editor; what came out, one behind the other. */
static inline void edit_all(const struct build *b, const struct pcapng_changes *changes, struct text *out)
{
	struct pcapng_editor *editor = pcapng_editor_new();
	struct source *source = build_open(b);
	struct error err = { "" };
	enum source_answer answer;
	struct frame frame;

	source->want_blocks = true;
	while ((answer = source_next(source, &frame, &err)) > 0) {
		if (pcapng_edit(editor, &frame, changes, &err))
			fail_msg("not edited: %s", err.text);
		if (frame.data)
			assert_true(frame.data > frame.block && frame.data < frame.block + frame.block_length);
		text_add(out, frame.block, frame.block_length);
	}
	assert_int_equal(answer, SOURCE_END);
	source_close(source);
	pcapng_editor_free(editor);
}

/* The first frame of the file, through the editor; what the editor answers. */
static inline int edit_first(const struct build *b, const struct pcapng_changes *changes, struct frame *frame,
		      struct error *err)
{
	struct pcapng_editor *editor = pcapng_editor_new();
	const struct pcapng_changes nothing = { 0 };
	struct source *source = build_open(b);
	struct frame before;
	int status;

	source->want_blocks = true;
	while (source_next(source, frame, err) == SOURCE_BLOCK)
		assert_int_equal(pcapng_edit(editor, frame, &nothing, err), 0);
	assert_non_null(frame->data);
	before = *frame;
	status = pcapng_edit(editor, frame, changes, err);
	if (status)
		assert_memory_equal(frame, &before, sizeof before);
	source_close(source);
	pcapng_editor_free(editor);
	return status;
}

static inline void edited_open(const struct build *b, const struct pcapng_changes *changes, struct text *out,
			struct source **source)
{
	struct error err = { "" };

	edit_all(b, changes, out);
	*source = source_memory_open((const uint8_t *)out->data, out->length, &err);
	if (!*source)
		fail_msg("not opened: %s", err.text);
}

static inline void refused(const struct build *b, const struct pcapng_changes *changes, const char *why)
{
	struct error err = { "" };
	struct frame frame;

	assert_int_equal(edit_first(b, changes, &frame, &err), -1);
	if (!strstr(err.text, why))
		fail_msg("not '%s': %s", why, err.text);
}

/* A packet with a comment and an option that nobody knows. */
static inline void one_packet(struct build *b, uint8_t resolution, uint64_t ticks)
{
	const bool swapped = b->swapped;

	build_release(b);
	b->swapped = swapped;
	build_section(b, UINT64_MAX);
	build_end(b);
	build_interface(b, 1, 0);
	build_option(b, 9, &resolution, 1);
	build_end(b);
	build_packet(b, 0, ticks, 5, 7);
	build_option(b, 1, "first", 5);
	build_option(b, 9999, "\0\1\2", 3);
	build_end(b);
}

static inline void assert_option(const struct frame *frame, uint32_t *at, uint16_t code, const char *value)
{
	const uint8_t *found;
	uint16_t found_code, length;

	assert_true(frame_option(frame, at, &found_code, &found, &length));
	assert_int_equal(found_code, code);
	assert_int_equal(length, strlen(value));
	assert_memory_equal(found, value, length);
}
