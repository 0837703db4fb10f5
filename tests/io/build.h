/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures made in memory, octet by octet, in either byte order. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "io/octets.h"
#include "io/source.h"

struct build {
	struct text text;
	bool swapped;
	size_t block;  /* where the block at hand begins */
};

#define SECOND INT64_C(1000000000)

static inline void build_release(struct build *b)
{
	text_release(&b->text);
	*b = (struct build){ 0 };
}

static inline void build16(struct build *b, uint16_t value)
{
	store16((uint8_t *)text_room(&b->text, 2), value, b->swapped);
	b->text.length += 2;
}

static inline void build32(struct build *b, uint32_t value)
{
	store32((uint8_t *)text_room(&b->text, 4), value, b->swapped);
	b->text.length += 4;
}

static inline void build64(struct build *b, uint64_t value)
{
	store64((uint8_t *)text_room(&b->text, 8), value, b->swapped);
	b->text.length += 8;
}

/* `length` octets 0, 1, 2... and zeros up to a multiple of `multiple`. */
static inline void build_data(struct build *b, uint32_t length, uint32_t multiple)
{
	for (uint32_t i = 0; i < length; i++)
		text_char(&b->text, (char)i);
	while (length++ % multiple)
		text_char(&b->text, '\0');
}

/* ------------------------------------------------------------------------------------------- pcap */

static inline void build_pcap(struct build *b, uint32_t magic, uint32_t link)
{
	build32(b, magic);
	build16(b, 2);
	build16(b, 4);
	build32(b, 0);
	build32(b, 0);
	build32(b, 65535);
	build32(b, link);
}

static inline void build_record(struct build *b, uint32_t seconds, uint32_t fraction, uint32_t cap, uint32_t wire)
{
	build32(b, seconds);
	build32(b, fraction);
	build32(b, cap);
	build32(b, wire);
	build_data(b, cap, 1);
}

/* ------------------------------------------------------------------------------------------- pcapng */

static inline void build_begin(struct build *b, uint32_t type)
{
	b->block = b->text.length;
	build32(b, type);
	build32(b, 0);
}

static inline void build_end(struct build *b)
{
	uint32_t length = (uint32_t)(b->text.length - b->block) + 4;

	store32((uint8_t *)b->text.data + b->block + 4, length, b->swapped);
	build32(b, length);
}

static inline void build_option(struct build *b, uint16_t code, const void *value, uint16_t length)
{
	static const char zeros[4];

	build16(b, code);
	build16(b, length);
	if (length)
		text_add(&b->text, value, length);
	text_add(&b->text, zeros, (size_t)(-length & 3));
}

static inline void build_option32(struct build *b, uint16_t code, uint32_t value)
{
	build16(b, code);
	build16(b, 4);
	build32(b, value);
}

static inline void build_option64(struct build *b, uint16_t code, uint64_t value)
{
	build16(b, code);
	build16(b, 8);
	build64(b, value);
}

/* The blocks up to their options; close them with build_end. */
static inline void build_section(struct build *b, uint64_t length)
{
	build_begin(b, 0x0a0d0d0a);
	build32(b, 0x1a2b3c4d);
	build16(b, 1);
	build16(b, 0);
	build64(b, length);
}

static inline void build_interface(struct build *b, uint16_t link, uint32_t snaplen)
{
	build_begin(b, 1);
	build16(b, link);
	build16(b, 0);
	build32(b, snaplen);
}

static inline void build_packet(struct build *b, uint32_t interface, uint64_t ticks, uint32_t cap, uint32_t wire)
{
	build_begin(b, 6);
	build32(b, interface);
	build32(b, (uint32_t)(ticks >> 32));
	build32(b, (uint32_t)ticks);
	build32(b, cap);
	build32(b, wire);
	build_data(b, cap, 4);
}

/* A section, an interface with its resolution, and packets of 1, 2, 3... octets. */
static inline void build_simple(struct build *b, uint8_t resolution, unsigned packets)
{
	build_section(b, UINT64_MAX);
	build_end(b);
	build_interface(b, 1, 0);
	build_option(b, 9, &resolution, 1);
	build_end(b);
	for (unsigned i = 1; i <= packets; i++) {
		build_packet(b, 0, i, i, i + 1);
		build_end(b);
	}
}

static inline void build_others(struct build *b)
{
	static const uint32_t types[] = { 4, 0xa, 0xbad, 0x40000bad, 0x80000001, 0x12345678, 9 };

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		build_begin(b, types[i]);
		build_data(b, (uint32_t)(4 * i), 4);
		build_end(b);
	}
}

/* Two sections of different byte order, interfaces between packets, wrong section lengths, blocks not known. */
static inline void build_everything(struct build *b)
{
	for (unsigned section = 0; section < 4; section++) {
		b->swapped = section & 1;
		build_section(b, section < 2 ? UINT64_MAX : 12);
		build_option(b, 4, "a test", 6);
		build_end(b);
		build_others(b);
		build_interface(b, (uint16_t)(1 + section), 0);
		build_end(b);
		build_packet(b, 0, 1000, 5, 5);
		build_end(b);
		build_interface(b, 101, 0);
		build_option(b, 2, "second", 6);
		build_end(b);
		build_packet(b, 1, 2000, 6, 6);
		build_end(b);
		build_others(b);
		build_packet(b, 0, 3000, 7, 7);
		build_end(b);
		build_begin(b, 5);
		build32(b, 1);
		build64(b, 0);
		build_option64(b, 4, 100 + section);
		build_option64(b, 7, 3);
		build_end(b);
	}
}

/* ------------------------------------------------------------------------------------------- using them */

/* From an allocation of its own length, so that a sanitizer sees every step too far. The caller frees *copy. */
static inline struct source *build_open_part(const struct build *b, size_t length, uint8_t **copy, struct error *err)
{
	*copy = malloc(length ? length : 1);
	assert_non_null(*copy);
	memcpy(*copy, b->text.data, length);
	return source_memory_open(*copy, length, err);
}

static inline struct source *build_open(const struct build *b)
{
	struct error err = { "" };
	struct source *source = source_memory_open((const uint8_t *)b->text.data, b->text.length, &err);

	if (!source)
		fail_msg("refused: %s", err.text);
	return source;
}

static inline void assert_data(const struct frame *frame)
{
	for (uint32_t i = 0; i < frame->cap_length; i++)
		assert_int_equal(frame->data[i], (uint8_t)i);
}

static inline void assert_contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' does not say '%s'", text, part);
}

static inline void assert_next(struct source *source, struct frame *frame)
{
	struct error err = { "" };
	enum source_answer answer = source_next(source, frame, &err);

	if (answer != SOURCE_FRAME)
		fail_msg("answer %d instead of a frame: %s", (int)answer, err.text);
}

static inline void assert_end(struct source *source)
{
	struct frame frame;
	struct error err = { "" };
	enum source_answer answer = source_next(source, &frame, &err);

	if (answer != SOURCE_END)
		fail_msg("answer %d instead of the end: %s", (int)answer, err.text);
}

/* A file of the test's own directory. */
static inline void build_save(const struct build *b, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, b->text.data, b->text.length), b->text.length);
	close(fd);
}

static inline void load_file(const char *path, struct text *out)
{
	int fd = open(path, O_RDONLY);
	ssize_t n;

	assert_true(fd >= 0);
	while ((n = read(fd, text_room(out, 65536), 65536)) > 0)
		out->length += (size_t)n;
	assert_int_equal(n, 0);
	close(fd);
}

/* A directory that the tests of a program work in; left and removed at their end. */
static inline int enter_directory(void **state)
{
	static const char template[] = "/tmp/sonde-test-XXXXXX";
	char *path = malloc(sizeof template);

	memcpy(path, template, sizeof template);
	*state = path;
	return !mkdtemp(path) || chdir(path);
}

static inline int leave_directory(void **state)
{
	char *path = *state;
	struct text command = { 0 };
	int status;

	text_format(&command, "rm -r %s", path);
	text_char(&command, '\0');
	status = chdir("/") || system(command.data);
	text_release(&command);
	free(path);
	return status;
}
